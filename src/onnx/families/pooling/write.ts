import type { Shape } from '../../../core/shape.ts';
import { along, type WindowAttributes, type WindowAxis, windowAxes } from '../../../operators/kit/window.ts';
import { charge } from '../../../problems/allowance.ts';
import { fail } from '../../../problems/problem.ts';
import type { OnnxOutput } from '../../file/proto.ts';
import { computed } from '../../write/computed.ts';
import type { LayerWriter } from '../../write/emission.ts';
import { cast, concatenated, sliced } from '../../write/shaping.ts';
import { dilationsOf, windowAttributes } from '../products/write.ts';

type Sliding = WindowAttributes & { readonly countpad?: boolean };
type MaximumPool = WindowAttributes & { readonly places: boolean; readonly columns: boolean };

/** Enough padding after that the last window of ceil mode fits, since frameworks differ in which windows that mode has. */
const roomy = (axis: WindowAxis): WindowAxis => ({
  ...axis,
  after: Math.max(axis.after, (axis.out - 1) * axis.stride + axis.span - axis.size - axis.before),
});

const slidingAxes = (operator: string, a: Sliding, x: Shape): WindowAxis[] =>
  windowAxes(operator, { ...a, stride: a.stride ?? a.kernel }, x);

/** onnxruntime refuses padding of the size of the kernel, which a dilated window can have: then it is a layer of its own. */
export function maximumPool(writer: LayerWriter, a: MaximumPool): OnnxOutput | OnnxOutput[] {
  const [x] = writer.inputs as [OnnxOutput];
  const axes = slidingAxes('maxpool', a, x.shape).map(roomy);
  const output = writer.outputs[0] as Shape;
  if (axes.every(({ kernel, before, after }) => Math.max(before, after) < kernel)) {
    const attributes = { ...windowAttributes(axes), ...dilationsOf(axes), ...(a.columns && { storage_order: { int: 1 } }) };
    if (!a.places) return writer.node('MaxPool', [x], output, attributes);
    const [y, places] = writer.nodes('MaxPool', [x], writer.outputs, attributes, ['float32', 'int64']) as [OnnxOutput, OnnxOutput];
    return [y, cast(writer, places, 'float32')];
  }
  if (a.places) throw fail('NOT_EXPORTABLE', { operator: 'MaxPool with indices, padded by its kernel' });
  const pads = [0, 0, ...axes.map(({ before }) => before), 0, 0, ...axes.map(({ after }) => after)];
  const shape = x.shape.map((size, axis) => size + (axes[axis - 2]?.before ?? 0) + (axes[axis - 2]?.after ?? 0));
  const padded = writer.node('Pad', [x, writer.ints(...pads), writer.number(Number.NEGATIVE_INFINITY)], shape);
  const unpadded = axes.map((axis) => ({ ...axis, before: 0, after: 0 }));
  return writer.node('MaxPool', [padded], output, { ...windowAttributes(unpadded), ...dilationsOf(unpadded) });
}

/** Of the taps of every window along an axis, how many count for the mean where padding does. */
const countedAlong = ({ size, kernel, stride, before, after, out }: WindowAxis): number[] =>
  computed(out, (position) => {
    const end = Math.min(position * stride + kernel, before + size + after);
    return end - position * stride;
  });

/** Whether the last window of an axis reaches past its padding. */
const hangsOver = ({ size, kernel, stride, before, after, out }: WindowAxis): boolean =>
  (out - 1) * stride + kernel > before + size + after;

export function averagePool(writer: LayerWriter, a: Sliding): OnnxOutput {
  const [x] = writer.inputs as [OnnxOutput];
  const axes = slidingAxes('avgpool', a, x.shape);
  const output = writer.outputs[0] as Shape;
  const countpad = a.countpad ?? true;
  const means = writer.node('AveragePool', [x], output, {
    ...windowAttributes(axes.map(roomy)),
    count_include_pad: { int: countpad ? 1 : 0 },
  });
  if (!countpad || !axes.some(hangsOver)) return means;
  charge(
    'elements',
    axes.reduce((total, { out }) => total * out, 1),
  );
  const counted = axes.map(countedAlong);
  // What hangs over in ceil mode is no padding, and does not count: each mean is corrected by kernel / counted.
  const factors = counted.reduce<number[]>(
    (all, counts, axis) => all.flatMap((one) => counts.map((count) => (one * (axes[axis]?.kernel as number)) / count)),
    [1],
  );
  return writer.node('Mul', [means, writer.numbers([1, 1, ...output.slice(2)], factors)], output);
}

interface Span {
  readonly from: number;
  readonly to: number;
}

function spansOf(size: number, out: number): Span[] {
  charge('elements', out);
  return Array.from({ length: out }, (_, i) => ({ from: Math.floor((i * size) / out), to: Math.ceil(((i + 1) * size) / out) }));
}

/** The kernel and the stride of windows that are all alike; `undefined` where they are not. */
function uniform(spans: readonly Span[]): { readonly kernel: number; readonly stride: number } | undefined {
  const [first, second] = spans as [Span, Span?];
  const [kernel, stride] = [first.to, second?.from ?? 1];
  return spans.every(({ from, to }, i) => from === i * stride && to === from + kernel) && stride > 0 ? { kernel, stride } : undefined;
}

/** One pool where windows are alike, as they are where sizes divide; else slices, axis by axis. */
export const adaptivePool =
  (pool: 'AveragePool' | 'MaxPool', reduction: 'ReduceMean' | 'ReduceMax') =>
  (writer: LayerWriter, { size }: { readonly size: number | readonly number[] }): OnnxOutput => {
    const [x] = writer.inputs as [OnnxOutput];
    const spatial = x.shape.slice(2);
    const spans = spatial.map((from, axis) => spansOf(from, along('size', size, axis, spatial.length)));
    const windows = spans.map(uniform);
    if (windows.every((window) => window !== undefined))
      return writer.node(pool, [x], writer.outputs[0] as Shape, {
        kernel_shape: { ints: windows.map(({ kernel }) => kernel) },
        strides: { ints: windows.map(({ stride }) => stride) },
      });
    return spans.reduce((result, parts, index) => {
      const axis = index + 2;
      const reduced = parts.map(({ from, to }) => {
        const part = sliced(writer, result, axis, from, to);
        return writer.node(reduction, [part], part.shape.with(axis, 1), { axes: { ints: [axis] }, keepdims: { int: 1 } });
      });
      return concatenated(writer, reduced, axis, result.shape.with(axis, parts.length));
    }, x);
  };
