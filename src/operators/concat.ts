import * as z from 'zod/mini';
import { misfitsBeside } from '../core/misfit.ts';
import { fail } from '../problems/problem.ts';
import { about, integer, withDefault } from './kit/attributes.ts';
import { axisOf } from './kit/axes.ts';
import { fill, read } from './kit/elements.ts';
import { MOVED } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';
import { asFarAs } from './kit/reach.ts';

export const concat = defineOperator({
  name: 'concat',
  summary: 'Lay tensors end to end along an axis, the channels by default.',
  attributes: z.strictObject({
    axis: about(withDefault(integer, 1), 'The axis along which the inputs follow each other; from the end if negative.'),
  }),
  rule: 'Only moves elements: no operations.',
  source: 'torch.cat; ONNX operator Concat',
  inputs: { min: 2, max: Number.POSITIVE_INFINITY },
  shape(a, inputs) {
    const [first] = inputs;
    const along = axisOf(a.axis, first);
    let total = 0;
    for (const shape of inputs) {
      if (shape.length !== first.length || shape.some((size, axis) => axis !== along && size !== first[axis]))
        throw fail('SHAPES_DO_NOT_FIT', {
          operator: 'concat',
          rule: `all axes but axis ${along} must be equal`,
          shapes: inputs,
          misfits: misfitsBeside(along, inputs),
        });
      total += shape[along] as number;
    }
    return first.with(along, total);
  },
  reach({ axis }, inputs) {
    const isIn = (place: number): boolean => {
      let rest = place;
      for (const shape of inputs) {
        if (rest < (shape.at(axis) as number)) return true;
        rest -= shape.at(axis) as number;
      }
      return false;
    };
    return asFarAs(inputs[0]).with(axis, isIn);
  },
  gradient: MOVED,
  run(a, inputs, _, alu) {
    const [first] = inputs;
    const along = axisOf(a.axis, first.shape);
    const output = first.shape.with(
      along,
      inputs.reduce((total, { shape }) => total + (shape[along] as number), 0),
    );
    // For each place along the axis, the input that it comes from and the place there.
    const origins = inputs.flatMap((input) => Array.from({ length: input.shape[along] as number }, (__, place) => ({ input, place })));
    return fill(output, alu, (at) => {
      const { input, place } = origins[at[along] as number] as (typeof origins)[number];
      return read(input, at.with(along, place));
    });
  },
});
