import * as z from 'zod/mini';
import type { Shape } from '../core/shape.ts';
import { about, flag, optional, positive, sizes, withDefault } from './kit/attributes.ts';
import type { Inputs } from './kit/operator.ts';

/**
 * A tensor that does not come from the input: its shape without the batch, and whether it is there for each of the batch;
 * or its whole shape.
 */
export const tensorAttributes = z.strictObject({
  shape: about(sizes, 'The shape of the tensor, without the batch.'),
  expand: about(withDefault(flag, true), 'Whether it is repeated for each input of the batch; if not, its batch is 1.'),
  batch: about(optional(positive), 'How many there are with expand; the batch of the input unless given.'),
  whole: about(withDefault(flag, false), 'Whether the shape includes the batch.'),
});

/** Whether it is there once for each input of a batch. */
export const isForEach = ({ expand, whole }: z.infer<typeof tensorAttributes>): boolean => expand && !whole;

/** The shape of such a tensor; of the input only the batch is read, where none is given. */
export const tensorShape = ({ shape, expand, batch, whole }: z.infer<typeof tensorAttributes>, [[n]]: Inputs): Shape =>
  whole ? shape : [expand ? (batch ?? (n as number)) : 1, ...shape];
