import type { Shape } from '../core/shape.ts';
import { fail } from '../problems/problem.ts';
import { NO_ATTRIBUTES } from './kit/attributes.ts';
import { fill, read } from './kit/elements.ts';
import { permutedLayout, viewAs } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';
import { asFarAs, merged } from './kit/reach.ts';

function geometry(x: Shape): [n: number, length: number, features: number] {
  if (x.length !== 4) throw fail('WRONG_RANK', { operator: 'mergeheads', expected: '[n, heads, positions, features]', shape: x });
  const [n, heads, length, width] = x as [number, number, number, number];
  return [n, length, heads * width];
}

export const mergeheads = defineOperator({
  name: 'mergeheads',
  summary: 'Put the features of all heads of [n, heads, positions, features] side by side: [n, positions, heads · features].',
  attributes: NO_ATTRIBUTES,
  rule: 'Only moves elements: no operations.',
  source: 'Vaswani et al. 2017, arXiv:1706.03762, section 3.2.2',
  shape: (_, [x]) => geometry(x),
  reach: (_, [[n, heads, length, width]]) => [...asFarAs([n as number, length as number]), merged([heads as number, width as number])],
  window: () => 'apart',
  gradient: { view: (_, input) => viewAs(permutedLayout(input, [0, 2, 1, 3]), geometry(input.shape)) },
  run(_, [x], __, alu) {
    const width = x.shape[3] as number;
    return fill(geometry(x.shape), alu, ([image, position, i]) =>
      read(x, [image as number, Math.floor((i as number) / width), position as number, (i as number) % width]),
    );
  },
});
