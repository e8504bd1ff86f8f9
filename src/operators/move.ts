import * as z from 'zod/mini';
import { shapes, text } from './attributes.ts';
import { fill } from './elements.ts';
import { defineOperator } from './operator.ts';

export const move = defineOperator({
  name: 'move',
  summary: 'Pick, repeat or rearrange elements of its inputs, in a way that another format names, to outputs of given shapes.',
  attributes: () => z.strictObject({ by: text(), to: shapes() }),
  rule: 'Only moves elements: no operations.',
  source: 'ONNX operators Gather, Scatter, Tile, Expand, Where, DepthToSpace and their like',
  inputs: { min: 1, max: Number.POSITIVE_INFINITY },
  shape: ({ to }) => to,
  window: () => 'apart',
  /** Which element goes where changes nothing of what is computed: they are taken in turn. */
  run({ to }, inputs, _, alu) {
    const { data } = inputs.find((input) => input.data.length > 0) ?? inputs[0];
    return to.map((shape) => {
      let next = 0;
      return fill(shape, alu, () => data[next++ % data.length]);
    });
  },
});
