import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import type { Shape } from '../core/shape.ts';
import { type Element, type Elements, elementOf, ZERO } from '../core/tensor.ts';
import { each, elementFactors } from '../core/work.ts';
import { about, integer, withDefault } from './kit/attributes.ts';
import { axisOf } from './kit/axes.ts';
import { offsetsAlong, otherAxes } from './kit/elements.ts';
import { savedInput, toInput } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';

const EPSILON = elementOf(1e-12);

/** The length of a vector, which is never 0. */
function lengthOf(data: Elements, start: number, along: readonly number[], alu: Alu): Element {
  let squares = ZERO;
  for (const place of along) squares = alu.add(squares, alu.multiply(data[start + place], data[start + place]));
  const root = alu.sqrt(squares);
  return alu.compare(root, EPSILON) ? root : EPSILON;
}

export const l2norm = defineOperator({
  name: 'l2norm',
  summary: 'Divide every vector along an axis, the last by default, by its length.',
  attributes: z.strictObject({ axis: about(withDefault(integer, -1), 'The axis of the vectors; from the end if negative.') }),
  rule: 'x / max(√Σx², ε): one multiply, one add and one divide per element, one sqrt and one compare per vector.',
  source: 'Liu et al. 2021, arXiv:2111.09883, section 3.3; torch.nn.functional.normalize',
  shape({ axis }, [x]) {
    axisOf(axis, x);
    return x;
  },
  work(a, [x]) {
    const along = axisOf(a.axis, x);
    const elements = elementFactors(x);
    return [
      each({ multiply: 1, add: 1, divide: 1 }, elements),
      each(
        { compare: 1, sqrt: 1 },
        elements.filter((_, axis) => axis !== along),
      ),
    ];
  },
  gradient: {
    saves: ({ axis }, [x]) => [
      savedInput(0),
      { what: 'statistics', shape: [2, ...(x as Shape).toSpliced(axisOf(axis, x as Shape), 1)], type: 'element' },
    ],
    /** (g − y · Σ g·y) / length */
    inputs: (_, [x]) => [[each({ multiply: 2, add: 1, subtract: 1, divide: 1 }, elementFactors(x as Shape))]],
    run: toInput((a, { x: { shape, data }, y, g }, alu, kept) => {
      const axis = axisOf(a.axis, shape);
      const along = offsetsAlong(shape, [axis]);
      const result = alu.zeros(shape);
      for (const start of offsetsAlong(shape, otherAxes(shape, [axis]))) {
        const length = lengthOf(data, start, along, kept);
        let product = ZERO;
        for (const place of along) product = alu.add(product, alu.multiply(g.data[start + place], y.data[start + place]));
        for (const place of along)
          result.data[start + place] = alu.divide(
            alu.subtract(g.data[start + place], alu.multiply(y.data[start + place], product)),
            length,
          );
      }
      return result;
    }),
  },
  run(a, [{ shape, data }], _, alu) {
    const axis = axisOf(a.axis, shape);
    const along = offsetsAlong(shape, [axis]);
    const y = alu.zeros(shape);
    for (const start of offsetsAlong(shape, otherAxes(shape, [axis]))) {
      const length = lengthOf(data, start, along, alu);
      for (const place of along) y.data[start + place] = alu.divide(data[start + place], length);
    }
    return y;
  },
});
