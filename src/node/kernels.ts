import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FastKernels } from '../execute/fast/fast-kernels.ts';
import { Machine } from '../execute/fast/machine.ts';
import { FastTraining } from '../execute/fast/training/fast-training.ts';
import type { KernelKind, Kernels } from '../execute/kernels.ts';
import { ReferenceKernels } from '../execute/reference.ts';
import { ReferenceTraining } from '../execute/training/reference-training.ts';
import type { TrainingKernels } from '../execute/training/training-kernels.ts';

/** The WebAssembly that the build makes of `assembly/`. */
const MODULE = fileURLToPath(new URL('../../dist/wasm/kernels.wasm', import.meta.url));

/** What kernels of a kind are made from: compiled once, and shared by threads. The reference kernels need nothing. */
export type Compiled = WebAssembly.Module | undefined;

const COMPILE: Readonly<Record<KernelKind, () => Promise<Compiled>>> = {
  fast: () => WebAssembly.compile(readFileSync(MODULE)),
  reference: () => Promise.resolve(undefined),
};

/** V8 compiles each kernel when it is first called. */
export const compileKernels = (kind: KernelKind): Promise<Compiled> => COMPILE[kind]();

/** Kernels with a memory of their own. */
export const makeKernels = (compiled: Compiled): Kernels =>
  compiled === undefined ? new ReferenceKernels() : new FastKernels(new Machine(compiled));

export const openKernels = async (kind: KernelKind): Promise<Kernels> => makeKernels(await compileKernels(kind));

/** Kernels for training steps, with a memory of their own. */
export const makeTrainingKernels = (compiled: Compiled): TrainingKernels =>
  compiled === undefined ? new ReferenceTraining() : new FastTraining(compiled);
