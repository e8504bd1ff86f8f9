import * as z from 'zod/mini';

/**
 * The kinds of value that attributes of operators take. Each says in words what it accepts, for
 * error messages, the JSON Schema and the documentation.
 */
export const described = <S extends z.core.$ZodType>(schema: S, description: string): S => {
  z.globalRegistry.add(schema, { description });
  return schema;
};

/** What an attribute accepts, in words. */
export const descriptionOf = (schema: z.core.$ZodType): string | undefined => {
  const own = z.globalRegistry.get(schema)?.description;
  if (own !== undefined) return own;
  const inner = (schema._zod.def as { innerType?: z.core.$ZodType }).innerType;
  return inner && descriptionOf(inner);
};

/** `value` where the attribute is not given. */
export const withDefault = z._default;
export const optional = z.optional;

const atLeast = (least: number) => z.int().check(z.minimum(least));
const oneOrPerAxis = (least: number) => z.union([atLeast(least), z.array(atLeast(least)).check(z.minLength(1))]);

export const positive = described(atLeast(1), 'a whole number of at least 1');
export const integer = described(z.int(), 'a whole number');
export const flag = described(z.boolean(), 'true or false');
export const real = described(z.number(), 'a number');
export const fraction = described(z.number().check(z.minimum(0), z.maximum(1)), 'a number from 0 to 1');
export const sizes = described(z.array(atLeast(1)).check(z.minLength(1)), 'a list of whole numbers of at least 1');
export const integers = described(z.array(z.int()).check(z.minLength(1)), 'a list of whole numbers');

/** One size for all spatial axes, or one per axis. */
export const perAxis = described(oneOrPerAxis(1), 'a whole number of at least 1, or a list with one per spatial axis');
/** The same, zero allowed. */
export const perAxisOrZero = described(oneOrPerAxis(0), 'a whole number of at least 0, or a list with one per spatial axis');

/**
 * Padding of the spatial axes: one number for all sides, one per axis, `[before, after]` per axis, or
 * `same` (output = input / stride, rounded up; an odd rest goes after), `same_lower` (before), `valid` (none).
 */
export const padding = described(
  z.union([
    atLeast(0),
    z.array(z.union([atLeast(0), z.tuple([atLeast(0), atLeast(0)])])).check(z.minLength(1)),
    z.enum(['same', 'same_lower', 'valid']),
  ]),
  'a whole number of at least 0, a list with one or [before, after] per spatial axis, same, same_lower or valid',
);
export type Padding = z.infer<typeof padding>;

export const oneOf = <const V extends readonly string[]>(...words: V) => described(z.enum(words), words.join(' or '));
