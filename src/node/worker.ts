import { parentPort, workerData } from 'node:worker_threads';
import { type Assignment, claimed } from './assignment.ts';
import { openKernels } from './kernels.ts';

/** A thread that runs layers: see `threads.ts`. */
const assignment = workerData as Assignment;
void openKernels(assignment.kind).then((kernels) => parentPort?.postMessage(claimed(assignment, kernels, () => undefined)));
