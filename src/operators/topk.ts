import * as z from 'zod/mini';
import { fail } from '../core/problem.ts';
import type { Shape } from '../core/shape.ts';
import { LEAST, value } from '../core/tensor.ts';
import { each, elementFactors, factor } from '../core/work.ts';
import { integer, positive, withDefault } from './attributes.ts';
import { axisOf } from './axes.ts';
import { offsetsAlong, otherAxes } from './elements.ts';
import { defineOperator } from './operator.ts';

const attributes = () => z.strictObject({ k: positive(), axis: withDefault(integer(), -1) });

function kept({ k, axis }: z.infer<ReturnType<typeof attributes>>, x: Shape): Shape {
  const along = axisOf(axis, x);
  if (k > (x[along] as number)) throw fail('BOUNDS_OUTSIDE', { start: 0, end: k, size: x[along] as number }, 'k');
  return x.with(along, k);
}

export const topk = defineOperator({
  name: 'topk',
  summary:
    'Keep the k greatest elements of every vector along an axis, the last by default, in order; the second output says where they stood.',
  attributes,
  rule: 'k compares per element: the greatest is looked for k times.',
  source: 'torch.topk; ONNX operator TopK',
  shape: (a, [x]) => [kept(a, x), kept(a, x)],
  work(a, [x]) {
    kept(a, x);
    const [batch, ...others] = elementFactors(x);
    return batch === undefined ? [] : [each({ compare: 1 }, [batch, factor('k', a.k), ...others])];
  },
  window: () => 'apart',
  run(a, [x], _, alu) {
    const axis = axisOf(a.axis, x.shape);
    const [values, places] = [alu.zeros(kept(a, x.shape)), alu.zeros(kept(a, x.shape))];
    const along = offsetsAlong(x.shape, [axis]);
    const to = offsetsAlong(values.shape, [axis]);
    const starts = offsetsAlong(values.shape, otherAxes(values.shape, [axis]));
    for (const [vector, from] of offsetsAlong(x.shape, otherAxes(x.shape, [axis])).entries()) {
      const taken = new Set<number>();
      for (const place of to) {
        let greatest = LEAST;
        let found = along.findIndex((__, i) => !taken.has(i));
        for (const [i, offset] of along.entries()) {
          const element = taken.has(i) ? LEAST : x.data[from + offset];
          if (alu.compare(element, greatest)) [greatest, found] = [element, i];
        }
        taken.add(found);
        values.data[(starts[vector] as number) + place] = greatest;
        places.data[(starts[vector] as number) + place] = value(found);
      }
    }
    return [values, places];
  },
});
