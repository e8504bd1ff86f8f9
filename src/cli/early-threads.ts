import type { Worker } from 'node:worker_threads';

/** How many threads a line asks for; what is wrong with it is told when it is read. */
const WORKERS = /^verify .*--workers[ =](\d{1,4})(?!\S)/s;

/** Begins the threads that a line asks for before anything else: a thread takes longer to begin than the command line to load. */
export async function earlyThreads(argv: readonly string[]): Promise<readonly Worker[]> {
  const [, workers] = WORKERS.exec(argv.join(' ')) ?? [];
  return workers === undefined ? [] : (await import('../node/begin-threads.ts')).beginThreads(Number(workers));
}
