import * as z from 'zod/mini';
import type { Shape } from '../core/shape.ts';
import { fail } from '../problems/problem.ts';
import { about, integer, optional, positive, wholeOrZero, withDefault } from './kit/attributes.ts';
import { axisOf } from './kit/axes.ts';
import { fill, read } from './kit/elements.ts';
import { defineOperator, type Inputs } from './kit/operator.ts';
import { asFarAs } from './kit/reach.ts';

const attributes = z.strictObject({
  axis: about(integer, 'The axis to cut; from the end if negative.'),
  start: about(withDefault(wholeOrZero, 0), 'The first element kept.'),
  end: about(optional(positive), 'The first element after those kept; the size of the axis unless given.'),
  step: about(withDefault(positive, 1), 'Distance between elements kept.'),
});

function sliced(a: z.infer<typeof attributes>, [x]: Inputs): Shape {
  const axis = axisOf(a.axis, x);
  const size = x[axis] as number;
  const { start, end = size } = a;
  if (start >= end || end > size) throw fail('BOUNDS_OUTSIDE', { start, end, size }, a.end === undefined ? 'start' : 'end');
  return x.with(axis, Math.ceil((end - start) / a.step));
}

export const slice = defineOperator({
  name: 'slice',
  summary: 'Keep every step-th element from start up to, but not including, end of an axis; the axis stays.',
  attributes,
  rule: 'Only moves elements: no operations.',
  source: 'ONNX operator Slice',
  shape: sliced,
  reach({ axis, start, end, step }, [x]) {
    const last = end ?? (x.at(axis) as number);
    return asFarAs(x).with(axis, (place) => start + place * step < last);
  },
  gradient: {
    view: (a, { shape, strides }) => {
      const axis = axisOf(a.axis, shape);
      return [{ shape: sliced(a, [shape]), strides: strides.with(axis, (strides[axis] as number) * a.step) }];
    },
  },
  run(a, [x], _, alu) {
    const axis = axisOf(a.axis, x.shape);
    return fill(sliced(a, [x.shape]), alu, (at) => read(x, at.with(axis, a.start + (at[axis] as number) * a.step)));
  },
  window: (a, [x]) => x.slice(2).map((_, axis) => ({ span: 1, stride: axis + 2 === axisOf(a.axis, x) ? a.step : 1 })),
});
