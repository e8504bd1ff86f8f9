import * as z from 'zod/mini';
import { elementCount, type Shape } from '../core/shape.ts';
import { type Element, type Tensor, ZERO } from '../core/tensor.ts';
import { each, factor, macs } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { about, flag, positive, withDefault } from './kit/attributes.ts';
import { leadingFactors } from './kit/axes.ts';
import { placeOf } from './kit/experts.ts';
import { savedInput, toEach } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';
import { asFarAs } from './kit/reach.ts';

/** Checks the inputs, and names every quantity. */
function geometry(inputs: readonly Shape[]) {
  const [rows, gates] = inputs as [Shape, Shape];
  if (rows.length !== 2 || gates.length < 2 || rows[0] !== elementCount(gates))
    throw fail('SHAPES_DO_NOT_FIT', {
      operator: 'combine',
      rule: '[n · … · k, features] of experts and their gates [n, …, k] are needed',
      shapes: inputs,
    });
  const [features, best] = [rows[1] as number, gates.at(-1) as number];
  return { features, best, output: [...gates.slice(0, -1), features] };
}

export const combine = defineOperator({
  name: 'combine',
  summary:
    'Add up what the k experts of each position made of it, [n · … · k, features] as dispatch puts it together, each times its gate of [n, …, k]: [n, …, features].',
  attributes: z.strictObject({
    experts: about(positive, 'How many experts there are.'),
    product: about(withDefault(flag, false), 'Whether it is written as a matrix product, and so counts as one.'),
  }),
  rule: 'One multiply and one add per output element and expert of its position; with product: true a multiply-accumulate.',
  source: 'Shazeer et al. 2017, arXiv:1701.06538, equation 1',
  inputs: { min: 2, max: 2 },
  shape: (_, inputs) => geometry(inputs).output,
  reach: (_, [x, gates]) => asFarAs([...(gates as Shape).slice(0, -1), x.at(-1) as number]),
  work({ product }, inputs) {
    const { best, output } = geometry(inputs);
    const factors = [...leadingFactors(output), factor('best', best)];
    return [product ? macs(factors, output) : each({ multiply: 1, add: 1 }, factors)];
  },
  window: () => 'apart',
  gradient: {
    saves: (_, __, { inputs: [rows, gates] }) => [...(gates === true ? [savedInput(0)] : []), ...(rows === true ? [savedInput(1)] : [])],
    inputs: ({ product }, inputs) => {
      const { best, output } = geometry(inputs);
      const factors = [...leadingFactors(output), factor('best', best)];
      if (product) return inputs.map((input) => [macs(factors, input)]);
      return [[each({ multiply: 1 }, factors)], [each({ multiply: 1, add: 1 }, factors)]];
    },
    run: toEach(({ experts, product }, index, { inputs, gradients: [g] }, alu) => {
      const [x, gates] = inputs as [Tensor, Tensor];
      const { features, best } = geometry(inputs.map(({ shape }) => shape));
      const to = alu.zeros((inputs[index] as Tensor).shape);
      const rows = gates.data.length;
      const sum = (place: number, a: Element, b: Element): void => {
        to.data[place] = product ? alu.multiplyAdd(to.data[place], a, b) : alu.add(to.data[place], alu.multiply(a, b));
      };
      for (let row = 0; row < rows; row++)
        for (let i = 0; i < features; i++) {
          const gradient = (g as Tensor).data[Math.floor(row / best) * features + i];
          const place = placeOf(row, experts, rows) * features + i;
          if (index === 1) sum(row, gradient, x.data[place]);
          else if (product) sum(place, gradient, gates.data[row]);
          else to.data[place] = alu.multiply(gradient, gates.data[row]);
        }
      return to;
    }),
  },
  run({ experts, product }, inputs, _, alu) {
    const [x, gates] = inputs as [Tensor, Tensor];
    const { features, output } = geometry(inputs.map(({ shape }) => shape));
    const y = alu.zeros(output);
    const rows = gates.data.length;
    // Each row goes to a position: as many as there are for each.
    const best = (rows * features) / y.data.length;
    for (let at = 0; at < y.data.length; at++) {
      const [position, i] = [Math.floor(at / features), at % features];
      let sum = ZERO;
      for (let row = position * best; row < (position + 1) * best; row++) {
        const [part, gate] = [x.data[placeOf(row, experts, rows) * features + i], gates.data[row]];
        sum = product ? alu.multiplyAdd(sum, part, gate) : alu.add(sum, alu.multiply(part, gate));
      }
      y.data[at] = sum;
    }
    return y;
  },
});
