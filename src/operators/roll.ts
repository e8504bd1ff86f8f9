import * as z from 'zod/mini';
import { fail } from '../problems/problem.ts';
import { about, axes, shifts } from './kit/attributes.ts';
import { axesOf } from './kit/axes.ts';
import { around } from './kit/edges.ts';
import { fill, read } from './kit/elements.ts';
import { MOVED } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';

export const roll = defineOperator({
  name: 'roll',
  summary: 'Shift elements along one or more axes; what leaves at one end enters at the other.',
  attributes: z.strictObject({
    axis: about(axes, 'The axes to shift along; from the end if negative.'),
    shift: about(shifts, 'How far elements move towards the end; those that leave come back at the start.'),
  }),
  rule: 'Only moves elements: no operations.',
  source: 'Liu et al. 2021, arXiv:2103.14030, section 3.2; torch.roll',
  shape({ axis, shift }, [x]) {
    const [expected, actual] = [axesOf(axis, x).length, [shift].flat().length];
    if (actual !== expected)
      throw fail('CONTRADICTION', { message: `roll has ${expected} axes, but ${actual} shifts. Give one for each` }, 'shift');
    return x;
  },
  window: () => 'apart',
  gradient: MOVED,
  run({ axis, shift }, [x], _, alu) {
    const shifts = x.shape.map(() => 0);
    for (const [i, along] of axesOf(axis, x.shape).entries()) shifts[along] = [shift].flat()[i] as number;
    return fill(x.shape, alu, (at) =>
      read(
        x,
        at.map((place, along) => around(place - (shifts[along] as number), x.shape[along] as number)),
      ),
    );
  },
});
