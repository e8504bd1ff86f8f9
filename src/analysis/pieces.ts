import { fail } from '../problems/problem.ts';

/** Values of a function of whole numbers: several quantities at once. */
export type Quantities = readonly bigint[];

/**
 * Consecutive numbers on which every quantity is a polynomial of degree 2 at most. With i = n − from it is
 * first + i · second + i (i − 1) / 2 · third of `differences`: Newton's form, in which all numbers are whole.
 */
export interface Piece {
  readonly from: number;
  readonly count: number;
  readonly differences: readonly [Quantities, Quantities, Quantities];
}

export interface Pieces {
  readonly pieces: readonly Piece[];
  /** Numbers that the function does not take. */
  readonly refused: number;
  /** How many numbers it was asked for. */
  readonly asked: number;
}

const NONE: Quantities = [];

const minus = (a: Quantities, b: Quantities): Quantities => a.map((one, index) => one - (b[index] as bigint));

/** i (i − 1) / 2, how often the third of the differences is in the value at i. */
const pairs = (i: bigint): bigint => (i * (i - 1n)) / 2n;

/** The quantities at a number of the piece. */
export function valueAt({ from, differences: [first, second, third] }: Piece, n: number): Quantities {
  const i = BigInt(n - from);
  return first.map((value, index) => value + i * (second[index] ?? 0n) + pairs(i) * (third[index] ?? 0n));
}

/** The sums of all quantities over all numbers of the piece. */
export function sumOver({ count, differences: [first, second, third] }: Piece): Quantities {
  const n = BigInt(count);
  const triples = (n * (n - 1n) * (n - 2n)) / 6n;
  return first.map((value, index) => n * value + pairs(n) * (second[index] ?? 0n) + triples * (third[index] ?? 0n));
}

export interface Asking {
  /** Most numbers that are asked for. */
  readonly limit: number;
  /** A run of no more numbers than this is asked for each of them; of a longer one, those by which a polynomial shows. */
  readonly short: number;
}

/** A polynomial shows by no fewer numbers than are checked. */
export const SHORT = 32;

/** Places of a run at which a polynomial through the first three must hold too: its end, its middle and beside, and some between. */
const checked = (count: number): number[] => {
  const at = (share: number): number => Math.floor((count - 1) * share);
  const middle = at(0.5);
  return [...new Set([3, at(0.237), at(0.382), middle, middle + 1, at(0.7), at(0.9), count - 2, count - 1])];
};

const isSame = (a: Quantities, b: Quantities): boolean => a.length === b.length && a.every((one, index) => one === b[index]);

/**
 * A function of whole numbers as polynomials, from one number on. A run of numbers that is no polynomial is halved until it is, down to
 * single numbers; the function gives `undefined` for those that it does not take, each of which is asked for.
 * @throws ProblemError if more than `limit` numbers would be asked for.
 */
export function piecesOf(of: (n: number) => Quantities | undefined, from: number, count: number, { limit, short }: Asking): Pieces {
  const known = new Map<number, Quantities | undefined>();
  const ask = (n: number): Quantities | undefined => {
    if (known.has(n)) return known.get(n);
    if (known.size >= limit) throw fail('TOO_MANY_PIECES', { from, to: from + count - 1, limit });
    const value = of(n);
    known.set(n, value);
    return value;
  };
  const pieces: Piece[] = [];
  let refused = 0;
  const single = (n: number): void => {
    const value = ask(n);
    if (value === undefined) refused++;
    else pieces.push({ from: n, count: 1, differences: [value, NONE, NONE] });
  };
  const whole = (start: number, length: number): Piece | undefined => {
    const [a, b, c] = [ask(start), ask(start + 1), ask(start + 2)];
    if (a === undefined || b === undefined || c === undefined || a.length !== b.length || a.length !== c.length) return undefined;
    const second = minus(b, a);
    const piece: Piece = { from: start, count: length, differences: [a, second, minus(minus(c, b), second)] };
    const holds = checked(length).every((place) => {
      const there = ask(start + place);
      return there !== undefined && isSame(there, valueAt(piece, start + place));
    });
    return holds ? piece : undefined;
  };
  const split = (start: number, length: number): void => {
    if (length <= short) {
      for (let n = start; n < start + length; n++) single(n);
      return;
    }
    const piece = whole(start, length);
    if (piece !== undefined) {
      pieces.push(piece);
      return;
    }
    const half = length >> 1;
    split(start, half);
    split(start + half, length - half);
  };
  split(from, count);
  return { pieces, refused, asked: known.size };
}
