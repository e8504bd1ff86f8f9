import * as z from 'zod/mini';
import { parseKeys } from '../../schema/parse.ts';
import {
  anyAmounts,
  indexTensor,
  integer,
  integers,
  oneOf,
  optional,
  positive,
  real,
  shapes,
  sizes,
  wholeOrZero,
  withDefault,
} from './attributes.ts';

/**
 * Which elements of its inputs a move picks: one schema for each way, told apart by `by`. `to` has the shapes of the outputs, the
 * batch included. Where they follow from the inputs it may be left out, and is checked where it is given.
 */
const pick = <N extends string, S extends z.core.$ZodShape>(by: N, shape: S) => z.strictObject({ by: z.literal(by), ...shape });

const derived = { to: optional(shapes) };
const asked = { to: shapes };

export const PICKS = {
  /** Parts of the first input along an axis, by indices: known ones, or those of a second input. */
  gather: pick('gather', { ...derived, axis: withDefault(integer, 0), indices: optional(indexTensor) }),
  /** For each index the element that it names along an axis. */
  gatherelements: pick('gatherelements', { ...derived, axis: withDefault(integer, 0), indices: optional(indexTensor) }),
  /** Parts that rows of indices name along several axes, behind so many axes of the batch. */
  gathernd: pick('gathernd', { ...derived, batch: withDefault(wholeOrZero, 0) }),
  /** The first input, with elements along an axis replaced: the second says which, the third by what. */
  scatterelements: pick('scatterelements', { ...derived, axis: withDefault(integer, 0) }),
  /** The first input, with parts replaced that rows of indices name along several axes. */
  scatternd: pick('scatternd', derived),
  expand: pick('expand', asked),
  /** Repeated so often along each axis. */
  tile: pick('tile', { ...derived, repeats: optional(sizes) }),
  /** By the first input, elements of the second or the third. */
  where: pick('where', derived),
  /** From a start by a step along each axis, as many as `to` says. */
  slice: pick('slice', { ...asked, start: integers, step: integers }),
  transpose: pick('transpose', { ...derived, order: integers }),
  depthtospace: pick('depthtospace', { ...derived, block: optional(positive), mode: withDefault(oneOf('DCR', 'CRD'), 'DCR') }),
  spacetodepth: pick('spacetodepth', { ...derived, block: optional(positive) }),
  /** One side of a diagonal of matrices, so far above the main one; zeros on the other. */
  trilu: pick('trilu', { ...derived, mode: withDefault(oneOf('upper', 'lower'), 'upper'), diagonal: withDefault(integer, 0) }),
  /** A new axis, that has the second of two values, 1 if none are given, where the index says so, and the first, or 0, elsewhere. */
  onehot: pick('onehot', { ...derived, axis: withDefault(integer, -1), depth: optional(wholeOrZero) }),
  /** The elements of these numbers, or the parts along an axis. */
  compress: pick('compress', { ...derived, axis: optional(integer), indices: indexTensor }),
  /** Along one of the first two axes, as much turned round as the second input says for each place of the other. */
  reversesequence: pick('reversesequence', { ...derived, axis: withDefault(integer, 0) }),
  /** More, or less, before and after each axis, the batch included. */
  pad: pick('pad', {
    ...derived,
    amount: anyAmounts,
    mode: withDefault(oneOf('constant', 'edge', 'reflect', 'wrap'), 'constant'),
    value: withDefault(real, 0),
  }),
  centercroppad: pick('centercroppad', asked),
  /** Elements back to where they were greatest: the second input says where in a shape, which the output may extend. */
  maxunpool: pick('maxunpool', { ...derived, within: optional(sizes) }),
  /** The nearest element along each axis. */
  resize: pick('resize', { ...derived, indices: indexTensor }),
  /** Of rows for all distances along an axis, the row of the distance between each two of its places: `[2·places − 1, …]` gives `[places, places, …]`. */
  offset: pick('offset', derived),
  /** For each place and each other one what the first has for how far the other is back, or ahead, or for the farthest: `[…, places, distances]` gives `[…, places, places]`. */
  distance: pick('distance', { ...derived, mode: withDefault(oneOf('back', 'ahead'), 'back') }),
  /** Of `[n, c, …]` the element of each label, the second input; 0 where the label is to be ignored. */
  label: pick('label', { ...derived, ignore: optional(integer) }),
  /** The weight of each label: one for each class, or 1 where only labels are given; 0 where the label is to be ignored. */
  labelweight: pick('labelweight', { ...derived, ignore: optional(integer) }),
  /** One input behind the other along a new first axis. */
  stack: pick('stack', derived),
  /** The same number everywhere. */
  fill: pick('fill', { ...asked, value: withDefault(real, 0) }),
  /** Numbers that are drawn, of one distribution or another: none is computed from an input. */
  random: pick('random', { ...asked, mode: withDefault(oneOf('uniform', 'normal'), 'uniform') }),
  /** As another type holds them: whole, or whether they are not 0. */
  cast: pick('cast', { ...derived, mode: oneOf('whole', 'truth') }),
  and: pick('and', derived),
  or: pick('or', derived),
  xor: pick('xor', derived),
  not: pick('not', derived),
  bitwiseand: pick('bitwiseand', derived),
  bitwiseor: pick('bitwiseor', derived),
  bitwisexor: pick('bitwisexor', derived),
  bitwisenot: pick('bitwisenot', derived),
  bitshift: pick('bitshift', { ...derived, mode: oneOf('LEFT', 'RIGHT') }),
  /** Not known which: elements of the first input in turn. */
  other: pick('other', asked),
} as const;

export type PickName = keyof typeof PICKS;
export type PickBy<N extends PickName> = z.infer<(typeof PICKS)[N]>;
export type Pick = { readonly [N in PickName]: PickBy<N> }[PickName];
/** As it may be written, without what has a default. */
export type PickInput = { readonly [N in PickName]: z.input<(typeof PICKS)[N]> }[PickName];

/** Attributes of a move as a spec has them: names in any case, and keys of all ways. */
export interface WrittenPick {
  readonly by: string;
  readonly [key: string]: unknown;
}

const isPickName = (name: string): name is PickName => Object.hasOwn(PICKS, name);

/** The way that is meant, checked; by a name that is not known the shapes must be given. */
export function pickOf({ by, ...given }: WrittenPick): Pick {
  const name = by.toLowerCase();
  const known = isPickName(name) ? name : 'other';
  const schema: z.ZodMiniObject = PICKS[known];
  const owner = known === 'other' ? `a move by "${by}", which is not known` : `a move by ${by}`;
  const values = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return parseKeys(schema, { by: known, ...values }, owner) as Pick;
}
