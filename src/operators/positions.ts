import * as z from 'zod/mini';
import type { Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { fail } from '../problems/problem.ts';
import { about, flag, positive, wholeOrZero, withDefault } from './kit/attributes.ts';
import { fill, read } from './kit/elements.ts';
import { addedUp } from './kit/gradient.ts';
import { defineOperator, held, lookedUp } from './kit/operator.ts';
import { asFarAs, upTo } from './kit/reach.ts';

const attributes = z.strictObject({
  rows: about(positive, 'Rows of the table: the most positions there are.'),
  start: about(withDefault(wholeOrZero, 0), 'The row of the first position.'),
  learned: about(withDefault(flag, true), 'Whether the table is learned, and so counts as parameters.'),
  held: about(
    withDefault(flag, false),
    'Whether the numbers of the positions are held like weights; else they are made in each step, and kept in training for the backward pass.',
  ),
});

/** Checks that the table reaches far enough, and gives the shape of the rows. */
function geometry({ rows, start }: z.infer<typeof attributes>, x: Shape): Shape {
  if (x.length !== 3) throw fail('WRONG_RANK', { operator: 'positions', expected: '[n, positions, features]', shape: x });
  const [, length, features] = x as [number, number, number];
  if (start + length > rows) throw fail('BEYOND_POSITIONS', { length, start, rows }, 'rows');
  return [1, length, features];
}

export const positions = defineOperator({
  name: 'positions',
  summary:
    'The embeddings [1, positions, features] of the positions of [n, positions, features]: the rows of a table from start on, to be added; with learned: false the table is fixed, and no parameter.',
  attributes,
  rule: 'Only looks rows up: no operations; what adds them counts there.',
  source: 'Radford et al. 2019, GPT-2; torch.nn.Embedding of the numbers of positions',
  shape: (a, [x]) => geometry(a, x),
  reach: (_, [x]) => asFarAs(x).with(0, upTo(1)),
  weights: ({ rows, learned }, [x]) => {
    const shape = [rows, x[2] as number];
    return { table: learned ? lookedUp(shape) : { ...held(shape), lookedUp: true } };
  },
  gradient: {
    saves({ learned, held: isHeld, start }, [x]) {
      const shape = [1, (x as Shape)[1] as number];
      return learned && !isHeld ? [{ what: 'table', key: `positions ${start} ${shape[1]}`, shape, type: 'int64' }] : [];
    },
    inputs: () => ['none'],
    repeats: () => true,
    weights: (a, [x]) => (a.learned ? { table: addedUp(geometry(a, x as Shape)) } : {}),
  },
  run: (a, [x], { table }, alu) =>
    fill(geometry(a, x.shape), alu, ([, position, i]) => read(table as Tensor, [a.start + (position as number), i as number])),
});
