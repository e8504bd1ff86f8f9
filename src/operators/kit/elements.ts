import type { Alu } from '../../core/alu.ts';
import { countOf, type Shape } from '../../core/shape.ts';
import type { Tensor, Value } from '../../core/tensor.ts';

/** How kernels walk over the elements of tensors. Nothing here computes with elements. */

/** Where an element stands in its tensor, axis by axis. */
export type Place = readonly number[];

/** The place as a number: how many elements are before it. */
export function offsetOf(shape: Shape, at: Place): number {
  let offset = 0;
  for (let axis = 0; axis < shape.length; axis++) offset = offset * (shape[axis] as number) + (at[axis] as number);
  return offset;
}

/** The element at a place. */
export const read = ({ shape, data }: Tensor, at: Place): Value => data[offsetOf(shape, at)];

/** The offsets of all places that some axes have, the last of them innermost, at the start of all other axes. */
export function offsetsAlong(shape: Shape, axes: readonly number[]): number[] {
  let offsets = [0];
  for (const axis of axes) {
    const step = countOf(shape.slice(axis + 1));
    const places = Array.from({ length: shape[axis] as number }, (_, place) => place * step);
    offsets = offsets.flatMap((offset) => places.map((place) => offset + place));
  }
  return offsets;
}

/** The axes of a shape that are not among those given. */
export const otherAxes = (shape: Shape, axes: readonly number[]): number[] => [...shape.keys()].filter((axis) => !axes.includes(axis));

/** Moves on to the next place, the last axis first. */
function step(at: number[], shape: Shape): void {
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    at[axis] = (at[axis] as number) + 1;
    if ((at[axis] as number) < (shape[axis] as number)) return;
    at[axis] = 0;
  }
}

/** All places of a shape in order. */
export function placesOf(shape: Shape): Place[] {
  const at = shape.map(() => 0);
  return Array.from({ length: countOf(shape) }, () => {
    const place = [...at];
    step(at, shape);
    return place;
  });
}

/** A new tensor, filled place by place. The place is the same object each time. */
export function fill(shape: Shape, alu: Alu, valueAt: (at: Place) => Value): Tensor {
  const y = alu.zeros(shape);
  const at = shape.map(() => 0);
  for (let offset = 0; offset < y.data.length; offset++) {
    y.data[offset] = valueAt(at);
    step(at, shape);
  }
  return y;
}

/** A new tensor of the same shape, element by element. */
export function mapElements(x: Tensor, alu: Alu, compute: (element: Value, alu: Alu) => Value): Tensor {
  const y = alu.zeros(x.shape);
  for (let i = 0; i < x.data.length; i++) y.data[i] = compute(x.data[i], alu);
  return y;
}

/** The same elements in another shape. */
export const reshaped = ({ data }: Tensor, shape: Shape): Tensor => ({ shape, data });
