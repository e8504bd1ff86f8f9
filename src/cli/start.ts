import { config } from 'zod/mini';
import { type Io, WRONG_INPUT } from './io.ts';
import { processIo } from './process-io.ts';
import { run } from './program.ts';
import { standardOutput } from './standard-output.ts';

// zod compiles a checker at its first use, which pays off from the tenth on; a command checks most things once.
config({ jitless: true });

/** What to say of a mistake of flopwise's own; the stack is for those who mend it. */
const apology = (error: unknown): string => {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const details = process.env.FLOPWISE_DEBUG ? `\n${stack}` : ' FLOPWISE_DEBUG=1 shows where.';
  return `flopwise  INTERNAL\n   This is a mistake in flopwise, not in your input: ${message}.${details}\n`;
};

/**
 * Runs the command line of this process, with the world as it is or as `changes` have it, until all that it writes has left the
 * process.
 */
export async function start(argv: readonly string[], changes: Partial<Io> = {}): Promise<void> {
  const [stdout, stderr] = [standardOutput('stdout'), standardOutput('stderr')];
  try {
    process.exitCode = await run(argv, { ...processIo(stdout, stderr), ...changes });
  } catch (error) {
    stderr.write(apology(error));
    process.exitCode = WRONG_INPUT;
  }
  await Promise.all([stdout.taken(), stderr.taken()]);
}
