import type { Command } from 'commander';
import type { Analysis } from '../analysis/cost.ts';
import type { Io } from './io.ts';
import { analyseAll, type ModelOptions } from './models.ts';

export interface ConventionOptions {
  readonly convention?: string;
}

export const addConventionOption = (command: Command): Command =>
  command.option('--convention <name>', 'count by a convention too: a name ("flopwise conventions"), or a file of your own');

/** Counts the models that were named; by a convention too where one is asked for, and only then are conventions loaded. */
export async function analyseAsAsked(models: readonly string[], options: ModelOptions & ConventionOptions, io: Io): Promise<Analysis[]> {
  if (options.convention === undefined) return analyseAll(models, options, io);
  const { analyseBy } = await import('./convention.ts');
  return analyseBy(options.convention, models, options, io);
}
