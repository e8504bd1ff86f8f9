import { charge } from '../../problems/allowance.ts';
import { fail } from '../../problems/problem.ts';

/** Most elements of one constant of an exported file that follow from sizes, as those of a mask do. */
const MAX_COMPUTED = 2 ** 24;

/** The elements of such a constant, made from their offsets. Throws a `ProblemError` where they are too many. */
export function computed<T>(count: number, elementAt: (offset: number) => T): T[] {
  if (!(count <= MAX_COMPUTED)) throw fail('TOO_MUCH_WORK', { what: 'elements of one constant to export', limit: MAX_COMPUTED });
  charge('exported', count);
  return Array.from({ length: count }, (_, offset) => elementAt(offset));
}
