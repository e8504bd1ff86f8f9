import * as z from 'zod/mini';
import type { Shape } from '../core/shape.ts';
import { type Tensor, wholeOf } from '../core/tensor.ts';
import { fail } from '../problems/problem.ts';
import { about, positive } from './kit/attributes.ts';
import { addedUp, savedInput } from './kit/gradient.ts';
import { defineOperator, lookedUp } from './kit/operator.ts';
import { asFarAs } from './kit/reach.ts';

export const embedding = defineOperator({
  name: 'embedding',
  summary: 'Look up the row of a learned table [rows, out] for each id of [n, …].',
  attributes: z.strictObject({
    rows: about(positive, 'Rows of the table: how many ids there are.'),
    out: about(positive, 'Features of a row.'),
  }),
  rule: 'Only looks rows up: no operations.',
  source: 'torch.nn.Embedding; ONNX operator Gather',
  shape: ({ out }, [ids]) => [...ids, out],
  reach: ({ out }, [ids]) => asFarAs([...ids, out]),
  weights: ({ rows, out }) => ({ table: lookedUp([rows, out]) }),
  ids: ({ rows }) => rows,
  window: () => 'apart',
  gradient: {
    saves: () => [savedInput(0)],
    inputs: () => ['none'],
    weights: ({ out }, [ids]) => ({ table: addedUp([...(ids as Shape), out]) }),
    run({ rows, out }, { inputs: [ids], gradients: [gradient] }, { weights: alu }) {
      const table = alu.zeros([rows, out]);
      const [from, g] = [(ids as Tensor).data, (gradient as Tensor).data];
      for (let i = 0; i < g.length; i++) {
        const at = wholeOf(from[Math.floor(i / out)]) * out + (i % out);
        table.data[at] = alu.add(table.data[at], g[i]);
      }
      return { inputs: [undefined], weights: { table } };
    },
  },
  run({ rows, out }, [ids], weights, alu) {
    const table = weights.table as Tensor;
    const y = alu.zeros([...ids.shape, out]);
    for (let i = 0; i < ids.data.length; i++) {
      const id = wholeOf(ids.data[i]);
      if (id < 0 || id >= rows) throw fail('ID_OUT_OF_TABLE', { id, rows }, 'rows');
      for (let j = 0; j < out; j++) y.data[i * out + j] = table.data[id * out + j];
    }
    return y;
  },
});
