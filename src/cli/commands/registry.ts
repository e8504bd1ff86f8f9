import type { Command } from 'commander';
import type { Io, Run } from '../io.ts';

/** Adds a command to the program. One that calls other commands does so by `run`. */
export type AddCommand = (program: Command, io: Io, run: Run) => Command;

/** All commands, in the order of the help. Each is loaded when it is called. */
const LOADERS = {
  table: async () => (await import('./table.ts')).addTable,
  compare: async () => (await import('./compare/command.ts')).addCompare,
  draw: async () => (await import('./draw.ts')).addDraw,
  plot: async () => (await import('./plot.ts')).addPlot,
  explain: async () => (await import('./explain/command.ts')).addExplain,
  verify: async () => (await import('./verify.ts')).addVerify,
  generate: async () => (await import('./generate.ts')).addGenerate,
  train: async () => (await import('./train.ts')).addTrain,
  check: async () => (await import('./check/command.ts')).addCheck,
  conventions: async () => (await import('./conventions.ts')).addConventions,
  convert: async () => (await import('./convert.ts')).addConvert,
  export: async () => (await import('./export.ts')).addExport,
  solve: async () => (await import('./solve.ts')).addSolve,
  weights: async () => (await import('./weights.ts')).addWeights,
  list: async () => (await import('./list.ts')).addList,
  schema: async () => (await import('./schema.ts')).addSchema,
  mcp: async () => (await import('./mcp/command.ts')).addMcp,
  init: async () => (await import('./init.ts')).addInit,
  docs: async () => (await import('./docs.ts')).addDocs,
  completion: async () => (await import('./completion/command.ts')).addCompletion,
} satisfies Readonly<Record<string, () => Promise<AddCommand>>>;

export type CommandName = keyof typeof LOADERS;

export const COMMANDS: ReadonlyMap<string, () => Promise<AddCommand>> = new Map(Object.entries(LOADERS));
