import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { Worker } from 'node:worker_threads';
import { loadCompiled } from '../node/code-cache.ts';

/** A short command is over before V8's optimising compiler has done its work: on two cores it only takes time from it, a quarter of that of "list". */
const SHORT = '--no-opt';

/**
 * Flags for commands that compute for long. Kernels of WebAssembly are optimised when they are first called, and only those that
 * are: they would run long before V8 finds out. Loops in JavaScript are optimised later than usual: those that run only once would
 * take time from threads, and reference kernels run on for long.
 */
const LONG = new Map([
  ['check', '--opt'],
  ['solve', '--opt'],
  ['verify', '--no-liftoff --interrupt-budget=500000'],
]);

/** The flag of V8 that a command runs with. */
export const flagOf = (command: string | undefined): string => LONG.get(command ?? '') ?? SHORT;

/**
 * Loads the command line and runs it, with threads that were begun for it. What is loaded before V8's flags are set was compiled
 * without, what comes after with them.
 */
export async function launch(argv: readonly string[], threads: readonly Worker[]): Promise<void> {
  const { start } = loadCompiled<typeof import('./start.ts')>(join(import.meta.dirname, 'start.cjs'));
  setFlagsFromString(flagOf(argv[0]));
  await start(argv, { threads });
  // V8 would tidy up all of its memory, which goes with the process.
  process.exit();
}
