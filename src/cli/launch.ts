import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { Worker } from 'node:worker_threads';
import { loadCompiled } from '../node/code-cache.ts';

/** A short command is over before V8's optimising compiler has done its work: on two cores it only takes time from it, a quarter of that of "list". */
const SHORT = '--no-opt';

/**
 * Flags for commands that compute for long. Kernels of WebAssembly are optimised at once, all of them while other things load: they
 * would run long before V8 finds out, and each thread would compile its own.
 */
const LONG = new Map([
  ['check', '--opt'],
  ['solve', '--opt'],
  ['verify', '--no-liftoff --no-wasm-lazy-compilation'],
]);

/** The flag of V8 that a command runs with. */
export const flagOf = (command: string | undefined): string => LONG.get(command ?? '') ?? SHORT;

/** How many threads a line asks for; what is wrong with it is told when it is read. */
const WORKERS = /^verify .*--workers[ =](\d{1,4})(?!\S)/s;

/** A thread takes longer to begin than the command line to load. */
async function beginThreads(argv: readonly string[]): Promise<readonly Worker[]> {
  const [, workers] = WORKERS.exec(argv.join(' ')) ?? [];
  return workers === undefined ? [] : (await import('../node/begin-threads.ts')).beginThreads(Number(workers));
}

/** Loads the command line and runs it. What is loaded before V8's flags are set was compiled without, what comes after with them. */
export async function launch(argv: readonly string[]): Promise<void> {
  const threads = await beginThreads(argv);
  const { start } = loadCompiled<typeof import('./start.ts')>(join(import.meta.dirname, 'start.cjs'));
  setFlagsFromString(flagOf(argv[0]));
  const compiling = argv[0] === 'verify' ? (await import('../node/compile-kernels.ts')).compileKernels('fast') : undefined;
  await start(argv, { begun: { threads, compiling } });
}
