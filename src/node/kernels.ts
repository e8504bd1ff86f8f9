import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FastKernels } from '../execute/fast/fast-kernels.ts';

/** The WebAssembly that the build makes of `assembly/`. */
const MODULE = fileURLToPath(new URL('../../dist/wasm/kernels.wasm', import.meta.url));

/** Fast kernels with a memory of their own. */
export async function openFastKernels(): Promise<FastKernels> {
  return new FastKernels(await WebAssembly.compile(readFileSync(MODULE)));
}
