import * as z from 'zod/mini';
import { fail } from '../core/problem.ts';
import { integer, optional, positive, wholeOrZero, withDefault } from './attributes.ts';
import { axisOf } from './axes.ts';
import { defineOperator } from './operator.ts';

export const slice = defineOperator({
  name: 'slice',
  summary: 'Keep every step-th element from start up to, but not including, end of an axis; the axis stays.',
  attributes: z.strictObject({
    axis: integer,
    start: withDefault(wholeOrZero, 0),
    end: optional(positive),
    step: withDefault(positive, 1),
  }),
  rule: 'Only moves elements: no operations.',
  source: 'ONNX operator Slice',
  shape(a, [x]) {
    const axis = axisOf(a.axis, x);
    const size = x[axis] as number;
    const { start, end = size } = a;
    if (start >= end || end > size) throw fail('BOUNDS_OUTSIDE', { start, end, size }, a.end === undefined ? 'start' : 'end');
    return x.with(axis, Math.ceil((end - start) / a.step));
  },
  window: (a, [x]) => x.slice(2).map((_, axis) => ({ span: 1, stride: axis + 2 === axisOf(a.axis, x) ? a.step : 1 })),
});
