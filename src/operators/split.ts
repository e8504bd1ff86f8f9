import * as z from 'zod/mini';
import { formatShape, type Shape } from '../core/shape.ts';
import { fail } from '../problems/problem.ts';
import { about, integer, optional, parts, sizes, withDefault } from './kit/attributes.ts';
import { axisOf, checkDivides, checkEither } from './kit/axes.ts';
import { fill, read } from './kit/elements.ts';
import { defineOperator } from './kit/operator.ts';
import { asFarAs, type Reach, upTo } from './kit/reach.ts';

const attributes = z.strictObject({
  parts: about(optional(parts), 'How many equal parts; either this or sizes.'),
  sizes: about(optional(sizes), 'The size of each part; either this or parts.'),
  axis: about(withDefault(integer, 1), 'The axis to cut; from the end if negative.'),
});

/** The size of each part along the axis. */
function sizesOf(a: z.infer<typeof attributes>, axis: number, x: Shape): readonly number[] {
  checkEither('split', a, 'parts', 'sizes');
  const { parts: count = 1, sizes: given } = a;
  const total = x[axis] as number;
  if (given === undefined) {
    checkDivides(`elements of axis ${axis}`, total, 'parts', count);
    return new Array<number>(count).fill(total / count);
  }
  const together = given.reduce((sum, size) => sum + size, 0);
  if (together === total) return given;
  const message = `The sizes ${given.join(', ')} add up to ${together}, but axis ${axis} of ${formatShape(x)} has ${total}. Make them fit`;
  throw fail('CONTRADICTION', { message }, 'sizes');
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
  /** Equal parts are dealt one element each, as long as there are some for all. */
  reach({ parts: count, sizes: given, axis }, [x]) {
    const total = x.at(axis) as number;
    const reaches = given?.map(upTo) ?? new Array<Reach>(count as number).fill((place) => place * (count as number) < total);
    return reaches.map((reach) => asFarAs(x).with(axis, reach));
  },
  gradient: {
    view: (a, { shape, strides }) => {
      const axis = axisOf(a.axis, shape);
      return sizesOf(a, axis, shape).map((size) => ({ shape: shape.with(axis, size), strides }));
    },
  },
  run(a, [x], _, alu) {
    const axis = axisOf(a.axis, x.shape);
    let start = 0;
    return sizesOf(a, axis, x.shape).map((size) => {
      const first = start;
      start += size;
      return fill(x.shape.with(axis, size), alu, (at) => read(x, at.with(axis, first + (at[axis] as number))));
    });
  },
});
