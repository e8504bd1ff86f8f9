import * as z from 'zod/mini';
import { fail } from '../problems/problem.ts';
import { about, integers } from './kit/attributes.ts';
import { fill, read } from './kit/elements.ts';
import { permutedLayout } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';
import { upTo } from './kit/reach.ts';

export const permute = defineOperator({
  name: 'permute',
  summary: 'Put the axes, the batch included, into another order: [0, 2, 3, 1] takes [n, c, h, w] to [n, h, w, c].',
  attributes: z.strictObject({ order: about(integers, 'For each output axis, the input axis that it was; the batch is axis 0.') }),
  rule: 'Only moves elements: no operations.',
  source: 'torch.permute; ONNX operator Transpose',
  shape({ order }, [x]) {
    if (order.length !== x.length || x.some((_, axis) => !order.includes(axis)))
      throw fail('NOT_A_PERMUTATION', { order, rank: x.length }, 'order');
    return order.map((axis) => x[axis] as number);
  },
  reach: ({ order }, [x]) => order.map((axis) => upTo(x[axis] as number)),
  window: () => 'apart',
  gradient: { view: ({ order }, input) => [permutedLayout(input, order)] },
  run({ order }, [x], _, alu) {
    const from = order.map(() => 0);
    return fill(
      order.map((axis) => x.shape[axis] as number),
      alu,
      (at) => {
        for (const [to, axis] of order.entries()) from[axis] = at[to] as number;
        return read(x, from);
      },
    );
  },
});
