import { OPERATIONS } from '../../core/work.ts';
import type { Pair } from '../align.ts';
import { alignModels } from '../comparison.ts';
import type { Analysis } from '../cost.ts';
import type { Grouping } from '../group.ts';
import { groupsOf, macsOf, type TrainingGroup } from './groups.ts';
import type { Training, TrainingOptions } from './step.ts';

/** Training steps beside each other: of several models, or of one in several ways. */

/** A step to compare, what to call it, and its layers as they are counted. */
export interface ComparedTraining {
  readonly name: string;
  readonly training: Training;
  readonly settings: TrainingOptions;
  readonly analysis: Analysis;
}

/** One figure of all steps. */
export interface TrainingFigure {
  readonly key: string;
  readonly label: string;
  readonly values: readonly bigint[];
}

const operationsOf = ({ update }: Training): bigint => OPERATIONS.reduce((sum, kind) => sum + (update.operations[kind] ?? 0n), 0n);

/** The figures that are compared; those that are 0 everywhere are left out. */
const FIGURES: Readonly<Record<string, { readonly label: string; of(training: Training): bigint }>> = {
  trained: { label: 'trained parameters', of: ({ trained }) => trained },
  forward: { label: 'forward MACs', of: ({ forward }) => forward.macs },
  inputGradient: { label: 'input gradient MACs', of: ({ inputGradient }) => inputGradient.macs },
  weightGradient: { label: 'weight gradient MACs', of: ({ weightGradient }) => weightGradient.macs },
  lessThanThreeTimes: { label: 'MACs less than 3 × forward', of: (training) => 3n * training.forward.macs - macsOf(training) },
  recomputed: { label: 'recomputed MACs', of: ({ recomputed }) => recomputed.macs },
  step: { label: 'MACs of the step', of: ({ step }) => step.macs },
  update: { label: 'operations of the update', of: operationsOf },
  weights: { label: 'bytes of weights', of: ({ memory }) => memory.weights },
  masters: { label: 'bytes of fp32 weights beside', of: ({ memory }) => memory.masters },
  gradients: { label: 'bytes of gradients', of: ({ memory }) => memory.gradients },
  state: { label: 'bytes of the optimizer’s state', of: ({ memory }) => memory.state },
  saved: { label: 'saved bytes', of: ({ memory }) => memory.saved },
  recomputedBytes: { label: 'bytes of a part done again', of: ({ memory }) => memory.recomputed },
  peak: { label: 'peak bytes', of: ({ memory }) => memory.peak },
};

export const compareTrainings = (compared: readonly ComparedTraining[]): TrainingFigure[] =>
  Object.entries(FIGURES)
    .map(([key, { label, of }]) => ({ key, label, values: compared.map(({ training }) => of(training)) }))
    .filter(({ values }) => values.some((value) => value !== 0n));

/** The rows of two steps side by side where their layers correspond. */
export function alignTrainings(a: ComparedTraining, b: ComparedTraining, by: Grouping): Pair<TrainingGroup, TrainingGroup>[] {
  const [first, second] = [a, b].map(({ training }) => new Map(groupsOf(training, by).map((group) => [group.name, group])));
  return alignModels(a.analysis, b.analysis, by).map(([left, right]) => [left && first?.get(left.name), right && second?.get(right.name)]);
}
