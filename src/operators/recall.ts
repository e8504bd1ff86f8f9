import * as z from 'zod/mini';
import { ONE } from '../core/tensor.ts';
import { about, sizes } from './kit/attributes.ts';
import { fill } from './kit/elements.ts';
import { defineOperator } from './kit/operator.ts';
import { asFarAs } from './kit/reach.ts';

export const recall = defineOperator({
  name: 'recall',
  summary:
    'A tensor [n, …shape] that an earlier step has left and later ones keep, such as keys and values of another sequence; reads only the batch of its input.',
  attributes: z.strictObject({ shape: about(sizes, 'Shape without the batch.') }),
  rule: 'Free: no operations. In a run, ones stand for its elements.',
  source: 'Raffel et al. 2019, arXiv:1910.10683, section 2.1: decoding',
  shape: ({ shape }, [x]) => [x[0] as number, ...shape],
  reach: ({ shape }, [[n]]) => asFarAs([n as number, ...shape]),
  state: ({ shape }, [x]) => [{ shape: [x[0] as number, ...shape] }],
  window: () => 'apart',
  gradient: { inputs: () => ['none'], held: true },
  run: ({ shape }, [x], _, alu) => fill([x.shape[0] as number, ...shape], alu, () => ONE),
});
