import { cut } from './text.ts';

/** What sentences are made of. */

/** A sentence or two for each problem of a room: what is wrong, with the values, then what to do about it. */
export type Sentences<D> = { readonly [C in keyof D]: (data: D[C]) => string };

/** Most names that are listed. */
export const LISTED = 12;

export const list = (names: readonly string[]): string => {
  const shown = names.slice(0, LISTED).map((name) => cut(name));
  return names.length <= LISTED ? shown.join(', ') : `${shown.join(', ')} and ${names.length - LISTED} more`;
};

export const quote = (text: string): string => `"${cut(text)}"`;

/** What begins a sentence: names stay as they are. */
export const begun = (owner: string): string =>
  owner.replace(/^(?:an?|the) /, (article) => article.charAt(0).toUpperCase() + article.slice(1));

/** A value as a person would write it, cut where it is long. */
export function show(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (value === undefined) return 'nothing';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return cut(JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part)) ?? typeof value, 80);
}

export const isUnsafe = (value: unknown): boolean =>
  Array.isArray(value) ? value.some(isUnsafe) : Number.isInteger(value) && !Number.isSafeInteger(value);

export const count = (limit: number | bigint): string => limit.toLocaleString('en');

export const kibibytes = (bytes: number): string => `${count(Math.ceil(bytes / 1024))} KiB`;
