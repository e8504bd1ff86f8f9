import { type Counted, sum } from '../../gradients/counted.ts';
import type { TrainingRow } from '../../gradients/work.ts';
import { type Grouping, rowsBy } from '../group.ts';
import type { Training } from './step.ts';

/** The work of a step in its three directions. */
export interface Directions {
  readonly forward: Counted;
  readonly inputGradient: Counted;
  readonly weightGradient: Counted;
}

/** What a step does in layers that belong together. */
export interface TrainingGroup extends Directions {
  readonly name: string;
  /** Bytes that these layers are the first to keep. */
  readonly saved: bigint;
  readonly rows: readonly TrainingRow[];
}

/** Multiply-accumulates of all three. */
export const macsOf = ({ forward, inputGradient, weightGradient }: Directions): bigint =>
  forward.macs + inputGradient.macs + weightGradient.macs;

export const backwardOf = ({ inputGradient, weightGradient }: Directions): bigint => inputGradient.macs + weightGradient.macs;

/** The rows of a step by layer, block, stage or operator. */
export function groupsOf({ rows, memory }: Training, by: Grouping = 'layer'): TrainingGroup[] {
  const savedBy = new Map(rows.map((row, index) => [row, memory.savedBy[index] as bigint]));
  return [...rowsBy(rows, by)].map(([name, group]) => ({
    name,
    forward: sum(group.map((row) => row.forward)),
    inputGradient: sum(group.map((row) => row.inputGradient)),
    weightGradient: sum(group.map((row) => row.weightGradient)),
    saved: group.reduce((total, row) => total + (savedBy.get(row) ?? 0n), 0n),
    rows: group,
  }));
}

/** All rows as one group. */
export const wholeOf = ({ rows, forward, inputGradient, weightGradient, memory }: Training): TrainingGroup => ({
  name: 'total',
  forward,
  inputGradient,
  weightGradient,
  saved: memory.saved - memory.loss,
  rows,
});
