import { config } from 'zod/mini';
import { reasonOf } from './failure.ts';
import { WRONG_INPUT } from './io.ts';
import { processIo } from './process-io.ts';
import { run } from './program.ts';

// zod compiles a checker at its first use, which pays off from the tenth on; a command checks most things once.
config({ jitless: true });

/** A reader that stops reading, such as `head`, ends the program in silence; any other failure is told, if it can be. */
const endOnFailure = (title: string) => (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  process.stderr.write(`flopwise  FILE_UNWRITABLE\n   ${title} cannot be written: ${reasonOf(error)}.\n`);
  process.exit(WRONG_INPUT);
};

/** What to say of a mistake of flopwise's own; the stack is for those who mend it. */
const apology = (error: unknown): string => {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const details = process.env.FLOPWISE_DEBUG ? `\n${stack}` : ' FLOPWISE_DEBUG=1 shows where.';
  return `flopwise  INTERNAL\n   This is a mistake in flopwise, not in your input: ${message}.${details}\n`;
};

/** Runs the command line of this process. */
export async function start(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', endOnFailure('The output'));
  process.stderr.on('error', endOnFailure('The error output'));
  try {
    process.exitCode = await run(argv, processIo());
  } catch (error) {
    process.stderr.write(apology(error));
    process.exitCode = WRONG_INPUT;
  }
}
