import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import type { Shape } from '../core/shape.ts';
import { type Tensor, ZERO } from '../core/tensor.ts';
import { each, elementFactors } from '../core/work.ts';
import { about, flag, integer, withDefault } from './kit/attributes.ts';
import { axisOf } from './kit/axes.ts';
import { offsetsAlong, otherAxes } from './kit/elements.ts';
import { addedUp, toInput } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';

interface Direction {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

/** The sums along an axis. */
function summedUp(a: Direction, { shape, data }: Tensor, alu: Alu): Tensor {
  const axis = axisOf(a.axis, shape);
  const y = alu.zeros(shape);
  const inOrder = offsetsAlong(shape, [axis]);
  const along = a.reverse ? inOrder.toReversed() : inOrder;
  for (const start of offsetsAlong(shape, otherAxes(shape, [axis]))) {
    let sum = ZERO;
    for (const place of along) {
      const before = sum;
      sum = alu.add(sum, data[start + place]);
      y.data[start + place] = a.exclusive ? before : sum;
    }
  }
  return y;
}

export const cumsum = defineOperator({
  name: 'cumsum',
  summary:
    'Replace every element by the sum of all up to it along an axis, the last by default: itself included unless exclusive: true, from the end with reverse: true.',
  attributes: z.strictObject({
    axis: about(withDefault(integer, -1), 'The axis to sum along; from the end if negative.'),
    exclusive: about(withDefault(flag, false), 'Whether each sum leaves its own element out.'),
    reverse: about(withDefault(flag, false), 'Whether to sum from the end of the axis.'),
  }),
  rule: 'One add per element.',
  source: 'torch.cumsum; ONNX operator CumSum',
  shape({ axis }, [x]) {
    axisOf(axis, x);
    return x;
  },
  work: (_, [x]) => [each({ add: 1 }, elementFactors(x))],
  window: () => 'apart',
  /** From the other end. */
  gradient: {
    inputs: (_, [x]) => [addedUp(x as Shape)],
    run: toInput((a, { g }, alu) => summedUp({ ...a, reverse: !a.reverse }, g, alu)),
  },
  run: (a, [x], _, alu) => summedUp(a, x, alu),
});
