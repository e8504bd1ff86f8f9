import type { Alu } from '../../core/alu.ts';
import { placesOf } from '../../core/places.ts';
import { elementCount, type Shape } from '../../core/shape.ts';
import { elementOf, type Tensor, ZERO } from '../../core/tensor.ts';

/** The transform along one axis: a product with a fixed matrix of sines and cosines. Complex numbers are an axis of two, the last one. */
export interface Transform {
  readonly axis: number;
  /** How many of the samples are used; beyond them are zeros, which need no products. */
  readonly samples: number;
  /** Of the transform, and so of the period of its sines. */
  readonly length: number;
  readonly bins: number;
  /** Parts of a number: one if it is real, two if it is complex. */
  readonly from: 1 | 2;
  readonly to: 1 | 2;
  readonly inverse: boolean;
  /** Samples are the half of a spectrum that tells the other. */
  readonly isHalf: boolean;
  readonly factor: number;
  readonly input: Shape;
  readonly output: Shape;
}

/** What a part of a sample, real (0) or imaginary (1), gives to a part of a bin. */
export function weightOf(
  { length, inverse, isHalf, factor }: Pick<Transform, 'length' | 'inverse' | 'isHalf' | 'factor'>,
  sample: number,
  bin: number,
  from: number,
  to: number,
): number {
  const angle = ((inverse ? 2 : -2) * Math.PI * ((sample * bin) % length)) / length;
  // The other half has the same share, but for the first bin, and the middle one, which stand for themselves.
  const share = isHalf && sample > 0 && 2 * sample !== length ? 2 * factor : factor;
  if (from === to) return share * Math.cos(angle);
  return share * (from === 0 ? 1 : -1) * Math.sin(angle);
}

/** For each part of each bin, its row of the matrix, and where it lies from the start of a line; with the same of samples. */
function* rowsOf(transform: Transform) {
  const { axis, samples, bins, from, to, input } = transform;
  const inner = elementCount(input.slice(axis + 1, from === 1 ? undefined : -1));
  const taps = placesOf([samples, from]) as [number, number][];
  const offsets = taps.map(([sample, part]) => sample * inner * from + part);
  for (const [bin, part] of placesOf([bins, to]) as [number, number][]) {
    const weights = taps.map(([sample, own]) => elementOf(weightOf(transform, sample, bin, own, part)));
    yield { weights, offsets, place: bin * inner * to + part };
  }
}

/** Where each line along the axis starts, in the input and in the output. */
function linesOf({ axis, from, to, bins, input }: Transform): { readonly start: number; readonly end: number }[] {
  const inner = elementCount(input.slice(axis + 1, from === 1 ? undefined : -1));
  const outer = elementCount(input.slice(0, axis));
  return (placesOf([outer, inner]) as [number, number][]).map(([one, i]) => ({
    start: (one * (input[axis] as number) * inner + i) * from,
    end: (one * bins * inner + i) * to,
  }));
}

export function transformed(transform: Transform, x: Tensor, alu: Alu): Tensor {
  const y = alu.zeros(transform.output);
  const lines = linesOf(transform);
  for (const { weights, offsets, place } of rowsOf(transform))
    for (const { start, end } of lines) {
      let sum = ZERO;
      for (const [i, weight] of weights.entries()) sum = alu.multiplyAdd(sum, x.data[start + (offsets[i] as number)], weight);
      y.data[end + place] = sum;
    }
  return y;
}

/** The gradient of what went in: the products with the matrix turned round. */
export function transformedBack(transform: Transform, g: Tensor, alu: Alu): Tensor {
  const x = alu.zeros(transform.input);
  const lines = linesOf(transform);
  for (const { weights, offsets, place } of rowsOf(transform))
    for (const { start, end } of lines)
      for (const [i, weight] of weights.entries()) {
        const at = start + (offsets[i] as number);
        x.data[at] = alu.multiplyAdd(x.data[at], g.data[end + place], weight);
      }
  return x;
}
