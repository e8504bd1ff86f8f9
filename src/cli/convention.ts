import type { Command } from 'commander';

/** The conventions of a command line. */

export { analyseAsAsked, type ConventionOptions, conventionFor, openConvention } from '../service/convention.ts';

export const addConventionOption = (command: Command): Command =>
  command.option(
    '--convention <convention>',
    'add a column counted by this convention: a name ("flopwise conventions") or a file of your own',
  );
