import * as z from 'zod/mini';
import type { Shape } from '../core/shape.ts';
import { elementFactors, type Factor, factor, macs, type Work } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { about, flag, oneOf, optional, positive, axes as someAxes, withDefault } from './kit/attributes.ts';
import { axesOf } from './kit/axes.ts';
import { transformed, transformedBack } from './kit/fourier.ts';
import { passesOf } from './kit/fourier-passes.ts';
import { toInput } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';
import { type Extent, upTo } from './kit/reach.ts';

const numbers = oneOf('real', 'complex');

const attributes = z.strictObject({
  axes: about(
    withDefault(someAxes, -1),
    'The axes to transform; from the end if negative. The axis of two of complex numbers is not among them.',
  ),
  inverse: about(withDefault(flag, false), 'Whether it is the inverse transform.'),
  takes: about(
    optional(numbers),
    'Numbers that come in; complex if inverse, else real, unless stated. Complex ones are [real, imaginary] along a last axis.',
  ),
  gives: about(
    optional(numbers),
    'Numbers that go out; complex unless stated, but real for an inverse that is one-sided. Of complex ones, real gives the real part.',
  ),
  onesided: about(
    withDefault(flag, false),
    'Whether the spectrum has only the first half of the last of the axes, length/2 + 1 bins, as that of real numbers tells the other.',
  ),
  length: about(
    optional(positive),
    'Length of the transform along the last of the axes: more samples are cut, fewer are followed by zeros. Of a one-sided inverse, what it gives: 2 · (bins − 1) unless stated.',
  ),
  norm: about(
    withDefault(oneOf('backward', 'forward', 'ortho'), 'backward'),
    'Where it is divided by its length: in the inverse, forward, or in both by the root of it. It is part of the matrix.',
  ),
});

type Attributes = z.infer<typeof attributes>;

/** Half of a spectrum tells the whole of real numbers only, which are complex in it. */
function checkHalf(inverse: boolean, takes: string, gives: string): void {
  const [real, complex] = inverse ? [gives, takes] : [takes, gives];
  const [ofReal, ofComplex] = inverse ? ['gives', 'takes'] : ['takes', 'gives'];
  if (real !== 'real')
    throw fail('CONTRADICTION', { message: `A one-sided spectrum is one of real numbers. Leave "${ofReal}" or "onesided" out` }, ofReal);
  if (complex !== 'complex')
    throw fail('CONTRADICTION', { message: `A one-sided spectrum is complex. Leave "${ofComplex}" or "onesided" out` }, ofComplex);
}

/** What the attributes come to: the axes, and the numbers that go in and out. */
function formOf(a: Attributes, x: Shape) {
  const takes = a.takes ?? (a.inverse ? 'complex' : 'real');
  const gives = a.gives ?? (a.inverse && a.onesided ? 'real' : 'complex');
  if (a.onesided) checkHalf(a.inverse, takes, gives);
  if (takes === 'complex' && (x.length < 2 || x.at(-1) !== 2)) {
    const rule = 'complex numbers are [real, imaginary] along a last axis of two';
    throw fail('SHAPES_DO_NOT_FIT', { operator: 'fft', rule, shapes: [x] });
  }
  const numbers = takes === 'complex' ? x.slice(0, -1) : x;
  return { numbers, axes: axesOf(a.axes, numbers, 'axes'), from: takes === 'real' ? 1 : 2, to: gives === 'real' ? 1 : 2 } as const;
}

const halfOf = (length: number): number => Math.floor(length / 2) + 1;

/** What is multiplied along one axis. */
export interface Products {
  readonly axis: number;
  /** Whether what comes in is the half of a spectrum. */
  readonly isHalf: boolean;
  /** Of the transform, zeros that follow the samples among it. */
  readonly length: number;
  readonly samples: number;
  /** Parts of a number that comes in, and of one that goes out: one if it is real, two if it is complex. */
  readonly from: 1 | 2;
  readonly to: 1 | 2;
  readonly input: Shape;
  readonly output: Shape;
}

/** One axis after another, the last one first: so a one-sided transform has fewer to do along the others. The inverse goes back. */
export function productsOf(a: Attributes, x: Shape): readonly Products[] {
  const { numbers, axes, from, to } = formOf(a, x);
  const last = axes.at(-1) as number;
  const order = a.inverse ? axes : axes.toReversed();
  const all: Products[] = [];
  let [shape, parts] = [numbers, from as 1 | 2];
  for (const [index, axis] of order.entries()) {
    const size = shape[axis] as number;
    const isHalf = a.onesided && a.inverse && axis === last;
    const length = axis === last ? (a.length ?? (isHalf ? 2 * (size - 1) : size)) : size;
    if (length < 1) {
      const message = 'One bin does not tell how long the inverse is. State "length"';
      throw fail('CONTRADICTION', { message }, 'length');
    }
    const samples = Math.min(size, isHalf ? halfOf(length) : length);
    const bins = a.onesided && !a.inverse && axis === last ? halfOf(length) : length;
    const next: 1 | 2 = index === order.length - 1 ? to : 2;
    const output = shape.with(axis, bins);
    all.push({ axis, isHalf, length, samples, from: parts, to: next, input: withParts(shape, parts), output: withParts(output, next) });
    [shape, parts] = [output, next];
  }
  return all;
}

const withParts = (shape: Shape, parts: 1 | 2): Shape => (parts === 2 ? [...shape, 2] : shape);

/** For each part of each bin, a product with each part of each sample. */
function factorsOf({ samples, from, to, output }: Products): readonly Factor[] {
  const places = elementFactors(to === 2 ? output.slice(0, -1) : output);
  return [...places, factor('samples', samples), factor('parts', from * to)];
}

const outputOf = (a: Attributes, x: Shape): Shape => (productsOf(a, x).at(-1) as Products).output;

export const fft = defineOperator({
  name: 'fft',
  summary:
    'Make a spectrum of numbers along some axes, the last by default, or numbers of a spectrum: the discrete Fourier transform. Complex numbers are [real, imaginary] along a last axis.',
  attributes,
  rule: 'As products with a fixed matrix of sines and cosines, one axis after another: per bin and sample one multiply-accumulate from real to real numbers, two between real and complex ones, four from complex to complex. A fast algorithm needs fewer, of which there are many: that is the count that does not depend on one.',
  source: 'torch.fft.fftn, ifftn, rfftn and irfftn; ONNX operator DFT; Lee-Thorp et al. 2021, arXiv:2105.03824, table 1, FNet (mat)',
  shape: (a, [x]) => outputOf(a, x),
  reach(a, [x]): Extent {
    const { numbers, axes, to } = formOf(a, x);
    const last = axes.at(-1) as number;
    const size = numbers[last] as number;
    const along = (place: number): boolean => {
      if (!a.onesided) return place < (a.length ?? size);
      if (!a.inverse) return 2 * place <= (a.length ?? size);
      return a.length === undefined ? place + 2 < 2 * size : place < a.length;
    };
    return [...numbers.map((own, axis) => (axis === last ? along : upTo(own))), ...(to === 2 ? [upTo(2)] : [])];
  },
  work: (a, [x]): Work => productsOf(a, x).map((products) => macs(factorsOf(products), products.output)),
  window: () => 'apart',
  // The transform is linear: its gradient needs nothing of what went in.
  gradient: {
    inputs: (a, [x]) => [productsOf(a, x as Shape).map((products) => macs(factorsOf(products), products.input))],
    run: toInput((a: Attributes, { x, g }, alu) =>
      passesOf(a, x.shape).reduceRight((gradient, pass) => transformedBack(pass, gradient, alu), g),
    ),
  },
  run: (a, [x], _, alu) => passesOf(a, x.shape).reduce((value, pass) => transformed(pass, value, alu), x),
});
