/**
 * Exact integers. Factors are plain numbers (a dimension of a tensor always fits); what comes of
 * multiplying them is a bigint, since a product of dimensions soon passes 2^53.
 */

/**
 * The exact product of non-negative integers. Multiplies in doubles as long as the partial product
 * is a safe integer, and goes on in bigints from there.
 */
export function product(values: readonly number[]): bigint {
  let small = 1;
  for (let i = 0; i < values.length; i++) {
    const next = small * (values[i] as number);
    if (next > Number.MAX_SAFE_INTEGER) return values.slice(i).reduce((large, value) => large * BigInt(value), BigInt(small));
    small = next;
  }
  return BigInt(small);
}

/** The exact sum of integers. */
export function sum(values: Iterable<bigint>): bigint {
  let total = 0n;
  for (const value of values) total += value;
  return total;
}
