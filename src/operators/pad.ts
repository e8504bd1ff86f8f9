import * as z from 'zod/mini';
import { formatShape } from '../core/shape.ts';
import { elementOf } from '../core/tensor.ts';
import { fail } from '../problems/problem.ts';
import { about, margins, real, withDefault } from './kit/attributes.ts';
import { fill, read } from './kit/elements.ts';
import { MOVED } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';
import { type Reach, upTo } from './kit/reach.ts';

type Sides = readonly [before: number, after: number];

const sidesOf = (sides: number | Sides): Sides => (typeof sides === 'number' ? [sides, sides] : sides);

/** How much is added before and after an axis. */
const marginsOf = (amount: readonly (number | Sides)[], axis: number): Sides =>
  axis === 0 ? [0, 0] : sidesOf(amount[axis - 1] as number | Sides);

export const pad = defineOperator({
  name: 'pad',
  summary:
    'Add zeros, or another value, around a tensor: for each axis after the batch, as many as given on both sides or before and after.',
  attributes: z.strictObject({
    amount: about(margins, 'Elements added before and after each axis.'),
    value: about(withDefault(real, 0), 'What the added elements are.'),
  }),
  rule: 'Only moves elements: no operations.',
  source: 'torch.nn.functional.pad; ONNX operator Pad',
  shape({ amount }, [x]) {
    if (amount.length !== x.length - 1) {
      const message = `"amount" has ${amount.length} values, but ${formatShape(x)} has ${x.length - 1} axes after the batch. Give one for each`;
      throw fail('CONTRADICTION', { message }, 'amount');
    }
    return x.map((size, axis) => {
      const [before, after] = marginsOf(amount, axis);
      return before + size + after;
    });
  },
  /** The batch as it is; along each other axis what is added, what is there, and what is added again. */
  reach: ({ amount }, [[n, ...axes]]) => [
    upTo(n as number),
    ...axes.map((size, index): Reach => {
      const [before, after] = sidesOf(amount[index] as number | Sides);
      return (place) => place - before < size || place - before - size < after;
    }),
  ],
  gradient: MOVED,
  run({ amount, value: filling }, [x], _, alu) {
    const margins = x.shape.map((__, axis) => marginsOf(amount, axis));
    const output = x.shape.map((size, axis) => (margins[axis] as Sides)[0] + size + (margins[axis] as Sides)[1]);
    return fill(output, alu, (at) => {
      const from = at.map((place, axis) => place - (margins[axis] as Sides)[0]);
      return from.every((place, axis) => place >= 0 && place < (x.shape[axis] as number)) ? read(x, from) : elementOf(filling);
    });
  },
});
