import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import type { Place } from '../core/places.ts';
import type { Shape } from '../core/shape.ts';
import { type Element, elementOf, type Tensor, ZERO } from '../core/tensor.ts';
import { each, elementFactors, type Factor, factor } from '../core/work.ts';
import { about, positive, real, withDefault } from './kit/attributes.ts';
import { checkChannels } from './kit/axes.ts';
import { fill, read } from './kit/elements.ts';
import { savedInput, savedOutput, toInput } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';

interface Neighbourhood {
  readonly size: number;
  readonly alpha: number;
  readonly bias: number;
}

/** What is raised to a power: the sum of squares over the neighbours of an element, by its share, and the bias. */
function baseAt({ size, alpha, bias }: Neighbourhood, x: Tensor, at: Place, alu: Alu): Element {
  const channels = x.shape[1] as number;
  const before = Math.floor((size - 1) / 2);
  let squares: Element = ZERO;
  for (let i = 0; i < size; i++) {
    const neighbour = (at[1] as number) - before + i;
    const element = neighbour >= 0 && neighbour < channels ? read(x, at.with(1, neighbour)) : ZERO;
    squares = alu.add(squares, alu.multiply(element, element));
  }
  return alu.add(elementOf(bias), alu.multiply(elementOf(alpha / size), squares));
}

export const lrn = defineOperator({
  name: 'lrn',
  summary: 'Divide every element of [n, c, …] by a power of the sum of squares over its neighbours in so many channels.',
  attributes: z.strictObject({
    size: about(positive, 'How many neighbouring channels are summed over.'),
    alpha: about(withDefault(real, 1e-4), 'Factor of the sum of squares.'),
    beta: about(withDefault(real, 0.75), 'Exponent of the divisor.'),
    bias: about(withDefault(real, 1), 'Added to the sum before the power is taken.'),
  }),
  rule: 'x / (bias + alpha/size · Σ x²)^beta, the power as exp(beta · log): one multiply and one add per element and neighbour, channels beyond the edge included as zeros; per element two multiplies, one add, one log, one exp and one divide.',
  source: 'Krizhevsky et al. 2012, section 3.3; ONNX operator LRN',
  shape(_, [x]) {
    checkChannels('lrn', x);
    return x;
  },
  work({ size }, [x]) {
    const [batch, ...rest] = elementFactors(x) as [Factor, ...Factor[]];
    return [
      each({ multiply: 1, add: 1 }, [batch, factor('neighbours', size), ...rest]),
      each({ multiply: 2, add: 1, log: 1, exp: 1, divide: 1 }, [batch, ...rest]),
    ];
  },
  gradient: {
    saves: (_, [x]) => [savedInput(0), savedOutput(), { what: 'between', shape: x as Shape, type: 'element' }],
    /** g / base^β less 2·share·β·x times the sum of g·y / base over the neighbours that have x in their sum. */
    inputs: ({ size }, [x]) => {
      const [batch, ...rest] = elementFactors(x as Shape) as [Factor, ...Factor[]];
      return [
        [
          each({ add: 1 }, [batch, factor('neighbours', size), ...rest]),
          each({ multiply: 4, divide: 2, log: 1, exp: 1, subtract: 1 }, [batch, ...rest]),
        ],
      ];
    },
    run: toInput((a, { x, y, g }, alu, kept) => {
      const channels = x.shape[1] as number;
      const before = Math.floor((a.size - 1) / 2);
      const bases = fill(x.shape, kept, (at) => baseAt(a, x, at, kept));
      const terms = fill(x.shape, alu, (_, i) => alu.divide(alu.multiply(g.data[i], y.data[i]), bases.data[i]));
      const slope = elementOf((2 * a.alpha * a.beta) / a.size);
      return fill(x.shape, alu, (at, i) => {
        const channel = at[1] as number;
        let sum: Element = ZERO;
        for (let tap = 0; tap < a.size; tap++) {
          const other = channel + before - tap;
          sum = alu.add(sum, other >= 0 && other < channels ? read(terms, at.with(1, other)) : ZERO);
        }
        const power = alu.exp(alu.multiply(elementOf(a.beta), alu.log(bases.data[i])));
        return alu.subtract(alu.divide(g.data[i], power), alu.multiply(alu.multiply(slope, x.data[i]), sum));
      });
    }),
  },
  run: (a, [x], _, alu): Tensor =>
    fill(x.shape, alu, (at) => alu.divide(read(x, at), alu.exp(alu.multiply(elementOf(a.beta), alu.log(baseAt(a, x, at, alu)))))),
});
