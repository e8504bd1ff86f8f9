import type { Alu } from '../../core/alu.ts';
import type { Shape } from '../../core/shape.ts';
import { elementOf, ONE, type Tensor, ZERO } from '../../core/tensor.ts';
import { each, elementFactors, type Factor, type Work } from '../../core/work.ts';
import { about, flag, realOrZero, withDefault } from './attributes.ts';
import { offsetsAlong, otherAxes } from './elements.ts';
import { type Alus, type Gradients, type Pass, type Saved, savedInput } from './gradient.ts';
import { learned, NO_WEIGHTS, type WeightShapes, type Weights } from './operator.ts';

const NORMALISE = { multiply: 2, add: 2, subtract: 1 } as const;
const NORMALISE_AND_SCALE = { multiply: 3, add: 3, subtract: 1 } as const;
const PER_VECTOR = { add: 1, divide: 3, sqrt: 1 } as const;

export const NORMALISE_RULE =
  'Mean, then variance, then (x − mean) · 1/√(variance + ε): two multiplies, two adds and one subtract per element, three divides, one add and one sqrt per mean; scale and shift add one multiply and one add per element.';

/** Normalising vectors by their own mean and variance: so many elements in so many vectors. */
export const normalisation = (affine: boolean, elements: readonly Factor[], vectors: readonly Factor[]): Work => [
  each(affine ? NORMALISE_AND_SCALE : NORMALISE, elements),
  each(PER_VECTOR, vectors),
];

/** So many statistics of normalised vectors, as they are kept. */
const statistics = (shape: Shape): Saved => ({ what: 'statistics', shape, type: 'float32' });

/**
 * The gradient of a normalisation. Between: (x − mean) · factor again. To the input: times the scale, two sums per vector, and
 * factor · (g − Σg/n − x̂ · Σg·x̂/n). To scale and shift: Σ g·x̂ and Σ g.
 */
export const normalisationGradient = <A extends { readonly affine: boolean }>(vectors: (attributes: A, x: Shape) => readonly number[]) => ({
  saves: (a: A, [x]: readonly Shape[]): readonly Saved[] => [savedInput(0), statistics([2, ...vectors(a, x as Shape)])],
  inputs: (a: A, [x]: readonly Shape[]): readonly Work[] => [
    [
      each({ multiply: a.affine ? 4 : 3, add: 2, subtract: 2 }, elementFactors(x as Shape)),
      each({ divide: 2 }, elementFactors(vectors(a, x as Shape))),
    ],
  ],
  weights: (a: A, [x]: readonly Shape[]): Readonly<Record<string, Work>> =>
    a.affine
      ? {
          scale: [each({ multiply: 1, add: 1 }, elementFactors(x as Shape))],
          shift: [each({ add: 1 }, elementFactors(x as Shape))],
        }
      : {},
  between: (_: A, [x]: readonly Shape[]): Work => [each({ multiply: 1, subtract: 1 }, elementFactors(x as Shape))],
});

/** A learned scale and shift. */
export const scaleAndShift = (affine: boolean, shape: readonly number[]): WeightShapes =>
  affine ? { scale: learned(shape, 1), shift: learned(shape) } : NO_WEIGHTS;

/** The attributes that all normalisations have; `affine` is a default. */
export const normalisationAttributes = (affine: boolean) => ({
  affine: about(withDefault(flag, affine), 'Whether a learned scale and shift follow.'),
  epsilon: about(withDefault(realOrZero, 1e-5), 'Added to the variance, so that no root of zero divides.'),
});

/** Which scale and shift an element has, by the number of its vector and its own number in there. */
type ChannelOf = (vector: number, element: number) => number;

/**
 * The gradients of `normalise`: of its input, and of scale and shift. Means and factors are those that the forward pass kept.
 */
export function normaliseBack(
  axes: readonly number[],
  epsilon: number,
  channelOf: ChannelOf,
  { inputs: [input], weights, gradients: [gradient], needs }: Pick<Pass, 'inputs' | 'weights' | 'gradients' | 'needs'>,
  { inputs: alu, weights: own, kept }: Alus,
): Gradients {
  const x = input as Tensor;
  const { scale } = weights;
  const { means, factors } = normalise(x, axes, epsilon, weights, channelOf, kept);
  const along = offsetsAlong(x.shape, axes);
  const size = elementOf(along.length);
  const toX = needs.inputs[0] === true ? alu.zeros(x.shape) : undefined;
  const sums = Object.keys(weights).filter((role) => needs.weights[role] === true);
  const toWeights = Object.fromEntries(sums.map((role) => [role, own.zeros((weights[role] as Tensor).shape)]));
  offsetsAlong(x.shape, otherAxes(x.shape, axes)).forEach((start, vector) => {
    const [mean, factor] = [means.data[vector], factors.data[vector]];
    let [sum, product] = [ZERO, ZERO];
    const all = along.map((place, i) => {
      const g = (gradient as Tensor).data[start + place];
      const normalised = alu.multiply(alu.subtract(x.data[start + place], mean), factor);
      const channel = channelOf(vector, i);
      const { scale: toScale, shift: toShift } = toWeights;
      if (toScale !== undefined) toScale.data[channel] = own.add(toScale.data[channel], own.multiply(g, normalised));
      if (toShift !== undefined) toShift.data[channel] = own.add(toShift.data[channel], g);
      if (toX === undefined) return { place, normalised, scaled: g };
      const scaled = scale === undefined ? g : alu.multiply(g, scale.data[channel]);
      sum = alu.add(sum, scaled);
      product = alu.add(product, alu.multiply(scaled, normalised));
      return { place, normalised, scaled };
    });
    if (toX === undefined) return;
    const [meanGradient, meanProduct] = [alu.divide(sum, size), alu.divide(product, size)];
    for (const { place, normalised, scaled } of all)
      toX.data[start + place] = alu.multiply(
        factor,
        alu.subtract(alu.subtract(scaled, meanGradient), alu.multiply(normalised, meanProduct)),
      );
  });
  return { inputs: [toX], weights: toWeights };
}

/** What comes of normalising: the vectors, and for each mean, variance and one over the deviation. */
export interface Normalised {
  readonly y: Tensor;
  readonly means: Tensor;
  readonly variances: Tensor;
  readonly factors: Tensor;
}

/** Normalises every vector along some axes by its own mean and variance. */
export function normalise(
  x: Tensor,
  axes: readonly number[],
  epsilon: number,
  { scale, shift }: Weights,
  channelOf: ChannelOf,
  alu: Alu,
): Normalised {
  const { shape, data } = x;
  const along = offsetsAlong(shape, axes);
  const size = elementOf(along.length);
  const differences = alu.zeros([along.length]).data;
  const y = alu.zeros(shape);
  const perVector = shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  const [means, variances, factors] = [alu.zeros(perVector), alu.zeros(perVector), alu.zeros(perVector)];
  offsetsAlong(shape, otherAxes(shape, axes)).forEach((start, vector) => {
    let sum = ZERO;
    for (const place of along) sum = alu.add(sum, data[start + place]);
    const mean = alu.divide(sum, size);
    let squares = ZERO;
    along.forEach((place, i) => {
      const difference = alu.subtract(data[start + place], mean);
      differences[i] = difference;
      squares = alu.add(squares, alu.multiply(difference, difference));
    });
    const variance = alu.divide(squares, size);
    const factor = alu.divide(ONE, alu.sqrt(alu.add(variance, elementOf(epsilon))));
    means.data[vector] = mean;
    variances.data[vector] = variance;
    factors.data[vector] = factor;
    along.forEach((place, i) => {
      const normalised = alu.multiply(differences[i], factor);
      const channel = channelOf(vector, i);
      y.data[start + place] =
        scale === undefined || shift === undefined
          ? normalised
          : alu.add(alu.multiply(normalised, scale.data[channel]), shift.data[channel]);
    });
  });
  return { y, means, variances, factors };
}
