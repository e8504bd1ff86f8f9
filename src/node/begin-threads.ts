import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

/** What the build makes of `worker.ts`. */
const WORKER = fileURLToPath(new URL('../../dist/cli/worker.cjs', import.meta.url));

/** So many threads as have work beside the first, where `workers` counts that one, too: there are never more than cores. */
const besideFirst = (workers: number): number => Math.max(1, Math.min(workers, availableParallelism())) - 1;

/** Begins the threads beside the first one, those that were not `begun` before. The process does not wait for them to end. */
export const beginThreads = (workers: number, begun: readonly Worker[] = []): Worker[] =>
  Array.from({ length: besideFirst(workers) }, (_, index) => {
    const there = begun[index];
    if (there !== undefined) return there;
    const worker = new Worker(WORKER);
    worker.unref();
    return worker;
  });
