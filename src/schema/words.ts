import * as z from 'zod/mini';

/** What schemas say in words: error messages, the JSON Schema and the documentation print it. */
interface Words {
  /** What values it accepts: "a whole number of at least 1". */
  readonly accepts?: string;
  /** What a key or attribute means, in a sentence: "Size of the window." */
  readonly meaning?: string;
  /** What an object with keys is called in messages: "a spec". */
  readonly owner?: string;
  /** What an element of a list is called in messages. */
  readonly called?: string;
  /** Whether `BROKEN` may stand for a value of it. */
  readonly mayBreak?: boolean;
}

const words = z.registry<Words>();

const added = <S extends z.core.$ZodType>(schema: S, more: Words): S => {
  const own = z.clone(schema, schema._zod.def, { parent: true });
  words.add(own, more);
  return own;
};

/** A kind of value, with words for what it accepts. */
export const described = <S extends z.core.$ZodType>(schema: S, accepts: string): S => added(schema, { accepts });

/** A key or attribute of a kind of value, with a sentence for what it means. */
export const about = <S extends z.core.$ZodType>(kind: S, meaning: string): S => added(kind, { meaning });

/** An object, with what messages call it. */
export const named = <S extends z.core.$ZodType>(schema: S, owner: string): S => added(schema, { owner });

/** An element of a list, with what messages call it. */
export const called = <S extends z.core.$ZodType>(schema: S, name: string): S => added(schema, { called: name });

/** Stands for a part of a file whose problem has been reported. */
export const BROKEN = Symbol('broken');
export type Broken = typeof BROKEN;

/** A part of a file that is kept, as `BROKEN`, where it is wrong; others are left out, or break what they are part of. */
export const breakable = <T>(schema: z.ZodMiniType<T>): z.ZodMiniType<T | Broken> => added(schema, { mayBreak: true });

const innerOf = (schema: z.core.$ZodType): z.core.$ZodType | undefined => (schema._zod.def as { innerType?: z.core.$ZodType }).innerType;

/** The schema inside of defaults and of what is optional or may be null. */
export const unwrapped = (schema: z.core.$ZodType): z.core.$ZodType => {
  const inner = innerOf(schema);
  return inner === undefined ? schema : unwrapped(inner);
};

/** The words of a schema; where it has none of a kind, those of the schema inside. */
export function wordsOf<K extends keyof Words>(schema: z.core.$ZodType, kind: K): Words[K] | undefined {
  const inner = innerOf(schema);
  return words.get(schema)?.[kind] ?? (inner && wordsOf(inner, kind));
}

/** The schema that says what a value must be, for keys and attributes of the same kind. */
export const kindOf = (schema: z.core.$ZodType): z.core.$ZodType => {
  const inner = unwrapped(schema);
  const { parent } = inner._zod;
  return parent !== undefined && words.has(parent) ? kindOf(parent) : inner;
};

/** Whether a key must be given: it is neither optional nor has a default. */
export const isRequired = (schema: z.core.$ZodType): boolean => schema._zod.optin === undefined;
