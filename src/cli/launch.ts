import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { loadCompiled } from './code-cache.ts';

/** Commands that compute for long enough for V8's optimising compiler to pay off. */
const LONG = new Set(['verify', 'solve']);

/** Loads the command line and runs it. */
export function launch(argv: readonly string[]): void {
  const { start } = loadCompiled<typeof import('./start.ts')>(join(import.meta.dirname, 'start.cjs')).exports;
  // The others are over before it does: on two cores it only takes time from them, a quarter of that of "list".
  if (!LONG.has(argv[0] ?? '')) setFlagsFromString('--no-opt');
  void start(argv);
}
