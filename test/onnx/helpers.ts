import { bufferSource } from '../../src/onnx/file/bytes.ts';
import type { OnnxModel } from '../../src/onnx/file/model.ts';
import { readOnnx } from '../../src/onnx/file/read-model.ts';
import { FlopwiseError, ProblemError } from '../../src/problems/problem.ts';

export const read = (bytes: Uint8Array, external?: Parameters<typeof readOnnx>[2]): OnnxModel =>
  readOnnx(bufferSource(bytes), 'net.onnx', external);

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
