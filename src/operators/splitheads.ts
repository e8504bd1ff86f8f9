import * as z from 'zod/mini';
import type { Shape } from '../core/shape.ts';
import { fail } from '../problems/problem.ts';
import { about, positive } from './kit/attributes.ts';
import { checkDivides } from './kit/axes.ts';
import { fill, read } from './kit/elements.ts';
import { permutedLayout, reshapedLayout } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';
import { asFarAs } from './kit/reach.ts';

function geometry(heads: number, x: Shape): [n: number, heads: number, length: number, features: number] {
  if (x.length !== 3) throw fail('WRONG_RANK', { operator: 'splitheads', expected: '[n, positions, features]', shape: x });
  const [n, length, features] = x as [number, number, number];
  checkDivides('features', features, 'heads', heads);
  return [n, heads, length, features / heads];
}

export const splitheads = defineOperator({
  name: 'splitheads',
  summary: 'Split the features of [n, positions, features] into heads: [n, heads, positions, features / heads].',
  attributes: z.strictObject({ heads: about(positive, 'How many heads there are.') }),
  rule: 'Only moves elements: no operations.',
  source: 'Vaswani et al. 2017, arXiv:1706.03762, section 3.2.2',
  shape: ({ heads }, [x]) => geometry(heads, x),
  reach: ({ heads }, [[n, length, features]]) => [
    ...asFarAs([n as number, heads, length as number]),
    (place) => place * heads < (features as number),
  ],
  window: () => 'apart',
  gradient: {
    view: ({ heads }, input) => {
      const [n, , length, features] = geometry(heads, input.shape);
      const split = reshapedLayout(input, [n, length, heads, features]);
      return split && [permutedLayout(split, [0, 2, 1, 3])];
    },
  },
  run({ heads }, [x], _, alu) {
    const output = geometry(heads, x.shape);
    const [, , , width] = output;
    return fill(output, alu, ([image, head, position, i]) =>
      read(x, [image as number, position as number, (head as number) * width + (i as number)]),
    );
  },
});
