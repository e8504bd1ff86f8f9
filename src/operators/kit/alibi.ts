/**
 * What a score gets less by for each position between a query and a key: powers of 2^(−8/heads), where heads are a power of 2; else
 * those of the next lower one, and then every other one of the next higher. Press et al. 2021, arXiv:2108.12409, section 3.
 */
function alibiSlope(head: number, heads: number): number {
  const lower = 2 ** Math.floor(Math.log2(heads));
  return head < lower ? 2 ** ((-8 * (head + 1)) / lower) : 2 ** ((-4 * (2 * (head - lower) + 1)) / lower);
}

/** What is added to a score. */
export const alibiBias = (head: number, heads: number, distance: number): number => -alibiSlope(head, heads) * Math.abs(distance);
