import * as z from 'zod/mini';
import type { Shape } from '../core/shape.ts';
import type { Tensor, Value } from '../core/tensor.ts';
import { about, indices, integer, optional, real, shapes, text } from './kit/attributes.ts';
import { fill, type Place } from './kit/elements.ts';
import { defineOperator } from './kit/operator.ts';
import { PICKINGS, type Picks } from './kit/picking.ts';

const attributes = z.strictObject({
  by: about(text, 'The ONNX operator that says which elements are picked.'),
  to: about(shapes, 'Shapes of the outputs.'),
  axis: about(optional(integer), 'The axis that the operator works along.'),
  mode: about(optional(text), 'The mode of the operator.'),
  places: about(optional(indices), 'Fixed indices, counts or offsets of the operator.'),
  value: about(optional(real), 'What fills places that no input reaches.'),
});

/** The element for each place; those of the first input that has some in turn, where it is not known which go where. */
function elementsFor(by: string, picks: Picks, inputs: readonly Tensor[], to: Shape): (at: Place, offset: number) => Value {
  const picking = Object.hasOwn(PICKINGS, by) ? PICKINGS[by] : undefined;
  const picked = picking?.(picks, inputs, to);
  if (picked !== undefined) return picked;
  const { data } = inputs.find((input) => input.data.length > 0) ?? (inputs[0] as Tensor);
  return (_, offset) => data[offset % data.length];
}

export const move = defineOperator({
  name: 'move',
  summary:
    'Pick, repeat or rearrange elements of its inputs to outputs of given shapes, as the operator of ONNX does that is named; by any other name they are taken in turn. Which elements they are axis, mode, places and value say where shapes do not; no count depends on it.',
  attributes,
  rule: 'Only moves elements: no operations.',
  source: 'ONNX operators Gather, Scatter, Tile, Expand, Where, DepthToSpace and their like',
  inputs: { min: 1, max: Number.POSITIVE_INFINITY },
  shape: ({ to }) => to,
  window: () => 'apart',
  run: ({ by, to, ...picks }, inputs, _, alu) =>
    to.map((shape) => {
      const elementAt = elementsFor(by, picks, inputs, shape);
      let offset = 0;
      return fill(shape, alu, (at) => elementAt(at, offset++));
    }),
});
