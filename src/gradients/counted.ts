import { countMacs, countOperations, type Operation, type OperationCounts, type Work } from '../core/work.ts';

/** Work that is counted. Exact. */
export interface Counted {
  readonly macs: bigint;
  readonly operations: OperationCounts;
}

export const countWork = (work: Work): Counted => ({ macs: countMacs(work), operations: countOperations(work) });

export function sum(all: Iterable<Counted>): Counted {
  let macs = 0n;
  const operations: Partial<Record<Operation, bigint>> = {};
  for (const counted of all) {
    macs += counted.macs;
    for (const kind of Object.keys(counted.operations) as Operation[])
      operations[kind] = (operations[kind] ?? 0n) + (counted.operations[kind] as bigint);
  }
  return { macs, operations };
}

/** The same so many times. */
export const scaled = ({ macs, operations }: Counted, times: bigint): Counted => ({
  macs: macs * times,
  operations: Object.fromEntries(Object.entries(operations).map(([kind, count]) => [kind, count * times])),
});
