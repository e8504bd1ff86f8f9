/** Which keys a query sees. */
export interface Mask {
  /** No key behind the query's own position. The last query and the last key are at the same position. */
  readonly causal: boolean;
  /** Only keys less than so many positions away, if it is given. */
  readonly window?: number | undefined;
}

/** Whether a query sees a key; `offset` is the position of the first query. */
export const isSeen = ({ causal, window }: Mask, offset: number, query: number, key: number): boolean => {
  const distance = offset + query - key;
  return !(causal && distance < 0) && (window === undefined || Math.abs(distance) < window);
};

/** 1 + 2 + … + n */
const triangle = (n: bigint): bigint => (n > 0n ? (n * (n + 1n)) / 2n : 0n);

/** Σ max(0, n) for n from `least` to `most`. */
const sumOfRange = (least: bigint, most: bigint): bigint => triangle(most) - triangle(least - 1n);

/**
 * Of all pairs of a query and a key, those that are masked, in closed form. Query i is at position i + offset; of the keys
 * more than `reach` behind it there are keys − 1 − offset − i − reach, of those more than `reach` before it i + offset − reach,
 * or none. There must be at least offset + queries keys.
 */
export function maskedPairs({ causal, window }: Mask, queries: number, keys: number, offset: number): bigint {
  const [q, k, o] = [BigInt(queries), BigInt(keys), BigInt(offset)];
  const behind = (reach: bigint): bigint => sumOfRange(k - o - q - reach, k - 1n - o - reach);
  const before = (reach: bigint): bigint => sumOfRange(o - reach, o + q - 1n - reach);
  const reach = window === undefined ? undefined : BigInt(window) - 1n;
  const tooFar = reach === undefined ? 0n : before(reach);
  if (causal) return behind(0n) + tooFar;
  return reach === undefined ? 0n : behind(reach) + tooFar;
}
