import kernelsUrl from '../../../dist/wasm/kernels.wasm?url';
import { FastKernels } from '../../execute/fast/fast-kernels.ts';
import { Machine } from '../../execute/fast/machine.ts';
import { ReferenceKernels } from '../../execute/reference.ts';
import type { KernelChoice } from '../engine/ground.ts';

const bytesOf = (url: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(url.slice(url.indexOf(',') + 1)), (sign) => sign.charCodeAt(0));

const SLOW = 'This browser has no WebAssembly with SIMD: the run took plain loops, which count the same and take longer.';

/** WebAssembly with four lanes where the browser has it, and the obvious loops where it has not. */
export function kernels(): KernelChoice {
  const bytes = bytesOf(kernelsUrl);
  return typeof WebAssembly === 'object' && WebAssembly.validate(bytes)
    ? { kernels: new FastKernels(new Machine(new WebAssembly.Module(bytes))), note: '' }
    : { kernels: new ReferenceKernels(), note: SLOW };
}
