import { config } from 'zod/mini';
import { reasonOf } from '../node/errno.ts';
import { WRONG_INPUT } from './io.ts';
import { processIo } from './process-io.ts';
import { run } from './program.ts';

// zod compiles a checker at its first use, which pays off from the tenth on; a command checks most things once.
config({ jitless: true });

/**
 * A reader that stops reading, such as `head`, gets no more; what is left to do is done, and the exit code is what it would have
 * been. Any other failure is reported, if possible.
 */
const endOnFailure = (title: string) => (error: NodeJS.ErrnoException) => {
  if (GONE.has(error.code)) return;
  process.stderr.write(`flopwise  FILE_UNWRITABLE\n   ${title} cannot be written: ${reasonOf(error)}.\n`);
  process.exit(WRONG_INPUT);
};

const GONE: ReadonlySet<string | undefined> = new Set(['EPIPE', 'ERR_STREAM_DESTROYED']);

/** What to say of a mistake of flopwise's own; the stack is for those who mend it. */
const apology = (error: unknown): string => {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const details = process.env.FLOPWISE_DEBUG ? `\n${stack}` : ' FLOPWISE_DEBUG=1 shows where.';
  return `flopwise  INTERNAL\n   This is a mistake in flopwise, not in your input: ${message}.${details}\n`;
};

const isFolderGone = (error: unknown): boolean => (error as NodeJS.ErrnoException).syscall === 'uv_cwd';

const FOLDER_GONE = 'flopwise  FILE_NOT_FOUND\n   The current folder is not there any more. Go to one that is.\n';

/** Runs the command line of this process. */
export async function start(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', endOnFailure('The output'));
  process.stderr.on('error', endOnFailure('The error output'));
  try {
    const io = processIo();
    const isWatched = argv.includes('--watch') && !argv.includes('--help') && !argv.includes('-h');
    process.exitCode = isWatched ? await (await import('./watch.ts')).watch(argv, run, io) : await run(argv, io);
  } catch (error) {
    process.stderr.write(isFolderGone(error) ? FOLDER_GONE : apology(error));
    process.exitCode = WRONG_INPUT;
  }
}
