import { countOf, type Shape, sameShape } from '../../core/shape.ts';

/** How far apart neighbours along each axis lie, in row-major order. */
export function stridesOf(shape: Shape): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = (strides[axis + 1] as number) * (shape[axis + 1] as number);
  return strides;
}

/** Calls with every place of a shape in order; the place is the same array each time. */
export function eachPlace(shape: Shape, visit: (at: readonly number[]) => void): void {
  const total = countOf(shape);
  const at = shape.map(() => 0);
  for (let i = 0; i < total; i++) {
    visit(at);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at[axis] = (at[axis] as number) + 1;
      if ((at[axis] as number) < (shape[axis] as number)) break;
      at[axis] = 0;
    }
  }
}

/** Where a place of a shape is. */
export function offsetIn(strides: readonly number[], at: readonly number[]): number {
  let offset = 0;
  for (const [axis, stride] of strides.entries()) offset += (at[axis] as number) * stride;
  return offset;
}

/** For every element of a shape, the element that stands there of a tensor that broadcasts to it. */
export function broadcastTo<T>(elements: readonly T[], from: Shape, to: Shape): readonly T[] {
  if (sameShape(from, to)) return elements;
  if (elements.length === 1) return new Array<T>(countOf(to)).fill(elements[0] as T);
  const missing = to.length - from.length;
  const strides = stridesOf(from).map((stride, axis) => (from[axis] === 1 ? 0 : stride));
  const result: T[] = [];
  eachPlace(to, (at) => {
    let offset = 0;
    for (const [axis, stride] of strides.entries()) offset += (at[axis + missing] as number) * stride;
    result.push(elements[offset] as T);
  });
  return result;
}
