import * as z from 'zod/mini';
import type { Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { fail } from '../problems/problem.ts';
import { about, flag, positive, withDefault } from './kit/attributes.ts';
import { fill } from './kit/elements.ts';
import { addedUp } from './kit/gradient.ts';
import { defineOperator, lookedUp } from './kit/operator.ts';
import { asFarAs } from './kit/reach.ts';

const attributes = z.strictObject({
  buckets: about(withDefault(positive, 32), 'Rows of the table: how many ranges of distances are told apart.'),
  distance: about(withDefault(positive, 128), 'From this distance on, all positions are in the last bucket.'),
  both: about(withDefault(flag, true), 'Whether positions before and behind have buckets of their own; else those behind have that of 0.'),
});
type Buckets = z.infer<typeof attributes>;

/** The bucket of a key so many positions behind a query: one for each of the near ones, then ranges that grow by a constant factor. */
export function bucketOf({ buckets, distance, both }: Buckets, behind: number): number {
  const half = both ? Math.floor(buckets / 2) : buckets;
  const start = both && behind > 0 ? half : 0;
  const far = both ? Math.abs(behind) : Math.max(-behind, 0);
  const exact = Math.floor(half / 2);
  if (far < exact) return start + far;
  const range = exact + Math.floor((Math.log(far / exact) / Math.log(distance / exact)) * (half - exact));
  return start + Math.min(range, half - 1);
}

function geometry(a: Buckets, inputs: readonly Shape[]) {
  const [query, key] = inputs as [Shape, Shape];
  const [heads, queries, keys] = [query[1], query[2], key[2]] as [number, number, number];
  if (query.length !== 4 || key.length !== 4 || keys < queries)
    throw fail('SHAPES_DO_NOT_FIT', {
      operator: 'relativebias',
      rule: 'queries [n, heads, queries, width] and at least as many keys [n, key heads, keys, width] are needed',
      shapes: inputs,
    });
  if (a.buckets < (a.both ? 4 : 2) || a.distance <= a.buckets / (a.both ? 4 : 2))
    throw fail(
      'CONTRADICTION',
      { message: `${a.buckets} buckets do not reach to a distance of ${a.distance}. Use more of both` },
      'buckets',
    );
  return { heads, offset: keys - queries, output: [1, heads, queries, keys] };
}

export const relativebias = defineOperator({
  name: 'relativebias',
  summary:
    'A bias [1, heads, queries, keys] for the scores of queries [n, heads, queries, width] and keys, by buckets of their distance: from a learned table [buckets, heads]. The last query is at the last key.',
  attributes,
  rule: 'Only looks elements up: no operations; what adds them counts there.',
  source: 'Raffel et al. 2019, arXiv:1910.10683, section 2.1',
  inputs: { min: 2, max: 2 },
  shape: (a, inputs) => geometry(a, inputs).output,
  reach: (_, [[, heads, queries], key]) => asFarAs([1, heads, queries, (key as Shape)[2]] as number[]),
  weights: (a, inputs) => ({ table: lookedUp([a.buckets, geometry(a, inputs).heads]) }),
  window: () => 'apart',
  gradient: {
    inputs: () => ['none', 'none'],
    weights: (a, inputs) => ({ table: addedUp(geometry(a, inputs).output) }),
    repeats: () => true,
  },
  run(a, inputs, { table }, alu) {
    const { heads, offset, output } = geometry(
      a,
      inputs.map(({ shape }) => shape),
    );
    return fill(output, alu, ([, head, query, key]) => {
      const behind = (key as number) - (query as number) - offset;
      return (table as Tensor).data[bucketOf(a, behind) * heads + (head as number)];
    });
  },
});
