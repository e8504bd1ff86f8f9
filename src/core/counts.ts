import { OPERATIONS, type Operation, type OperationCounts } from './work.ts';

/** What is counted when a network runs, or is predicted to be. Exact. */
export interface Counts {
  readonly operations: OperationCounts;
  /** Multiply-accumulates; their multiplies and adds are among the operations. */
  readonly macs: bigint;
  /** Multiply-accumulates that only padding needs; they are among the others. */
  readonly padding: bigint;
  /** Multiply-accumulates for positions that a mask makes useless; they are among the others. */
  readonly masked: bigint;
}

/** What can be counted. */
export type Kind = Operation | 'MACs' | 'MACs on padding' | 'masked MACs';
export const KINDS: readonly Kind[] = ['MACs', 'MACs on padding', 'masked MACs', ...OPERATIONS];

export function countOfKind({ macs, padding, masked, operations }: Counts, kind: Kind): bigint {
  if (kind === 'MACs') return macs;
  if (kind === 'MACs on padding') return padding;
  return kind === 'masked MACs' ? masked : (operations[kind] ?? 0n);
}

/** The sum of counts. */
export function addUp(all: readonly Counts[]): Counts {
  const sumOf = (kind: Kind): bigint => all.reduce((sum, counts) => sum + countOfKind(counts, kind), 0n);
  const operations = OPERATIONS.map((kind) => [kind, sumOf(kind)] as const).filter(([, count]) => count > 0n);
  return {
    operations: Object.fromEntries(operations),
    macs: sumOf('MACs'),
    padding: sumOf('MACs on padding'),
    masked: sumOf('masked MACs'),
  };
}
