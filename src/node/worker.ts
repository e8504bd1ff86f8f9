import { parentPort } from 'node:worker_threads';
import { type Assignment, claimed } from './assignment.ts';
import { makeKernels } from './kernels.ts';

/** What a thread beside the first does: see `threads.ts`. */

parentPort?.on('message', (assignment: Assignment) => parentPort?.postMessage(claimed(assignment, makeKernels(assignment.compiled))));
