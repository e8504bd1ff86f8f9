import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { KernelKind } from '../execute/kernels.ts';

/** The WebAssembly that the build makes of `assembly/`. */
const MODULE = fileURLToPath(new URL('../../dist/wasm/kernels.wasm', import.meta.url));

/** What kernels of a kind are made from: compiled once, and shared by threads. The reference kernels need nothing. */
export type Compiled = WebAssembly.Module | undefined;

const COMPILE: Readonly<Record<KernelKind, () => Promise<Compiled>>> = {
  fast: () => WebAssembly.compile(readFileSync(MODULE)),
  reference: () => Promise.resolve(undefined),
};

/** V8 compiles in the background. */
export const compileKernels = (kind: KernelKind): Promise<Compiled> => COMPILE[kind]();
