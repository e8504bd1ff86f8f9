import { countedAxis } from '../../core/places.ts';
import type { Shape } from '../../core/shape.ts';
import { type Factor, factor } from '../../core/work.ts';
import { fail } from '../../problems/problem.ts';

/** An axis as it is counted from 0; a negative one counts from the end. */
export function axisOf(axis: number, shape: Shape, attribute = 'axis'): number {
  const counted = countedAxis(axis, shape.length);
  if (counted === undefined) throw fail('AXIS_OUT_OF_RANGE', { axis, shape }, attribute);
  return counted;
}

/** Several axes, each named once, as they are counted from 0. */
export function axesOf(axes: number | readonly number[], shape: Shape, attribute = 'axis'): number[] {
  const counted = [axes].flat().map((axis) => axisOf(axis, shape, attribute));
  if (new Set(counted).size !== counted.length)
    throw fail('CONTRADICTION', { message: `"${attribute}" names an axis twice. Name each once` }, attribute);
  return counted;
}

/** Checks that the input is `[n, c, …]`. */
export function checkChannels(operator: string, shape: Shape): void {
  if (shape.length < 2) throw fail('WRONG_RANK', { operator, expected: 'a batch and channels', shape });
}

/** Checks that so many can be split evenly; the attribute to blame is named like the parts. */
export function checkDivides(what: string, total: number, parts: string, divisor: number): void {
  if (total % divisor !== 0) throw fail('DOES_NOT_DIVIDE', { what, total, parts, divisor }, parts);
}

/** Checks that of two attributes that say the same thing in two ways one is given. */
export function checkEither<K extends string>(operator: string, attributes: { readonly [key in K]?: unknown }, one: K, other: K): void {
  const given = attributes[one] !== undefined;
  if (given !== (attributes[other] !== undefined)) return;
  throw fail('CONTRADICTION', { message: `${operator} needs either "${one}" or "${other}". Give one of the two` }, given ? one : undefined);
}

/** Checks that input and output channels can be split into groups. */
export function checkGroups(channels: number, out: number, groups: number): void {
  if (channels % groups !== 0) throw fail('GROUPS_DO_NOT_DIVIDE', { side: 'input', channels, groups, other: out }, 'groups');
  if (out % groups !== 0) throw fail('GROUPS_DO_NOT_DIVIDE', { side: 'output', channels: out, groups, other: channels }, 'groups');
}

/** A factor for each of some leading axes, the batch first. */
export const leadingFactors = (sizes: Shape): Factor[] => sizes.map((size, axis) => factor(axis === 0 ? 'n' : `d${axis}`, size));
