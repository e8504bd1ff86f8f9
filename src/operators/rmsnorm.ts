import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import type { Shape } from '../core/shape.ts';
import { type Element, type Elements, elementOf, ONE, type Tensor, ZERO } from '../core/tensor.ts';
import { each, elementFactors } from '../core/work.ts';
import { about, flag, integer, realOrZero, withDefault } from './kit/attributes.ts';
import { axisOf } from './kit/axes.ts';
import { offsetsAlong, otherAxes } from './kit/elements.ts';
import { savedInput } from './kit/gradient.ts';
import { defineOperator, learned, NO_WEIGHTS } from './kit/operator.ts';

const EPSILON = 1e-6;

/** One over the root mean square of a vector. */
function factorOf(data: Elements, start: number, along: readonly number[], epsilon: number, alu: Alu): Element {
  let squares = ZERO;
  for (const place of along) squares = alu.add(squares, alu.multiply(data[start + place], data[start + place]));
  const mean = alu.divide(squares, elementOf(along.length));
  return alu.divide(ONE, alu.sqrt(alu.add(mean, elementOf(epsilon))));
}

export const rmsnorm = defineOperator({
  name: 'rmsnorm',
  summary: 'Divide every vector along an axis, the last by default, by its root mean square, and scale it unless affine: false.',
  attributes: z.strictObject({
    axis: about(withDefault(integer, -1), 'The axis of the vectors; from the end if negative.'),
    affine: about(withDefault(flag, true), 'Whether a learned factor for each feature follows.'),
    epsilon: about(withDefault(realOrZero, EPSILON), 'Added to the mean of squares before its root is taken.'),
  }),
  rule: 'x · 1/√(Σx²/n + ε): two multiplies and one add per element, two divides, one add and one sqrt per vector; the scale adds one multiply per element.',
  source: 'Zhang and Sennrich 2019, arXiv:1910.07467; torch.nn.RMSNorm; ONNX operator RMSNormalization',
  shape({ axis }, [x]) {
    axisOf(axis, x);
    return x;
  },
  weights: ({ axis, affine }, [x]) => (affine ? { scale: learned([x[axisOf(axis, x)] as number], 1) } : NO_WEIGHTS),
  work({ axis, affine }, [x]) {
    const along = axisOf(axis, x);
    const elements = elementFactors(x);
    return [
      each({ multiply: affine ? 3 : 2, add: 1 }, elements),
      each(
        { add: 1, divide: 2, sqrt: 1 },
        elements.filter((_, index) => index !== along),
      ),
    ];
  },
  gradient: {
    /**
     * As it is composed of a power, a mean, a root and products: the input, its squares, which the mean of torch 1.13 keeps, and one factor
     * per vector, if the input has a gradient; and what the scale multiplies.
     */
    saves: ({ axis }, [x], needs) => [
      ...(needs.inputs[0] === true
        ? [
            savedInput(0),
            { what: 'between', shape: x as Shape, type: 'element' } as const,
            { what: 'statistics', shape: (x as Shape).toSpliced(axisOf(axis, x as Shape), 1), type: 'float32' } as const,
          ]
        : []),
      ...(needs.weights.scale === true ? [{ what: 'between', shape: x as Shape, type: 'element' } as const] : []),
    ],
    /** factor · (g·scale − x̂ · Σ g·scale·x̂ / n) */
    inputs: ({ axis, affine }, [x]) => {
      const all = elementFactors(x as Shape);
      const vectors = all.toSpliced(axisOf(axis, x as Shape), 1);
      return [[each({ multiply: affine ? 4 : 3, add: 1, subtract: 1 }, all), each({ divide: 1 }, vectors)]];
    },
    weights: ({ affine }, [x]) => (affine ? { scale: [each({ multiply: 1, add: 1 }, elementFactors(x as Shape))] } : {}),
    between: (_, [x]) => [each({ multiply: 1 }, elementFactors(x as Shape))],
    run(a, { inputs: [x], weights: { scale }, gradients: [g], needs }, { inputs: alu, weights: own, kept }) {
      const [{ shape, data }, gradient] = [x as Tensor, (g as Tensor).data];
      const axis = axisOf(a.axis, shape);
      const along = offsetsAlong(shape, [axis]);
      const toX = needs.inputs[0] === true ? alu.zeros(shape) : undefined;
      const toScale = needs.weights.scale === true ? own.zeros((scale as Tensor).shape) : undefined;
      for (const start of offsetsAlong(shape, otherAxes(shape, [axis]))) {
        const factor = factorOf(data, start, along, a.epsilon, kept);
        let product = ZERO;
        const all = along.map((place, i) => {
          const normalised = alu.multiply(data[start + place], factor);
          const one = gradient[start + place];
          if (toScale !== undefined) toScale.data[i] = own.add(toScale.data[i], own.multiply(one, normalised));
          if (toX === undefined) return { place, normalised, scaled: one };
          const scaled = scale === undefined ? one : alu.multiply(one, scale.data[i]);
          product = alu.add(product, alu.multiply(scaled, normalised));
          return { place, normalised, scaled };
        });
        if (toX === undefined) continue;
        const mean = alu.divide(product, elementOf(along.length));
        for (const { place, normalised, scaled } of all)
          toX.data[start + place] = alu.multiply(factor, alu.subtract(scaled, alu.multiply(normalised, mean)));
      }
      return { inputs: [toX], weights: toScale === undefined ? {} : { scale: toScale } };
    },
  },
  run(a, [{ shape, data }], { scale }, alu) {
    const axis = axisOf(a.axis, shape);
    const along = offsetsAlong(shape, [axis]);
    const y = alu.zeros(shape);
    for (const start of offsetsAlong(shape, otherAxes(shape, [axis]))) {
      const factor = factorOf(data, start, along, a.epsilon, alu);
      for (const [i, place] of along.entries()) {
        const normalised = alu.multiply(data[start + place], factor);
        y.data[start + place] = scale === undefined ? normalised : alu.multiply(normalised, scale.data[i]);
      }
    }
    return y;
  },
});
