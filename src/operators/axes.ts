import { fail } from '../core/problem.ts';
import type { Shape } from '../core/shape.ts';
import { type Factor, factor } from '../core/work.ts';

/** An axis as it is counted from 0; a negative one counts from the end. */
export function axisOf(axis: number, shape: Shape, attribute = 'axis'): number {
  const counted = axis < 0 ? axis + shape.length : axis;
  if (counted < 0 || counted >= shape.length) throw fail('AXIS_OUT_OF_RANGE', { axis, shape }, attribute);
  return counted;
}

/** Several axes, each named once, as they are counted from 0. */
export function axesOf(axes: number | readonly number[], shape: Shape, attribute = 'axis'): number[] {
  const counted = [axes].flat().map((axis) => axisOf(axis, shape, attribute));
  if (new Set(counted).size !== counted.length) throw fail('CONTRADICTION', { message: `"${attribute}" names an axis twice` }, attribute);
  return counted;
}

/** Checks that the input is `[n, c, …]`. */
export function checkChannels(operator: string, shape: Shape): void {
  if (shape.length < 2) throw fail('WRONG_RANK', { operator, expected: 'a batch and channels', shape });
}

/** A factor for each of some leading axes, the batch first. */
export const leadingFactors = (sizes: Shape): Factor[] => sizes.map((size, axis) => factor(axis === 0 ? 'n' : `d${axis}`, size));
