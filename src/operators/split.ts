import * as z from 'zod/mini';
import { fail } from '../core/problem.ts';
import { formatShape, type Shape } from '../core/shape.ts';
import { integer, optional, parts, sizes, withDefault } from './attributes.ts';
import { axisOf, checkDivides } from './axes.ts';
import { defineOperator } from './operator.ts';

const attributes = z.strictObject({ parts: optional(parts), sizes: optional(sizes), axis: withDefault(integer, 1) });

/** The size of each part along the axis. */
function sizesOf(a: z.infer<typeof attributes>, axis: number, x: Shape): readonly number[] {
  const total = x[axis] as number;
  if (a.sizes !== undefined && a.parts === undefined) {
    const together = a.sizes.reduce((sum, size) => sum + size, 0);
    if (together === total) return a.sizes;
    const message = `The sizes ${a.sizes.join(', ')} add up to ${together}, but axis ${axis} of ${formatShape(x)} has ${total}. Make them fit`;
    throw fail('CONTRADICTION', { message }, 'sizes');
  }
  if (a.parts === undefined || a.sizes !== undefined)
    throw fail(
      'CONTRADICTION',
      { message: 'split needs either "parts", their number, or "sizes". Give one of the two' },
      a.parts === undefined ? undefined : 'parts',
    );
  checkDivides(`elements of axis ${axis}`, total, 'parts', a.parts);
  return new Array<number>(a.parts).fill(total / a.parts);
}

export const split = defineOperator({
  name: 'split',
  summary: 'Cut a tensor along an axis, the channels by default, into equal parts or into parts of given sizes; one output each.',
  attributes,
  rule: 'Only moves elements: no operations.',
  source: 'torch.split, torch.chunk; ONNX operator Split',
  shape(a, [x]) {
    const axis = axisOf(a.axis, x);
    return sizesOf(a, axis, x).map((size) => x.with(axis, size));
  },
});
