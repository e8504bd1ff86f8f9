import type { MemoryOptions } from '../../analysis/memory.ts';
import type { ModelOptions } from '../models.ts';

/** The costs that a target can be set for. */
export const SOLVABLE = ['macs', 'flops', 'parameters', 'activations', 'memory'] as const;
export type Solvable = (typeof SOLVABLE)[number];

export type SolveOptions = ModelOptions &
  MemoryOptions & { readonly [M in Solvable]?: string } & {
    readonly param: readonly string[];
    readonly match?: string;
    readonly metric: Solvable;
    readonly min?: readonly string[];
    readonly max?: readonly string[];
    readonly step?: readonly string[];
  };
