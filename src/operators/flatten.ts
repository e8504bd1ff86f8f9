import * as z from 'zod/mini';
import type { Shape } from '../core/shape.ts';
import { fail } from '../problems/problem.ts';
import { about, integer, withDefault } from './kit/attributes.ts';
import { axisOf } from './kit/axes.ts';
import { reshaped } from './kit/elements.ts';
import { viewAs } from './kit/gradient.ts';
import { defineOperator, type Inputs } from './kit/operator.ts';
import { asFarAs, merged } from './kit/reach.ts';
import { wholeWindow } from './kit/window.ts';

const attributes = z.strictObject({
  start: about(withDefault(integer, 1), 'The first axis to merge; from the end if negative.'),
  end: about(withDefault(integer, -1), 'The last axis to merge; from the end if negative.'),
});

function flattened(a: z.infer<typeof attributes>, [x]: Inputs): Shape {
  const start = axisOf(a.start, x, 'start');
  const end = axisOf(a.end, x, 'end');
  if (start > end)
    throw fail('CONTRADICTION', { message: `flatten starts at axis ${start}, after its end at axis ${end}. Swap them` }, 'start');
  let merged = 1;
  for (let axis = start; axis <= end; axis++) merged *= x[axis] as number;
  return [...x.slice(0, start), merged, ...x.slice(end + 1)];
}

export const flatten = defineOperator({
  name: 'flatten',
  summary: 'Merge the axes from start to end, both included, into one; all but the batch by default.',
  attributes,
  rule: 'Only gives a shape: no operations.',
  source: 'torch.nn.Flatten; ONNX operator Flatten',
  shape: flattened,
  reach({ start, end }, [x]) {
    const [from, to] = [start, end].map((axis) => [...x.keys()].at(axis) as number) as [number, number];
    return [...asFarAs(x.slice(0, from)), merged(x.slice(from, to + 1)), ...asFarAs(x.slice(to + 1))];
  },
  // The vector as a whole sees what its elements see together.
  window: ({ start }, [x]) => (axisOf(start, x, 'start') <= 1 ? wholeWindow(x) : 'apart'),
  inPlace: true,
  gradient: { view: (a, input) => viewAs(input, flattened(a, [input.shape])) },
  run: (a, [x]) => reshaped(x, flattened(a, [x.shape])),
});
