/** Most results that are remembered in one place. */
const MAX_KNOWN = 64;

/**
 * A function that is asked once for the same arguments: the same by `keyOf`, or else the same first one.
 * Past a limit it forgets, and asks again.
 */
export function remembered<A extends unknown[], V>(
  ask: (...args: A) => V,
  keyOf: (...args: A) => unknown = (...args) => args[0],
): (...args: A) => V {
  const known = new Map<unknown, V>();
  return (...args) => {
    const key = keyOf(...args);
    const there = known.get(key);
    if (there !== undefined) return there;
    const value = ask(...args);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(key, value);
    return value;
  };
}
