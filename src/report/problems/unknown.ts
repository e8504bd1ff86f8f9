import type { UnknownOperator } from '../../graph/graph.ts';
import { withoutControls } from '../../problems/text.ts';

/** Places that are named of each operator. */
const NAMED = 3;

const nameOf = ({ operator, domain }: UnknownOperator): string => (domain === '' ? operator : `${domain}.${operator}`);

const places = ({ paths }: UnknownOperator): string =>
  paths.length <= NAMED ? paths.join(', ') : `${paths.slice(0, NAMED).join(', ')} and ${paths.length - NAMED} more`;

/** `3 operators in 17 nodes` */
export const countUnknown = (unknown: readonly UnknownOperator[]): string => {
  const nodes = unknown.reduce((total, { count }) => total + count, 0);
  return `${unknown.length} operator${unknown.length === 1 ? '' : 's'} in ${nodes} node${nodes === 1 ? '' : 's'}`;
};

/** What of a file is not counted, an operator a line. */
export const unknownText = (file: string, unknown: readonly UnknownOperator[]): string =>
  [
    `${file}: ${countUnknown(unknown)} not known, and counted as nothing:`,
    ...unknown.map((one) => `  ${one.count} × ${nameOf(one)}: ${places(one)}`),
    '  The totals lack what these nodes cost. --strict makes this exit with 1.',
  ]
    .map(withoutControls)
    .join('\n');
