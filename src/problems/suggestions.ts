import { LISTED, list, quote } from './words.ts';

/** What a name that is not known was probably meant to be. */

/**
 * How many letters must be put in, left out, replaced or swapped with their neighbour; gives up past `limit`. What is further from
 * the diagonal than the limit is past it anyway.
 */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  if (limit === 0) return a === b ? 0 : 1;
  const past = limit + 1;
  // A place on each side is past the limit, so that nothing is looked for outside.
  let [before, previous, row] = [0, 1, 2].map(() => new Int32Array(b.length + 3).fill(past)) as [Int32Array, Int32Array, Int32Array];
  for (let j = 0; j <= Math.min(b.length, limit); j++) previous[j + 1] = j;
  const at = (from: Int32Array, j: number): number => from[j + 1] as number;
  for (let i = 1; i <= a.length; i++) {
    const [low, high] = [Math.max(1, i - limit), Math.min(b.length, i + limit)];
    row[low] = low === 1 && i <= limit ? i : past;
    let least = at(row, low - 1);
    for (let j = low; j <= high; j++) {
      const replaced = at(previous, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? at(before, j - 2) + 1 : replaced;
      const steps = Math.min(replaced, swapped, at(previous, j) + 1, at(row, j - 1) + 1);
      row[j + 1] = steps;
      least = Math.min(least, steps);
    }
    row[high + 2] = past;
    if (least > limit) return past;
    [before, previous, row] = [previous, row, before];
  }
  return at(previous, b.length);
}

/** More names are not compared, nor more letters of one: whoever has so many finds the right one otherwise. */
const MOST_COMPARED = 1000;
const MOST_LETTERS = 64;
/** So many slips are none. */
const MOST_SLIPS = 8;

/** What of a name is compared. */
type Read = (name: string) => string;

const whole: Read = (name) => name;
export const withoutDashes: Read = (option) => option.replace(/^-+/, '');

/** The known name that was probably meant, if one is near enough. */
export function nearest(name: string, known: readonly string[], read: Read = whole): string | undefined {
  const letters = (text: string): string => read(text).slice(0, MOST_LETTERS).toLowerCase();
  const wanted = letters(name);
  let least = wanted.length < 2 ? 1 : Math.min(MOST_SLIPS, Math.max(1, Math.floor(wanted.length / 3))) + 1;
  let best: string | undefined;
  for (const candidate of known.slice(0, MOST_COMPARED)) {
    const steps = distance(wanted, letters(candidate), least - 1);
    if (steps < least) [best, least] = [candidate, steps];
    if (least === 0) break;
  }
  return best ?? onlyOne(known.slice(0, MOST_COMPARED).filter((candidate) => begins(letters(candidate), wanted)));
}

const onlyOne = (names: readonly string[]): string | undefined => (names.length === 1 ? names[0] : undefined);

/** Fewer letters begin too much. */
const LEAST_BEGUN = 3;

/** Whether a word of a name begins so, as "max-macs" does with "macs" and "mac". */
const begins = (name: string, wanted: string): boolean =>
  wanted.length >= LEAST_BEGUN && (name.startsWith(wanted) || name.split(/[-_.]/).some((word) => word.startsWith(wanted)));

/** Pairs of neighbouring letters, by which names are alike whatever their order; the first letter is one with what is before it. */
function pairsOf(name: string): Set<string> {
  const letters = ` ${name.slice(0, MOST_LETTERS).toLowerCase()}`;
  return new Set(Array.from({ length: Math.max(letters.length - 1, 0) }, (_, at) => letters.slice(at, at + 2)));
}

/** The names, those that have most in common with the one that was given first. */
function byLikeness(name: string, known: readonly string[], read: Read): readonly string[] {
  if (known.length <= LISTED || known.length > MOST_COMPARED) return known;
  const wanted = pairsOf(read(name));
  const likeness = (other: string): number => {
    const pairs = pairsOf(read(other));
    return [...pairs].filter((pair) => wanted.has(pair)).length / (pairs.size + wanted.size);
  };
  return known
    .map((other) => ({ other, likeness: likeness(other) }))
    .sort((a, b) => b.likeness - a.likeness)
    .map(({ other }) => other);
}

export const didYouMean = (name: string, known: readonly string[], noun: string, read: Read = whole): string => {
  const near = nearest(name, known, read);
  if (near !== undefined) return `Did you mean ${quote(near)}?`;
  return known.length === 0 ? `There are no ${noun} here; leave it out.` : `The ${noun}: ${list(byLikeness(name, known, read))}.`;
};
