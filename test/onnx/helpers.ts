import { FlopwiseError, ProblemError } from '../../src/core/problem.ts';
import type { ByteSource } from '../../src/onnx/bytes.ts';
import type { OnnxModel } from '../../src/onnx/model.ts';
import { readOnnx } from '../../src/onnx/read-model.ts';

export const sourceOf = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read(offset, into) {
    const part = bytes.subarray(offset, offset + into.length);
    into.set(part);
    return part.length;
  },
});

export const read = (bytes: Uint8Array, external?: Parameters<typeof readOnnx>[2]): OnnxModel =>
  readOnnx(sourceOf(bytes), 'net.onnx', external);

/** The code and sentence of the one problem that there is. Anything else that is thrown is a bug, and goes on. */
export function problemOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof FlopwiseError) return error.message;
    if (error instanceof ProblemError) return `${error.problem.code}: ${error.message}`;
    throw error;
  }
  return '';
}
