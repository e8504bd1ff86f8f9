import type { Misfit, Shape } from './shape.ts';

function misfitAlong(axis: number, shapes: readonly Shape[], fits: (size: number) => boolean): Misfit[] {
  const sizes = shapes.map((shape) => shape.at(axis));
  const first = sizes.findIndex((size) => size !== undefined && !fits(size));
  const second = sizes.findIndex((size) => size !== undefined && !fits(size) && size !== sizes[first]);
  return second < 0 ? [] : [{ axis, of: [first, second], sizes: [sizes[first] as number, sizes[second] as number] }];
}

/** The axes along which shapes do not broadcast. */
export function misfitsOfBroadcast(shapes: readonly Shape[]): Misfit[] {
  const ranks = shapes.map(({ length }) => length);
  const [least, most] = [Math.min(...ranks), Math.max(...ranks)];
  const axes = Array.from({ length: most }, (_, axis) => (least === most ? axis : axis - most));
  return axes.flatMap((axis) => misfitAlong(axis, shapes, (size) => size === 1));
}

/** The axes but one along which shapes of one rank differ. */
export function misfitsBeside(along: number, shapes: readonly Shape[]): Misfit[] {
  const [first] = shapes;
  if (first === undefined || shapes.some(({ length }) => length !== first.length)) return [];
  return first.flatMap((_, axis) => (axis === along ? [] : misfitAlong(axis, shapes, () => false)));
}
