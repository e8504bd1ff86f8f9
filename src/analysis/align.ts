/** One row of an alignment: what corresponds to what; `undefined` where there is nothing. */
export type Pair<A, B> = readonly [A | undefined, B | undefined];

/**
 * Lays two lists side by side in order, so that the likeness of what stands beside each other is greatest in all.
 * `likeness` is 0 for what must not be paired. Source: Needleman and Wunsch 1970, without a penalty for gaps.
 */
export function align<A, B>(a: readonly A[], b: readonly B[], likeness: (a: A, b: B) => number): Pair<A, B>[] {
  const width = b.length + 1;
  const best = new Float64Array((a.length + 1) * width);
  const at = (i: number, j: number): number => best[i * width + j] as number;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) {
      const like = likeness(a[i] as A, b[j] as B);
      best[i * width + j] = Math.max(at(i + 1, j), at(i, j + 1), like > 0 ? like + at(i + 1, j + 1) : 0);
    }
  const pairs: Pair<A, B>[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const like = likeness(a[i] as A, b[j] as B);
    if (like > 0 && at(i, j) === like + at(i + 1, j + 1)) pairs.push([a[i++], b[j++]]);
    else if (at(i, j) === at(i + 1, j)) pairs.push([a[i++], undefined]);
    else pairs.push([undefined, b[j++]]);
  }
  for (; i < a.length; i++) pairs.push([a[i], undefined]);
  for (; j < b.length; j++) pairs.push([undefined, b[j]]);
  return pairs;
}
