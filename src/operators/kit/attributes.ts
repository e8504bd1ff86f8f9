import * as z from 'zod/mini';
import { notEmpty } from '../../schema/not-empty.ts';
import { described, kindOf } from '../../schema/words.ts';

/** The kinds of value that attributes of operators take. */

export { about } from '../../schema/words.ts';

/** Whether it may be left out and has no default then. */
export const isOptional = (schema: z.core.$ZodType): boolean => schema instanceof z.ZodMiniOptional;

/** `value` where the attribute is not given. */
export const withDefault = z._default;
export const optional = z.optional;

/** The schema of an operator without attributes. */
export const NO_ATTRIBUTES = z.strictObject({});

const atLeast = (least: number) => z.int().check(z.minimum(least));
const oneOrPerAxis = (least: number) => z.union([atLeast(least), z.array(atLeast(least)).check(notEmpty())]);

export const positive = described(atLeast(1), 'a whole number of at least 1');
export const integer = described(z.int(), 'a whole number');
export const flag = described(z.boolean(), 'true or false');
export const real = described(z.number(), 'a number');
export const reals = described(z.array(z.number()).check(notEmpty()), 'a list of numbers');
export const realOrZero = described(z.number().check(z.minimum(0)), 'a number of at least 0');
export const realOverZero = described(z.number().check(z.positive()), 'a number greater than 0');
export const fraction = described(z.number().check(z.minimum(0), z.maximum(1)), 'a number from 0 to 1');
export const sizes = described(z.array(atLeast(1)).check(notEmpty()), 'a list of whole numbers of at least 1');
export const integers = described(z.array(z.int()).check(notEmpty()), 'a list of whole numbers');

/** Indices in lists in lists, or one. */
export type IndexTensor = number | IndexTensor[];
type IndexSchema = z.ZodMiniType<IndexTensor, IndexTensor>;
const nested: IndexSchema = z.union([z.int(), z.array(z.lazy(() => nested))]);
/** A tensor of indices, which may be one index, or none. */
export const indexTensor = described<IndexSchema>(
  z.union([z.int(), z.array(nested)]),
  'a whole number, or a list of them, or of such lists',
);

/** One size for all spatial axes, or one per axis. */
export const perAxis = described(oneOrPerAxis(1), 'a whole number of at least 1, or a list with one per spatial axis');
/** The same, zero allowed. */
export const perAxisOrZero = described(oneOrPerAxis(0), 'a whole number of at least 0, or a list with one per spatial axis');

const sides = z.array(z.union([atLeast(0), z.tuple([atLeast(0), atLeast(0)])])).check(notEmpty());

/**
 * Padding of the spatial axes: one number for all sides, one per axis, `[before, after]` per axis, or
 * `same` (output = input / stride, rounded up; an odd rest goes after), `same_lower` (before), `valid` (none).
 */
export const padding = described(
  z.union([atLeast(0), sides, z.enum(['same', 'same_lower', 'valid'])]),
  'a whole number of at least 0, a list with one or [before, after] per spatial axis, same, same_lower or valid',
);
export type Padding = z.infer<typeof padding>;

/** The same in numbers only. */
export const paddingInNumbers = described(
  z.union([atLeast(0), sides]),
  'a whole number of at least 0, or a list with one or [before, after] per spatial axis',
);

/** How much to add, or to take away, before and after each axis. */
export const anyAmounts = described(z.array(z.tuple([z.int(), z.int()])), 'a list with [before, after] for each axis, the batch first');

/** How much to add before and after each axis but the batch. */
export const margins = described(sides, 'a list with a whole number of at least 0, or [before, after], for each axis after the batch');

const factor = z.number().check(z.positive());
/** One factor for all spatial axes, or one per axis. */
export const scale = described(
  z.union([factor, z.array(factor).check(notEmpty())]),
  'a number greater than 0, or a list with one per spatial axis',
);

/** Kinds of which one value stands for one for each spatial axis. */
const PER_AXIS = new Set<z.core.$ZodType>([perAxis, perAxisOrZero, padding, paddingInNumbers, scale]);

const oneForAll = (values: readonly unknown[]): unknown =>
  typeof values[0] === 'number' && values.every((value) => value === values[0]) ? values[0] : values;

/** Attributes in as few numbers as say the same: one where all sides, or all axes, have it. */
export function shortest(schema: z.ZodMiniObject, attributes: object): Record<string, unknown> {
  const isPerAxis = (key: string): boolean => PER_AXIS.has(kindOf(schema.shape[key] as z.core.$ZodType));
  const entries = Object.entries(attributes).map(([key, value]) => {
    if (!Array.isArray(value) || !isPerAxis(key)) return [key, value];
    return [key, oneForAll(value.map((sides) => (Array.isArray(sides) ? oneForAll(sides) : sides)))];
  });
  return Object.fromEntries(entries);
}

/** An axis, or several. */
export const axes = described(z.union([z.int(), z.array(z.int()).check(notEmpty())]), 'an axis, or a list of axes');

/** How far to shift along an axis, or along several. */
export const shifts = described(z.union([z.int(), z.array(z.int()).check(notEmpty())]), 'a whole number, or a list with one per axis');

/** So many outputs that a spec may ask for, not more. */
const MOST_PARTS = 1024;
export const parts = described(z.int().check(z.minimum(1), z.maximum(MOST_PARTS)), `a whole number from 1 to ${MOST_PARTS}`);

/** A shape to take on, the batch included; -1 stands for what is left. */
export const target = described(
  z.array(z.union([atLeast(1), z.literal(-1)])).check(notEmpty()),
  'a list of whole numbers of at least 1, the batch first; -1 for one that follows from the others',
);

export const wholeOrZero = described(atLeast(0), 'a whole number of at least 0');

export const oneOf = <const V extends readonly string[]>(...words: V) => described(z.enum(words), words.join(' or '));

/** A name in another format. */
export const text = described(z.string(), 'a text');

/** Shapes of outputs, the batch included. */
export const shapes = described(
  z.array(z.array(atLeast(0)).check(notEmpty())).check(notEmpty()),
  'a list with a shape for each output, the batch first',
);

/** Shapes of any number of tensors. */
export const anyShapes = described(z.array(z.array(atLeast(0)).check(notEmpty())), 'a list of shapes, the batch first');
