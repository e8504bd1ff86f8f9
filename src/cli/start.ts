import { config } from 'zod/mini';
import { processIo } from './process-io.ts';
import { run } from './program.ts';

// zod compiles a checker at its first use, which pays off from the tenth on; a command checks most things once.
config({ jitless: true });

/** Runs the command line of this process. */
export async function start(argv: readonly string[]): Promise<void> {
  process.exitCode = await run(argv, processIo());
}
