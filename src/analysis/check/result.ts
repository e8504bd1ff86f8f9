import type { Shape } from '../../core/shape.ts';
import type { BudgetMetric, LimitUnit, TotalMetric } from '../../language/budget.ts';
import type { Hints } from '../../problems/hints.ts';
import type { Position, Problem } from '../../problems/problem.ts';
import type { Analysis, Cost } from '../cost.ts';

/** What paths of the zoo begin with, so that none is taken for a file of the folder that is checked. */
export const ZOO_PREFIX = 'zoo:';

/** What a check found. Reports write it; nothing in it depends on the order of files or on who read them. */
export interface CheckResult {
  /** Sorted by source, then by name. */
  readonly models: readonly CheckedModel[];
  /** Models of the baseline that are there no more. */
  readonly removed: readonly ModelRecord[];
  /** Of files that could not be read or counted, and of budgets that make no sense: what makes a check end with 2. */
  readonly problems: readonly Problem[];
  /** What was compared with: `main.json`, or `git:origin/main (abc1234)`. */
  readonly baseline: string | undefined;
  /** In whose words problems are put; the library's if left out. */
  readonly hints?: Hints;
}

/** Whether a limit is broken that must not be. */
export const isBroken = ({ models }: CheckResult): boolean =>
  models.some(({ limits }) => limits.some(({ broken, severity }) => broken && severity === 'error'));

export interface CheckedModel {
  readonly name: string;
  /** The path as it was given or found, from the folder of the check, with "/"; or `zoo:…`. */
  readonly source: string;
  readonly totals: Cost;
  /** Counts the model again: a check of many keeps no rows. */
  readonly count: () => Analysis;
  /** Counts the model again as it was; only what git has can be: a file of a baseline has costs, and no network. */
  readonly before?: (() => Analysis) | undefined;
  /** Where the model begins in its file. */
  readonly position?: Position | undefined;
  /** All of them, kept or exceeded. */
  readonly limits: readonly CheckedLimit[];
  /** What is doubtful about its network, or what its count rests on. */
  readonly warnings: readonly Problem[];
  /** Where there is a baseline. */
  readonly change: ModelChange | undefined;
}

/** A layer that weighs on a limit, and how much, in the limit's unit (percent counts in operations). */
export interface HeavyLayer {
  readonly path: string;
  readonly value: bigint;
  readonly position?: Position | undefined;
}

export interface CheckedLimit {
  readonly metric: BudgetMetric;
  /** As a person calls it: "MACs", "share of softmax", "fvcore (MACs)". */
  readonly label: string;
  /** A stage or a pattern of layers; `undefined` for the whole model. */
  readonly scope: string | undefined;
  readonly convention: string | undefined;
  /** As written in the file or on the command line: "<= 4.2 GMAC". */
  readonly written: string;
  /** What it comes to; a number only for percent. */
  readonly limit: bigint | number;
  readonly unit: LimitUnit;
  readonly actual: bigint | number;
  /** `actual` − `limit`; negative where there is room left, 0 where "<" is broken by reaching its limit. */
  readonly over: bigint | number;
  readonly severity: 'error' | 'warning';
  readonly broken: boolean;
  /** Where the limit stands; `undefined` for options and for growth. */
  readonly position?: Position | undefined;
  /** "budget of nets/x.yaml", "flopwise.config.yaml", "--max-macs", "growth". */
  readonly origin: string;
  /** The three layers that weigh most; none where layers do not add up to it (depth). */
  readonly heaviest: readonly HeavyLayer[];
}

export interface TotalChange {
  readonly metric: TotalMetric;
  readonly before: bigint;
  readonly after: bigint;
}

export interface ModelChange {
  readonly kind: 'added' | 'changed' | 'same';
  /** All totals that changed; none of a model that was added. */
  readonly totals: readonly TotalChange[];
  /** Only layers that changed; none of a model that was added. */
  readonly layers: readonly LayerChange[];
}

export interface LayerChange {
  readonly kind: 'added' | 'removed' | 'changed' | 'renamed';
  /** The path now; of a removed layer the path that it had. */
  readonly path: string;
  readonly before?: LayerRecord | undefined;
  readonly after?: LayerRecord | undefined;
  /** Where it stands now. */
  readonly position?: Position | undefined;
}

/** What a baseline keeps of a layer. */
export interface LayerRecord {
  readonly path: string;
  readonly operator: string;
  readonly input: readonly Shape[];
  readonly output: readonly Shape[];
  readonly parameters: bigint;
  readonly macs: bigint;
  readonly activations: bigint;
  /** Scalar operations of all kinds. */
  readonly operations: bigint;
}

/** What a baseline keeps of a model. */
export interface ModelRecord {
  readonly name: string;
  readonly source: string;
  readonly totals: Readonly<Record<TotalMetric, bigint>>;
  readonly layers: readonly LayerRecord[];
}
