import { elements as countElements, type Shape, sameShape } from '../../../core/shape.ts';
import { fail } from '../../../problems/problem.ts';
import type { OnnxNode } from '../../file/model.ts';
import {
  broadcastAll,
  broken,
  type Call,
  choice,
  decimal,
  has,
  input,
  int,
  ints,
  type ReadRule,
  type ReadRules,
  textAttribute,
} from '../../read/call.ts';
import { filled, reshapedTo } from '../../read/layers.ts';
import { numberIn, type ReadValue, reordered } from '../../read/value.ts';
import { AUTOMATIC_NAMES, paddingOf, readWindow } from '../../read/window.ts';
import { joinedBy } from '../elementwise/read.ts';
import { deformable } from './deformable.ts';

/** Convolution of the two, with a bias if there is one. */
function convolution(call: Call, x: ReadValue, kernel: ReadValue, bias: ReadValue | undefined): ReadValue[] {
  const [out, perGroup, ...taps] = kernel.shape as [number, number, ...number[]];
  const groups = int(call.node, 'group') ?? 1;
  const stated = ints(call.node, 'kernel_shape') ?? taps;
  if (!sameShape(stated, taps))
    throw fail('ONNX_WEIGHT_MISFIT', {
      operator: call.node.operator,
      role: 'kernel',
      given: kernel.shape,
      wanted: [out, perGroup, ...stated],
    });
  if (perGroup * groups !== x.shape[1])
    throw broken(call.node, `its kernel of ${kernel.shape.join('×')} and ${groups} groups do not fit an input of ${x.shape.join('×')}`);
  const attributes = { out, kernel: taps, ...readWindow(call.node, taps.length), padding: paddingOf(call.node, taps.length), groups };
  if (!kernel.isConstant) {
    const { out: _, kernel: __, ...sliding } = attributes;
    return call.layer('dynamicconv', sliding, [x, kernel, ...(bias === undefined ? [] : [bias])]);
  }
  const weights = bias === undefined ? { kernel } : { kernel, bias };
  return call.layer('conv', { ...attributes, bias: bias !== undefined }, [x], { weights });
}

const conv: ReadRule = (call) => convolution(call, input(call, 0), input(call, 1), call.inputs[2]);

interface Transposed {
  readonly padding: [number, number][];
  readonly outputpadding: number[];
}

/** Padding of a transposed convolution: given, or such that the output has a given size. */
function transposedPadding(node: OnnxNode, sizes: Shape, taps: readonly number[]): Transposed {
  const axes = taps.length;
  const { stride, dilation } = readWindow(node, axes);
  const extra = ints(node, 'output_padding') ?? taps.map(() => 0);
  const automatic = choice(node, 'auto_pad', AUTOMATIC_NAMES);
  const isSame = automatic.startsWith('SAME');
  const asked =
    ints(node, 'output_shape')?.slice(-axes) ?? (isSame ? sizes.map((size, axis) => size * (stride[axis] as number)) : undefined);
  if (asked === undefined) {
    const padding = paddingOf(node, axes);
    const none = taps.map((): [number, number] => [0, 0]);
    return { padding: typeof padding === 'string' ? none : padding, outputpadding: [...extra] };
  }
  const totals = sizes.map(
    (size, axis) =>
      (stride[axis] as number) * (size - 1) +
      (extra[axis] as number) +
      ((taps[axis] as number) - 1) * (dilation[axis] as number) +
      1 -
      (asked[axis] as number),
  );
  if (has(node, 'output_shape'))
    for (const [axis, total] of totals.entries()) {
      const room = (asked[axis] as number) + Math.max(total, 0) - ((taps[axis] as number) - 1) * (dilation[axis] as number) - 1;
      if (Math.floor(room / (stride[axis] as number)) + 1 !== sizes[axis])
        throw broken(node, `it cannot make ${asked.join('×')} of ${sizes.join('×')}`);
    }
  return {
    padding: totals.map((total) => {
      const [less, more] = [Math.floor(Math.max(total, 0) / 2), Math.ceil(Math.max(total, 0) / 2)];
      return automatic === 'SAME_UPPER' ? [less, more] : [more, less];
    }),
    outputpadding: totals.map((total, axis) => (extra[axis] as number) + Math.max(-total, 0)),
  };
}

const convTranspose: ReadRule = (call) => {
  const [x, kernel, bias] = [input(call, 0), input(call, 1), call.inputs[2]];
  const [channels, outPerGroup, ...taps] = kernel.shape as [number, number, ...number[]];
  if (channels !== x.shape[1])
    throw broken(call.node, `its kernel of ${kernel.shape.join('×')} does not fit an input of ${x.shape.join('×')}`);
  const groups = int(call.node, 'group') ?? 1;
  const { stride, dilation } = readWindow(call.node, taps.length);
  if (ints(call.node, 'output_padding')?.some((amount, axis) => amount >= (stride[axis] as number)) === true)
    call.fault('it adds as much to its output as it strides');
  const { padding, outputpadding } = transposedPadding(call.node, x.shape.slice(2), taps);
  const attributes = {
    out: outPerGroup * groups,
    kernel: taps,
    stride,
    dilation,
    padding,
    outputpadding,
    groups,
    bias: bias !== undefined,
  };
  return call.layer('convtranspose', attributes, [x], { weights: bias === undefined ? { kernel } : { kernel, bias } });
};

/** A matrix that is a constant of the file is the weight of a linear layer. */
const isMatrix = ({ isConstant, shape }: ReadValue): boolean => isConstant && shape.length === 2;

/** The product of a stack of vectors with a matrix of weights, `[out, in]`. */
function linear(call: Call, x: ReadValue, matrix: ReadValue, out: number, bias: ReadValue | undefined): ReadValue[] {
  const weights = bias === undefined ? { matrix } : { matrix, bias };
  const attributes = { out, bias: bias !== undefined };
  if (countElements(matrix.shape) === 0n) return filled(call, [x], x.shape.with(-1, out));
  if (x.shape.length > 1) return call.layer('linear', attributes, [x], { weights });
  const [row] = reshapedTo(call, x, [1, ...x.shape]);
  const [y] = call.layer('linear', attributes, [row as ReadValue], { weights });
  return reshapedTo(call, y as ReadValue, [out]);
}

/** The transpose of a matrix. */
const transposed = (call: Call, x: ReadValue): ReadValue =>
  x.isConstant ? reordered(x, [1, 0]) : (call.layer('permute', { order: [1, 0] }, [x])[0] as ReadValue);

/** A matrix product by NumPy's rule: vectors are rows on the left, columns on the right. */
function product(call: Call, a: ReadValue, b: ReadValue): ReadValue[] {
  const [inner, height] = [a.shape.at(-1), b.shape.length === 1 ? b.shape[0] : b.shape.at(-2)];
  if (inner === undefined || inner !== height)
    throw broken(call.node, `${a.shape.join('×') || 'a scalar'} cannot be multiplied with ${b.shape.join('×') || 'a scalar'}`);
  if (isMatrix(b) && !a.isConstant) return linear(call, a, transposed(call, b), b.shape[1] as number, undefined);
  const [left] = a.shape.length === 1 ? reshapedTo(call, a, [1, ...a.shape]) : [a];
  const [right] = b.shape.length === 1 ? reshapedTo(call, b, [...b.shape, 1]) : [b];
  const y = call.layer('matmul', {}, [left as ReadValue, right as ReadValue]);
  if (a.shape.length > 1 && b.shape.length > 1) return y;
  const shape = [...(y[0] as ReadValue).shape];
  if (b.shape.length === 1) shape.pop();
  if (a.shape.length === 1) shape.splice(b.shape.length === 1 ? -1 : -2, 1);
  return reshapedTo(call, y[0] as ReadValue, shape);
}

const times = (call: Call, x: ReadValue, number: number): ReadValue =>
  number === 1 ? x : (call.layer('arithmetic', { operation: 'multiply', number }, [x], { shapes: [x.shape] })[0] as ReadValue);

const gemm: ReadRule = (call) => {
  const { node } = call;
  const [first, second, third] = [input(call, 0), input(call, 1), call.inputs[2]];
  const a = int(node, 'transA') === 1 ? transposed(call, first) : first;
  const isTransposed = int(node, 'transB') === 1;
  const out = second.shape[isTransposed ? 0 : 1] as number;
  if (a.shape.length !== 2 || second.shape.length !== 2 || a.shape[1] !== second.shape[isTransposed ? 1 : 0])
    throw broken(node, `${first.shape.join('×')} cannot be multiplied with ${second.shape.join('×')}`);
  const [alpha, beta] = [decimal(node, 'alpha') ?? 1, decimal(node, 'beta') ?? 1];
  const bias = beta === 0 ? undefined : third;
  // A factor is one multiply more for each element; the bias is added to the result.
  const isPlain = alpha === 1 && beta === 1;
  const isVector = isPlain && bias?.isConstant === true && countElements(bias.shape) === BigInt(out) && bias.shape.at(-1) === out;
  const [sums] = second.isConstant
    ? linear(call, a, isTransposed ? second : transposed(call, second), out, isVector ? bias : undefined)
    : call.layer('matmul', { transpose: isTransposed }, [a, second]);
  const product = times(call, sums as ReadValue, alpha);
  if (bias === undefined || (isVector && second.isConstant)) return [product];
  return joinedBy(call, 'add', [product, times(call, bias, beta)], broadcastAll(node, [product.shape, bias.shape]), a.type);
};

/** Without an arrow: every label is there more than once, so none is left. */
const isSumOfAll = (equation: string): boolean =>
  [...equation].every((sign, at) =>
    /[a-zA-Z]/.test(sign) ? equation.indexOf(sign) !== at || equation.lastIndexOf(sign) !== at : sign !== '.',
  );

/** Any number of operands, by an equation. A scalar result is a vector of one element in layers. */
const einsum: ReadRule = (call) => {
  const equation = textAttribute(call.node, 'equation');
  if (equation === undefined) throw broken(call.node, 'it has no "equation"');
  const inputs = call.inputs.map((_, index) => input(call, index));
  const isScalar = /->\s*$/.test(equation) || (!equation.includes('->') && isSumOfAll(equation));
  return call.layer('einsum', { equation }, inputs, isScalar ? { shapes: [[]] } : {});
};

/** What brings a sum to the scale of an output of eight bits. */
const requantized = (call: Call, [sum]: readonly ReadValue[], type: ReadValue['type']): ReadValue[] =>
  call.layer('pointwise', { function: 'quantize' }, [sum as ReadValue], { shapes: [(sum as ReadValue).shape], types: [type] });

/** What an input of eight bits is above its zero: one subtract for each element, of a weight beforehand. */
function above(call: Call, x: ReadValue, zero: ReadValue | undefined): ReadValue {
  if (zero === undefined || (zero.isConstant && numberIn(zero) === 0)) return x;
  const count = countElements(zero.shape);
  if (count !== 1n && !x.shape.slice(-2).some((size) => BigInt(size) === count))
    throw broken(call.node, `its zeros of ${zero.shape.join('×')} do not fit ${x.shape.join('×')}`);
  const numbers = zero.isConstant ? zero.elements() : undefined;
  if (x.isConstant && numbers !== undefined) {
    // One number, or one for each column.
    const elements = () => x.elements()?.map((element, i) => Number(element) - Number(numbers[i % numbers.length]));
    return { ...x, type: 'int32', elements };
  }
  return joinedBy(call, 'subtract', [x, zero], x.shape, 'int32')[0] as ReadValue;
}

const as32 = (values: readonly ReadValue[]): ReadValue[] => values.map((value) => ({ ...value, type: 'int32' as const }));

/** Everything that multiplies and accumulates. */
export const products: ReadRules = {
  Conv: conv,
  ConvTranspose: convTranspose,
  DeformConv: deformable,
  Gemm: gemm,
  Einsum: einsum,
  MatMul: (call) => product(call, input(call, 0), input(call, 1)),
  MatMulInteger: (call) => as32(product(call, above(call, input(call, 0), call.inputs[2]), above(call, input(call, 1), call.inputs[3]))),
  ConvInteger: (call) =>
    as32(convolution(call, above(call, input(call, 0), call.inputs[2]), above(call, input(call, 1), call.inputs[3]), undefined)),
  QLinearConv: (call) => requantized(call, convolution(call, input(call, 0), input(call, 3), call.inputs[8]), call.inputs[7]?.type),
  QLinearMatMul: (call) => requantized(call, product(call, input(call, 0), input(call, 3)), call.inputs[7]?.type),
};
