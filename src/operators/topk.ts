import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import type { Shape } from '../core/shape.ts';
import { type Element, elementOf, LEAST, MOST, type Tensor, wholeOf } from '../core/tensor.ts';
import { each, elementFactors, factor } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { about, flag, integer, positive, withDefault } from './kit/attributes.ts';
import { axisOf } from './kit/axes.ts';
import { offsetsAlong, otherAxes } from './kit/elements.ts';
import { defineOperator } from './kit/operator.ts';
import { asFarAs, upTo } from './kit/reach.ts';

const attributes = z.strictObject({
  k: about(positive, 'How many elements are kept.'),
  axis: about(withDefault(integer, -1), 'The axis to search along; from the end if negative.'),
  smallest: about(withDefault(flag, false), 'Whether the smallest are kept, not the greatest.'),
});

function kept({ k, axis }: z.infer<typeof attributes>, x: Shape): Shape {
  const along = axisOf(axis, x);
  if (k > (x[along] as number)) throw fail('BOUNDS_OUTSIDE', { start: 0, end: k, size: x[along] as number }, 'k');
  return x.with(along, k);
}

/** The greatest or the least of those that are not taken, and its place; those that are count as the last that would be found. */
function bestOf(elements: readonly Element[], taken: ReadonlySet<number>, isLeast: boolean, alu: Alu): [best: Element, place: number] {
  const last = isLeast ? MOST : LEAST;
  let [best, found] = [last, elements.findIndex((_, i) => !taken.has(i))];
  for (const [i, given] of elements.entries()) {
    const element = taken.has(i) ? last : given;
    if (isLeast ? alu.compare(best, element) : alu.compare(element, best)) [best, found] = [element, i];
  }
  return [best, found];
}

export const topk = defineOperator({
  name: 'topk',
  summary:
    'Keep the k greatest elements, or with smallest: true the least, of every vector along an axis, the last by default, in order; the second output says where they stood.',
  attributes,
  rule: 'k compares per element: the greatest is looked for k times.',
  source: 'torch.topk; ONNX operator TopK',
  shape: (a, [x]) => [kept(a, x), kept(a, x)],
  reach({ k, axis }, [x]) {
    const kept = asFarAs(x).with(axis, upTo(k));
    return [kept, kept];
  },
  work(a, [x]) {
    kept(a, x);
    const [batch, ...others] = elementFactors(x);
    return batch === undefined ? [] : [each({ compare: 1 }, [batch, factor('k', a.k), ...others])];
  },
  window: () => 'apart',
  /** Back to where each stood; places have no slope. */
  gradient: {
    saves: (a, [x]) => [{ what: 'indices', shape: kept(a, x as Shape), type: 'int64' }],
    run: (a, { inputs: [x], outputs: [, places], gradients: [g] }, { inputs: alu }) => {
      const { shape } = x as Tensor;
      const axis = axisOf(a.axis, shape);
      const to = alu.zeros(shape);
      const along = offsetsAlong(shape, [axis]);
      const picked = offsetsAlong((places as Tensor).shape, [axis]);
      const starts = offsetsAlong((places as Tensor).shape, otherAxes((places as Tensor).shape, [axis]));
      for (const [vector, first] of offsetsAlong(shape, otherAxes(shape, [axis])).entries())
        for (const offset of picked) {
          const from = (starts[vector] as number) + offset;
          to.data[first + (along[wholeOf((places as Tensor).data[from])] as number)] = (g as Tensor).data[from];
        }
      return { inputs: [to], weights: {} };
    },
  },
  run(a, [x], _, alu) {
    const axis = axisOf(a.axis, x.shape);
    const [values, places] = [alu.zeros(kept(a, x.shape)), alu.zeros(kept(a, x.shape))];
    const along = offsetsAlong(x.shape, [axis]);
    const to = offsetsAlong(values.shape, [axis]);
    const starts = offsetsAlong(values.shape, otherAxes(values.shape, [axis]));
    for (const [vector, from] of offsetsAlong(x.shape, otherAxes(x.shape, [axis])).entries()) {
      const taken = new Set<number>();
      for (const place of to) {
        const [best, found] = bestOf(
          along.map((offset) => x.data[from + offset]),
          taken,
          a.smallest,
          alu,
        );
        taken.add(found);
        values.data[(starts[vector] as number) + place] = best;
        places.data[(starts[vector] as number) + place] = elementOf(found);
      }
    }
    return [values, places];
  },
});
