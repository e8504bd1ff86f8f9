import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FastKernels } from '../execute/fast/fast-kernels.ts';
import type { KernelKind, Kernels } from '../execute/kernels.ts';
import { ReferenceKernels } from '../execute/reference.ts';

/** The WebAssembly that the build makes of `assembly/`. */
const MODULE = fileURLToPath(new URL('../../dist/wasm/kernels.wasm', import.meta.url));

const OPENERS: Readonly<Record<KernelKind, () => Promise<Kernels>>> = {
  fast: async () => new FastKernels(await WebAssembly.compile(readFileSync(MODULE))),
  reference: async () => new ReferenceKernels(),
};

/** Kernels with a memory of their own. */
export const openKernels = (kind: KernelKind): Promise<Kernels> => OPENERS[kind]();
