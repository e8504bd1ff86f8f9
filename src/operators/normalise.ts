import { each, type Factor, type Work } from '../core/work.ts';
import { learned, NO_WEIGHTS, type WeightShapes } from './operator.ts';

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

/** A learned scale and shift. */
export const scaleAndShift = (affine: boolean, shape: readonly number[]): WeightShapes =>
  affine ? { scale: learned(shape), shift: learned(shape) } : NO_WEIGHTS;
