import { FastKernels } from '../execute/fast/fast-kernels.ts';
import type { KernelKind, Kernels } from '../execute/kernels.ts';
import { ReferenceKernels } from '../execute/reference.ts';
import { type Compiled, compileKernels } from './compile-kernels.ts';

/** Kernels with a memory of their own. */
export const makeKernels = (compiled: Compiled): Kernels => (compiled === undefined ? new ReferenceKernels() : new FastKernels(compiled));

export const openKernels = async (kind: KernelKind): Promise<Kernels> => makeKernels(await compileKernels(kind));
