import type { Factor, Term, Work } from '../../core/work.ts';

/** A batch of one is left out, as on paper. */
const isPrinted = ({ name, value }: Factor): boolean => name !== 'n' || value !== 1;

/** `7×7×3×112×112×64` */
const formatTerm = (term: Term): string => {
  const printed = term.factors.filter(isPrinted);
  return printed.length === 0 ? '1' : printed.map((factor) => factor.value).join('×');
};

/** The multiply-accumulates of a node as a sum of products; empty where there are none. */
export const macFormula = (work: Work): string =>
  work
    .filter((term) => term.sums !== undefined)
    .map(formatTerm)
    .join(' + ');
