import * as z from 'zod/mini';
import { elementCount, type Shape, sameShape } from '../core/shape.ts';
import { fail } from '../problems/problem.ts';
import { about, positive } from './kit/attributes.ts';
import { placeOf } from './kit/experts.ts';
import { addedUp } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';
import { merged, upTo } from './kit/reach.ts';

/** Checks the inputs, and names every quantity. */
function geometry(experts: number, inputs: readonly Shape[]) {
  const [x, chosen] = inputs as [Shape, Shape];
  if (x.length < 2 || !sameShape(x.slice(0, -1), chosen.slice(0, -1)))
    throw fail('SHAPES_DO_NOT_FIT', {
      operator: 'dispatch',
      rule: '[n, …, features] and the chosen experts [n, …, k] are needed',
      shapes: inputs,
    });
  const [features, best] = [x.at(-1) as number, chosen.at(-1) as number];
  if (best > experts) throw fail('TOO_MANY_EXPERTS', { best, experts }, 'experts');
  return { features, best, output: [elementCount(x.slice(0, -1)) * best, features] };
}

export const dispatch = defineOperator({
  name: 'dispatch',
  summary:
    'Copy each position of [n, …, features] for each of its k experts, [n, …, k], and put those of each expert together: [n · … · k, features]. Experts are dealt evenly, whatever was chosen.',
  attributes: z.strictObject({ experts: about(positive, 'How many experts there are.') }),
  rule: 'Only moves elements: no operations.',
  source: 'Shazeer et al. 2017, arXiv:1701.06538, section 3.1',
  inputs: { min: 2, max: 2 },
  shape: ({ experts }, inputs) => geometry(experts, inputs).output,
  reach: (_, [x, chosen]) => [merged([...x.slice(0, -1), (chosen as Shape).at(-1) as number]), upTo(x.at(-1) as number)],
  window: () => 'apart',
  gradient: {
    saves: (_, [, chosen]) => [{ what: 'indices', shape: chosen as Shape, type: 'int64' }],
    // A position has a gradient from each of its experts.
    inputs: ({ experts }, inputs) => [addedUp(geometry(experts, inputs).output), 'none'],
    repeats: () => true,
  },
  run({ experts }, inputs, _, alu) {
    const [x] = inputs;
    const { features, best, output } = geometry(
      experts,
      inputs.map(({ shape }) => shape),
    );
    const y = alu.zeros(output);
    const [rows] = output as [number, number];
    for (let row = 0; row < rows; row++) {
      const [from, to] = [Math.floor(row / best) * features, placeOf(row, experts, rows) * features];
      for (let i = 0; i < features; i++) y.data[to + i] = x.data[from + i];
    }
    return y;
  },
});
