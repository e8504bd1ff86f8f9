import { parentPort, workerData } from 'node:worker_threads';
import { type Assignment, claimed } from './assignment.ts';
import { makeKernels } from './kernels.ts';

/** A thread that runs layers: see `threads.ts`. */
const assignment = workerData as Assignment;
parentPort?.postMessage(claimed(assignment, makeKernels(assignment.compiled), () => undefined));
