import { parentPort } from 'node:worker_threads';
import { type Assignment, claimed, type Report } from './assignment.ts';
import { makeKernels } from './kernels.ts';

/** What a thread beside the first does: see `threads.ts`. */

export const work = (assignment: Assignment): Report => claimed(assignment, makeKernels(assignment.compiled));

parentPort?.on('message', (assignment: Assignment) => parentPort?.postMessage(work(assignment)));
