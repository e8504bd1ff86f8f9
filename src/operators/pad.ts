import * as z from 'zod/mini';
import { fail } from '../core/problem.ts';
import { formatShape } from '../core/shape.ts';
import { margins } from './attributes.ts';
import { defineOperator } from './operator.ts';

export const pad = defineOperator({
  name: 'pad',
  summary: 'Add zeros around a tensor: for each axis after the batch, as many as given on both sides or before and after.',
  attributes: z.strictObject({ amount: margins }),
  rule: 'Only moves elements: no operations.',
  source: 'torch.nn.functional.pad; ONNX operator Pad',
  shape({ amount }, [x]) {
    if (amount.length !== x.length - 1) {
      const message = `"amount" has ${amount.length} values, but ${formatShape(x)} has ${x.length - 1} axes after the batch. Give one for each`;
      throw fail('CONTRADICTION', { message }, 'amount');
    }
    return x.map((size, axis) => {
      const sides = axis === 0 ? 0 : (amount[axis - 1] as (typeof amount)[number]);
      const [before, after] = typeof sides === 'number' ? [sides, sides] : sides;
      return before + size + after;
    });
  },
});
