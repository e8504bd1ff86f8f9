import { formatShape, type Shape } from '../../core/shape.ts';
import { cut } from '../text.ts';
import { count, quote, type Sentences } from '../words.ts';

/** Execution and export. */
export interface ExecuteProblems {
  TENSOR_TOO_LARGE: { shape: Shape; bytes: bigint };
  OUT_OF_MEMORY: { bytes: bigint; limit: number };
  NO_KERNEL: { operator: string };
  NOT_EXPORTABLE: { operator: string };
}

export const executeSentences: Sentences<ExecuteProblems> = {
  TENSOR_TOO_LARGE: ({ shape, bytes }) =>
    `There is no memory for a tensor of ${formatShape(shape)}, which takes ${count(bytes)} bytes. Use a smaller input or batch.`,
  OUT_OF_MEMORY: ({ bytes, limit }) =>
    `To run this layer takes ${count(bytes)} bytes of memory, with what later layers need; there are ${count(limit)}. Use a smaller input or batch.`,
  NO_KERNEL: ({ operator }) =>
    `${cut(operator)} is not known, so this layer cannot be run. Verify a part of the model that does without it.`,
  NOT_EXPORTABLE: ({ operator }) =>
    `${quote(operator)} is not known, so there is no telling how it is written. Export a part without it, as in model/stage.`,
};
