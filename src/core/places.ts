import { elementCount, type Shape, sameShape } from './shape.ts';

/** Where elements stand in tensors, row by row: the last axis is innermost. Nothing here computes with elements. */

/** The place of an element in its tensor, axis by axis. */
export type Place = readonly number[];

/** An axis as it is counted from 0, a negative one from the end; `undefined` where there is none. */
export function countedAxis(axis: number, rank: number): number | undefined {
  const counted = axis < 0 ? axis + rank : axis;
  return counted >= 0 && counted < rank ? counted : undefined;
}

/** How far apart neighbours along each axis are. */
export function stridesOf(shape: Shape): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = (strides[axis + 1] as number) * (shape[axis + 1] as number);
  return strides;
}

/** The place as a number: how many elements are before it. */
export function offsetOf(shape: Shape, at: Place): number {
  let offset = 0;
  for (let axis = 0; axis < shape.length; axis++) offset = offset * (shape[axis] as number) + (at[axis] as number);
  return offset;
}

/** The same of a tensor that broadcasts to the shape that the place is in: an axis of size 1 is repeated. */
export function broadcastOffset(shape: Shape, at: Place): number {
  const missing = at.length - shape.length;
  let offset = 0;
  for (let axis = 0; axis < shape.length; axis++) {
    const size = shape[axis] as number;
    offset = offset * size + (size === 1 ? 0 : (at[missing + axis] as number));
  }
  return offset;
}

/** How far it is from the first element to a place, in steps along each axis. */
export function offsetIn(strides: readonly number[], at: Place): number {
  let offset = 0;
  for (let axis = 0; axis < strides.length; axis++) offset += (at[axis] as number) * (strides[axis] as number);
  return offset;
}

/** The place that so many elements are before. */
export function placeAt(shape: Shape): (offset: number) => number[] {
  const strides = stridesOf(shape);
  return (offset) => shape.map((size, axis) => Math.floor(offset / (strides[axis] as number)) % size);
}

/** Calls with every place of a shape in order; the place is the same array each time. */
export function eachPlace(shape: Shape, visit: (at: Place, offset: number) => void): void {
  const total = elementCount(shape);
  const at = shape.map(() => 0);
  for (let offset = 0; offset < total; offset++) {
    visit(at, offset);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at[axis] = (at[axis] as number) + 1;
      if ((at[axis] as number) < (shape[axis] as number)) break;
      at[axis] = 0;
    }
  }
}

/** All places of a shape in order. */
export function placesOf(shape: Shape): Place[] {
  const places: Place[] = [];
  eachPlace(shape, (at) => places.push([...at]));
  return places;
}

/** For every element of a shape, the element that stands there of a tensor that broadcasts to it. */
export function broadcastTo<T>(elements: readonly T[], from: Shape, to: Shape): readonly T[] {
  if (sameShape(from, to)) return elements;
  if (elements.length === 1) return new Array<T>(elementCount(to)).fill(elements[0] as T);
  const spread: T[] = [];
  eachPlace(to, (at) => spread.push(elements[broadcastOffset(from, at)] as T));
  return spread;
}
