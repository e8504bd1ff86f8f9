import type { ModelOptions } from '../../models.ts';
import type { OutputOptions } from '../../options.ts';

/** The costs that a target can be set for. */
export const SOLVABLE = ['macs', 'flops', 'parameters', 'activations'] as const;
export type Solvable = (typeof SOLVABLE)[number];

export type SolveOptions = ModelOptions &
  OutputOptions & { readonly [M in Solvable]?: string } & {
    readonly param: string;
    readonly match?: string;
    readonly metric: Solvable;
    readonly min?: string;
    readonly max?: string;
    readonly step?: string;
    readonly format: 'table' | 'json';
  };
