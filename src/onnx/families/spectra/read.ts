import { elementCount, type Shape } from '../../../core/shape.ts';
import { weightOf } from '../../../operators/kit/fourier.ts';
import { axisIn, broadcastAll, broken, type Call, input, int, type ReadRule, type ReadRules } from '../../read/call.ts';
import { filled, reshapedTo } from '../../read/layers.ts';
import { steering } from '../../read/steering.ts';
import { known, MAX_FOLDED, numberIn, numbersIn, type ReadValue } from '../../read/value.ts';
import { joinedBy } from '../elementwise/read.ts';

/**
 * Fourier transforms, counted by the rule that they are products with a fixed matrix of sines and cosines: for each complex output two
 * multiply-accumulates per real sample, four per complex one; for each real output two per complex sample. Complex numbers are an axis of two.
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

interface Transform {
  readonly axes: readonly number[];
  /** Of the transform along the last of them. */
  readonly length: number;
  readonly inverse: boolean;
  /** Half of the bins are enough, as the other half mirrors them. */
  readonly half: boolean;
}

/** To complex numbers; or, from half of the bins, back to real ones. Samples have an axis of one behind them if they are real, as has what is real. */
function transformed(call: Call, x: ReadValue, { axes, length, inverse, half }: Transform): ReadValue {
  const [last, parts] = [axes.at(-1) as number, x.shape.at(-1) as number];
  const samples = x.shape[last] as number;
  const isBack = inverse && half && parts === 2;
  // Half of the bins tell the whole of real samples only; of others they are a part.
  const isPart = half && !isBack && (parts === 2 || inverse);
  const bins = isBack ? length : binsOf(length, half);
  const output = [...x.shape.with(last, bins).slice(0, -1), isBack ? 1 : 2];
  if (elementCount(output) === 0 || samples === 0) return only(filled(call, [x], output));
  const numbers = parts === 2 ? x : only(reshapedTo(call, x, x.shape.slice(0, -1)));
  const usual = isBack ? 2 * (samples - 1) : samples;
  const attributes = { axes, inverse, onesided: half && !isPart, takes: parts === 2 ? 'complex' : 'real' };
  const y = only(call.layer('fft', length === usual ? attributes : { ...attributes, length }, [numbers]));
  if (isPart) return only(call.layer('slice', { axis: last, start: 0, end: bins }, [y]));
  return isBack ? only(reshapedTo(call, y, output)) : y;
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
  const [inverse, half] = [int(node, 'inverse') === 1, isHalf(call, 0)];
  const samples = x.shape[axis] as number;
  const usual = inverse && half && parts === 2 ? 2 * (samples - 1) : samples;
  const length = call.inputs[1] === undefined ? usual : (steering(call, 1)[0] as number);
  if (!(Number.isSafeInteger(length) && length >= 1)) throw broken(node, `it has a length of ${length}`);
  return [transformed(call, x, { axes: [axis], length, inverse, half })];
};

/** Of the matrix that frames are multiplied with. */
const FORWARD = { inverse: false, isHalf: false, factor: 1 } as const;

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
      return (shares?.[sample] ?? 1) * weightOf({ ...FORWARD, length }, sample, Math.floor(row / 2), Math.floor(column / length), row % 2);
    }),
    shape: [2 * bins, parts, length],
  };
  const signal = x.shape.length === 2 ? only(reshapedTo(call, x, [n, 1, samples])) : only(call.layer('permute', { order: [0, 2, 1] }, [x]));
  const y = only(call.layer('conv', { out: 2 * bins, kernel: [length], stride: [step], bias: false }, [signal], { weights: { kernel } }));
  return reshapedTo(call, only(call.layer('permute', { order: [0, 2, 1] }, [y])), [n, frames, bins, 2]);
};

export const spectra: ReadRules = { DFT: transform, STFT: shortTime };

/** How many of the last axes are transformed. */
function dimensionsOf({ node }: Call, rank: number): number {
  const dimensions = int(node, 'signal_ndim') ?? 1;
  if (!(dimensions >= 1 && dimensions <= rank)) throw broken(node, `it transforms ${dimensions} of ${rank} axes`);
  return dimensions;
}

/** Of real signals along the last axes: half of the bins along the last, and an axis of real and imaginary parts behind. */
const ofReal: ReadRule = (call) => {
  const x = input(call, 0);
  const rank = x.shape.length;
  const dimensions = dimensionsOf(call, rank);
  const axes = Array.from({ length: dimensions }, (_, index) => rank - dimensions + index);
  const samples = only(reshapedTo(call, x, [...x.shape, 1]));
  return [transformed(call, samples, { axes, length: x.shape.at(-1) as number, inverse: false, half: isHalf(call, 1) })];
};

/** The inverse of it: an even number of samples along the last axis. */
const toReal: ReadRule = (call) => {
  const x = input(call, 0);
  const last = x.shape.length - 2;
  if (last < 0 || x.shape.at(-1) !== 2) throw broken(call.node, `${x.shape.join('×')} has no axis of real and imaginary parts at its end`);
  const dimensions = dimensionsOf(call, last + 1);
  const axes = Array.from({ length: dimensions }, (_, index) => last - dimensions + 1 + index);
  const length = isHalf(call, 1) ? 2 * ((x.shape[last] as number) - 1) : (x.shape[last] as number);
  if (length < 1) throw broken(call.node, `${x.shape[last]} bins are those of no signal`);
  return reshapedTo(call, transformed(call, x, { axes, length, inverse: true, half: true }), [...x.shape.slice(0, last), length]);
};

/** Complex numbers times complex numbers, or times their conjugates: four products, a sum and a difference each. */
const complexProduct =
  (isConjugate: boolean): ReadRule =>
  (call) => {
    const values = [input(call, 0), input(call, 1)] as const;
    const shape = broadcastAll(call.node, [values[0].shape, values[1].shape]);
    if (shape.at(-1) !== 2) throw broken(call.node, `${shape.join('×')} has no axis of real and imaginary parts at its end`);
    const axis = shape.length - 1;
    if (elementCount(shape) === 0) return filled(call, values, shape);
    const [[a, b], [c, d]] = values.map((value) => call.layer('split', { sizes: [1, 1], axis: value.shape.length - 1 }, [value])) as [
      [ReadValue, ReadValue],
      [ReadValue, ReadValue],
    ];
    const part = shape.with(axis, 1);
    const join = (operation: string, left: ReadValue, right: ReadValue): ReadValue =>
      only(joinedBy(call, operation, [left, right], part, left.type));
    const [ac, bd, ad, bc] = [join('multiply', a, c), join('multiply', b, d), join('multiply', a, d), join('multiply', b, c)];
    const real = join(isConjugate ? 'add' : 'subtract', ac, bd);
    const imaginary = isConjugate ? join('subtract', bc, ad) : join('add', ad, bc);
    return call.layer('concat', { axis }, [real, imaginary]);
  };

/** Those of `com.microsoft`. */
export const spectraOfMicrosoft: ReadRules = {
  Rfft: ofReal,
  Irfft: toReal,
  ComplexMul: complexProduct(false),
  ComplexMulConj: complexProduct(true),
};
