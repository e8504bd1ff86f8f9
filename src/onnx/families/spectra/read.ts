import { elementCount, type Shape } from '../../../core/shape.ts';
import { axisIn, broken, type Call, input, int, type ReadRule, type ReadRules } from '../../read/call.ts';
import { filled, reshapedTo } from '../../read/layers.ts';
import { steering } from '../../read/steering.ts';
import { known, MAX_FOLDED, numberIn, numbersIn, type ReadValue } from '../../read/value.ts';

/**
 * Fourier transforms, counted by the rule that they are products with a fixed matrix of sines and cosines: for each output two
 * multiply-accumulates per real sample, four per complex one. Complex numbers are an axis of two.
 */

const only = (values: readonly ReadValue[]): ReadValue => values[0] as ReadValue;

const isHalf = (call: Call, usual: number): boolean => (int(call.node, 'onesided') ?? usual) === 1;

const binsOf = (length: number, half: boolean): number => (half ? Math.floor(length / 2) + 1 : length);

/** A fixed matrix, whose elements are made where they are few. */
function fixed(call: Call, shape: Shape, elementAt: (row: number, column: number) => number): ReadValue {
  const { type } = input(call, 0);
  const [, columns = 1] = shape;
  const total = elementCount(shape);
  if (total > MAX_FOLDED) return { type, shape, isConstant: true, elements: () => undefined };
  return known(
    type,
    shape,
    Array.from({ length: total }, (_, i) => elementAt(Math.floor(i / columns), i % columns)),
  );
}

/** What a part of a sample, real or imaginary, gives to a part of a bin. */
function weightOf(sample: number, bin: number, from: number, to: number, length: number, inverse: boolean): number {
  const angle = ((inverse ? 2 : -2) * Math.PI * ((sample * bin) % length)) / length;
  const scale = inverse ? 1 / length : 1;
  if (from === to) return scale * Math.cos(angle);
  return scale * (from === 0 ? 1 : -1) * Math.sin(angle);
}

const transform: ReadRule = (call) => {
  const { node } = call;
  const x = input(call, 0);
  const rank = x.shape.length;
  const named = call.opset < 20 ? (int(node, 'axis') ?? 1) : call.inputs[2] === undefined ? -2 : (steering(call, 2)[0] as number);
  const axis = axisIn(node, named, rank);
  const parts = x.shape.at(-1) as number;
  if (rank < 2 || axis === rank - 1 || parts > 2)
    throw broken(node, `${x.shape.join('×')} has no axis of complex numbers behind axis ${named}`);
  const samples = x.shape[axis] as number;
  const length = call.inputs[1] === undefined ? samples : (steering(call, 1)[0] as number);
  if (!(Number.isSafeInteger(length) && length >= 1)) throw broken(node, `it has a length of ${length}`);
  const inverse = int(node, 'inverse') === 1;
  const bins = binsOf(length, isHalf(call, 0));
  const output = [...x.shape.with(axis, bins).slice(0, -1), 2];
  if (elementCount(output) === 0 || samples === 0) return filled(call, [x], output);
  // Samples past the length are cut, and those that are missing are zeros, which need no products.
  const used = Math.min(samples, length);
  const cut = used === samples ? x : only(call.layer('slice', { axis, start: 0, end: used }, [x]));
  const others = [...x.shape.keys()].filter((one) => one !== axis && one !== rank - 1);
  const order = [...others, axis, rank - 1];
  const isInOrder = order.every((one, index) => one === index);
  const turned = isInOrder ? cut : only(call.layer('permute', { order }, [cut]));
  const outer = others.map((one) => x.shape[one] as number);
  const rows = only(reshapedTo(call, turned, [elementCount(outer), used * parts]));
  const matrix = fixed(call, [2 * bins, used * parts], (row, column) =>
    weightOf(Math.floor(column / parts), Math.floor(row / 2), column % parts, row % 2, length, inverse),
  );
  const products = only(call.layer('linear', { out: 2 * bins, bias: false }, [rows], { weights: { matrix } }));
  const shaped = only(reshapedTo(call, products, [...outer, bins, 2]));
  if (isInOrder) return [shaped];
  return call.layer('permute', { order: order.map((_, index) => order.indexOf(index)) }, [shaped]);
};

/** A transform of each frame of a signal: a convolution with the sines and cosines, already times the window. */
const shortTime: ReadRule = (call) => {
  const { node } = call;
  const x = input(call, 0);
  const [n, samples, parts = 1] = x.shape as [number, number, number?];
  const step = steering(call, 1)[0] as number;
  const window = call.inputs[2];
  const length = call.inputs[3] === undefined ? window?.shape[0] : numberIn(call.inputs[3]);
  if (length === undefined || !(step >= 1) || !(length >= 1 && length <= samples))
    throw broken(node, `its frames of ${length ?? 'no'} samples, ${step} apart, do not fit a signal of ${samples}`);
  const bins = binsOf(length, isHalf(call, 1));
  const frames = Math.floor((samples - length) / step) + 1;
  const shares = window === undefined ? undefined : numbersIn(window);
  const kernel: ReadValue = {
    ...fixed(call, [2 * bins, parts * length], (row, column) => {
      const sample = column % length;
      return (shares?.[sample] ?? 1) * weightOf(sample, Math.floor(row / 2), Math.floor(column / length), row % 2, length, false);
    }),
    shape: [2 * bins, parts, length],
  };
  const signal = x.shape.length === 2 ? only(reshapedTo(call, x, [n, 1, samples])) : only(call.layer('permute', { order: [0, 2, 1] }, [x]));
  const y = only(call.layer('conv', { out: 2 * bins, kernel: [length], stride: [step], bias: false }, [signal], { weights: { kernel } }));
  return reshapedTo(call, only(call.layer('permute', { order: [0, 2, 1] }, [y])), [n, frames, bins, 2]);
};

export const spectra: ReadRules = { DFT: transform, STFT: shortTime };
