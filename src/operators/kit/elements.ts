import type { Alu } from '../../core/alu.ts';
import { broadcastOffset, eachPlace, offsetOf, type Place } from '../../core/places.ts';
import { elementCount, type Shape } from '../../core/shape.ts';
import type { Element, Tensor } from '../../core/tensor.ts';

/** How kernels walk over the elements of tensors. Nothing here computes with elements. */

/** The element at a place. */
export const read = ({ shape, data }: Tensor, at: Place): Element => data[offsetOf(shape, at)];

/** The element at a place of the shape that a tensor broadcasts to: an axis of size 1 is repeated. */
export const readBroadcast = ({ shape, data }: Tensor, at: Place): Element => data[broadcastOffset(shape, at)];

/** The offsets of all places that some axes have, the last of them innermost, at the start of all other axes. */
export function offsetsAlong(shape: Shape, axes: readonly number[]): number[] {
  let offsets = [0];
  for (const axis of axes) {
    const step = elementCount(shape.slice(axis + 1));
    const places = Array.from({ length: shape[axis] as number }, (_, place) => place * step);
    offsets = offsets.flatMap((offset) => places.map((place) => offset + place));
  }
  return offsets;
}

/** The axes of a shape that are not among those given. */
export const otherAxes = (shape: Shape, axes: readonly number[]): number[] => [...shape.keys()].filter((axis) => !axes.includes(axis));

/** A new tensor, filled place by place. The place is the same object each time. */
export function fill(shape: Shape, alu: Alu, valueAt: (at: Place, offset: number) => Element): Tensor {
  const y = alu.zeros(shape);
  eachPlace(shape, (at, offset) => {
    y.data[offset] = valueAt(at, offset);
  });
  return y;
}

/** A new tensor of the same shape, element by element. */
export function mapElements(x: Tensor, alu: Alu, compute: (element: Element, alu: Alu) => Element): Tensor {
  const y = alu.zeros(x.shape);
  for (let i = 0; i < x.data.length; i++) y.data[i] = compute(x.data[i], alu);
  return y;
}

/** The same elements in another shape. */
export const reshaped = ({ data }: Tensor, shape: Shape): Tensor => ({ shape, data });
