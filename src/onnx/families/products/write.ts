import type { Shape } from '../../../core/shape.ts';
import { along, spatialWindow, type WindowAttributes, type WindowAxis, windowAxes } from '../../../operators/kit/window.ts';
import type { OnnxOutput } from '../../file/proto.ts';
import type { Attributes, LayerWriter } from '../../write/emission.ts';
import { perChannel, reshaped, transposed } from '../../write/shaping.ts';

/** What a window does, as attributes of ONNX. */
export const windowAttributes = (axes: readonly WindowAxis[]): Attributes => ({
  kernel_shape: { ints: axes.map(({ kernel }) => kernel) },
  strides: { ints: axes.map(({ stride }) => stride) },
  pads: { ints: [...axes.map(({ before }) => before), ...axes.map(({ after }) => after)] },
});

export const dilationsOf = (axes: readonly WindowAxis[]): Attributes => ({ dilations: { ints: axes.map(({ dilation }) => dilation) } });

type Convolution = WindowAttributes & { readonly groups: number };

export function convolution(writer: LayerWriter, a: Convolution): OnnxOutput {
  const [x] = writer.inputs as [OnnxOutput];
  const axes = windowAxes('conv', a, x.shape);
  const { kernel, bias } = writer.weights;
  const inputs = bias === undefined ? [x, kernel] : [x, kernel, bias];
  return writer.node('Conv', inputs, writer.outputs[0] as Shape, {
    ...windowAttributes(axes),
    ...dilationsOf(axes),
    group: { int: a.groups },
  });
}

type Slid = Omit<Convolution, 'kernel'>;

/** Where each of the batch has its own filters, the batch is among the groups. */
export function dynamicConvolution(writer: LayerWriter, a: Slid): OnnxOutput {
  const [x, kernel, bias] = writer.inputs as [OnnxOutput, OnnxOutput, OnnxOutput?];
  const output = writer.outputs[0] as Shape;
  const [n, channels, ...sizes] = x.shape as [number, number, ...number[]];
  const isOwn = kernel.shape.length > x.shape.length;
  const [out, perGroup, ...taps] = kernel.shape.slice(isOwn ? 1 : 0) as [number, number, ...number[]];
  const axes = windowAxes('conv', { ...a, kernel: taps }, x.shape);
  const attributes = { ...windowAttributes(axes), ...dilationsOf(axes), group: { int: isOwn ? n * a.groups : a.groups } };
  if (!isOwn && bias?.shape.length !== 2)
    return writer.node('Conv', bias === undefined ? [x, kernel] : [x, kernel, bias], output, attributes);
  const [images, filters] = isOwn
    ? [reshaped(writer, x, [1, n * channels, ...sizes]), reshaped(writer, kernel, [n * out, perGroup, ...taps])]
    : [x, kernel];
  const made = writer.node('Conv', [images, filters], isOwn ? [1, n * out, ...output.slice(2)] : output, attributes);
  const apart = isOwn ? reshaped(writer, made, output) : made;
  if (bias === undefined) return apart;
  const added = reshaped(writer, bias, [...(bias.shape.length === 2 ? [n] : []), out, ...taps.map(() => 1)]);
  return writer.node('Add', [apart, added], output);
}

type Transposed = Convolution & { readonly outputpadding: number | readonly number[] };

/** onnxruntime refuses output padding that is not less than the stride: it is zeros behind the output, to which the bias is added. */
export function transposedConvolution(writer: LayerWriter, a: Transposed): OnnxOutput {
  const [x] = writer.inputs as [OnnxOutput];
  const output = writer.outputs[0] as Shape;
  const axes = spatialWindow('convtranspose', a, x.shape, () => 1);
  const extra = axes.map((_, axis) => along('outputpadding', a.outputpadding, axis, axes.length));
  const { kernel, bias } = writer.weights;
  const attributes = { ...dilationsOf(axes), group: { int: a.groups } };
  if (axes.every(({ stride }, axis) => (extra[axis] as number) < stride)) {
    const inputs = bias === undefined ? [x, kernel] : [x, kernel, bias];
    return writer.node('ConvTranspose', inputs, output, { ...windowAttributes(axes), ...attributes, output_padding: { ints: extra } });
  }
  // What the padding crops and what is added behind cancel out first.
  const net = axes.map((axis, i) => ({ ...axis, after: Math.max(axis.after - (extra[i] as number), 0) }));
  const behind = axes.map(({ after }, i) => Math.max((extra[i] as number) - after, 0));
  const shape = output.map((size, axis) => size - (behind[axis - 2] ?? 0));
  const narrow = writer.node('ConvTranspose', [x, kernel], shape, { ...windowAttributes(net), ...attributes });
  const whole = writer.node('Pad', [narrow, writer.ints(0, 0, ...behind.map(() => 0), 0, 0, ...behind)], output);
  return bias === undefined ? whole : writer.node('Add', [whole, perChannel(writer, bias, output.length)], output);
}

/** Every vector along the last axis times a matrix `[out, in]`, plus a bias. */
export function projected(writer: LayerWriter, x: OnnxOutput, matrix: OnnxOutput, bias: OnnxOutput | undefined): OnnxOutput {
  const shape = [...x.shape.slice(0, -1), matrix.shape[0] as number];
  if (x.shape.length === 2) return writer.node('Gemm', bias === undefined ? [x, matrix] : [x, matrix, bias], shape, { transB: { int: 1 } });
  const product = writer.node('MatMul', [x, transposed(writer, matrix, [1, 0])], shape);
  return bias === undefined ? product : writer.node('Add', [product, bias], shape);
}

export function matrixProduct(writer: LayerWriter, { transpose }: { readonly transpose: boolean }): OnnxOutput {
  const [a, b] = writer.inputs as [OnnxOutput, OnnxOutput];
  const axes = [...b.shape.keys()];
  const second = transpose ? transposed(writer, b, [...axes.slice(0, -2), ...axes.slice(-2).reverse()]) : b;
  return writer.node('MatMul', [a, second], writer.outputs[0] as Shape);
}

export function einsum(writer: LayerWriter, { equation }: { readonly equation: string }): OnnxOutput {
  const output = writer.outputs[0] as Shape;
  const isScalar = /->\s*$/.test(equation);
  const result = writer.node('Einsum', writer.inputs, isScalar ? [] : output, { equation: { text: equation } });
  return isScalar ? reshaped(writer, result, output) : result;
}

/** `[n, positions, dim]` as `[n, heads, positions, dim / heads]`. */
function perHead(writer: LayerWriter, x: OnnxOutput, heads: number): OnnxOutput {
  const [n, positions, dim] = x.shape as [number, number, number];
  return transposed(writer, reshaped(writer, x, [n, positions, heads, dim / heads]), [0, 2, 1, 3]);
}

export function attention(writer: LayerWriter, { heads }: { readonly heads: number }): OnnxOutput {
  const { inputs, weights } = writer;
  const [first, second = first, third = second] = inputs as [OnnxOutput, ...OnnxOutput[]];
  const through = (x: OnnxOutput, role: string): OnnxOutput => projected(writer, x, weights[role] as OnnxOutput, weights[`${role} bias`]);
  const thirds = (): readonly OnnxOutput[] => {
    const together = through(first, 'in');
    const part = together.shape.with(2, (together.shape[2] as number) / 3);
    return writer.nodes('Split', [together], [part, part, part], { axis: { int: 2 } });
  };
  const three = inputs.length === 1 ? thirds() : [through(first, 'query'), through(second, 'key'), through(third, 'value')];
  const [query, key, values] = three.map((part) => perHead(writer, part, heads)) as [OnnxOutput, OnnxOutput, OnnxOutput];
  const [n, , queries, width] = query.shape as [number, number, number, number];
  const pairs = [n, heads, queries, key.shape[2] as number];
  const scores = writer.node('MatMul', [query, transposed(writer, key, [0, 1, 3, 2])], pairs);
  const scaled = writer.node('Mul', [scores, writer.number(1 / Math.sqrt(width))], pairs);
  const shares = writer.node('Softmax', [scaled], pairs, { axis: { int: 3 } });
  const mixed = writer.node('MatMul', [shares, values], [n, heads, queries, width]);
  return through(reshaped(writer, transposed(writer, mixed, [0, 2, 1, 3]), [n, queries, heads * width]), 'out');
}
