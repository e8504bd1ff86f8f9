import type { Shape } from '../core/shape.ts';
import { fail, type ProblemError } from '../problems/problem.ts';

/** A tensor of a file of weights, as its header tells. */
export interface StoredTensor {
  readonly name: string;
  /** As the format calls it: `BF16`, `Q4_K`. */
  readonly type: string;
  /** Outermost axis first. */
  readonly shape: Shape;
  readonly elements: bigint;
  readonly bytes: bigint;
}

/** What the header of a file of weights says. The weights themselves are not read. */
export interface WeightFile {
  readonly file: string;
  readonly tensors: readonly StoredTensor[];
}

/** Most bytes of a header, and most tensors of a file. */
export const MAX_HEADER = 100_000_000;
export const MAX_TENSORS = 1_000_000;

export const damaged = (path: string, offset: number, reason: string): ProblemError => fail('WEIGHTS_MALFORMED', { path, offset, reason });

/** Where a tensor lies in the data, which begins at `start` of the file. */
export interface Placed {
  readonly tensor: StoredTensor;
  readonly from: bigint;
}

/** Fails where tensors overlap, or reach past the end of the file. */
export function checkPlaces(path: string, size: number, start: number, placed: readonly Placed[]): void {
  const rising = placed.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : a.tensor.bytes < b.tensor.bytes ? -1 : 1));
  let end = 0n;
  let before = '';
  for (const { tensor, from } of rising) {
    if (from < end)
      throw damaged(
        path,
        start + Number(from),
        `the tensor "${tensor.name}" begins inside of "${before}", which reaches to byte ${BigInt(start) + end}`,
      );
    end = from + tensor.bytes;
    before = tensor.name;
  }
  const needs = BigInt(start) + end;
  if (needs > BigInt(size)) throw fail('WEIGHTS_TRUNCATED', { path, size, needs });
}
