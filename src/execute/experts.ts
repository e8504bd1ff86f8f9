import { elementCount } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { startOf } from '../operators/kit/experts.ts';
import type { Weights } from '../operators/kit/operator.ts';

/** The parts of a tensor along its first axis from one place up to another. */
function rowsOf({ shape, data }: Tensor, from: number, to: number): Tensor {
  const size = elementCount(shape.slice(1));
  // Elements are only moved: values are what a kernel may not compute with, and a slice computes nothing.
  return {
    shape: [to - from, ...shape.slice(1)],
    data: (data as unknown as Float32Array).subarray(from * size, to * size) as unknown as Tensor['data'],
  };
}

/** The weights of one expert. */
export const weightsOfExpert = (weights: Weights, expert: number): Weights =>
  Object.fromEntries(
    Object.entries(weights).map(([role, weight]) => {
      const { shape, data } = rowsOf(weight, expert, expert + 1);
      return [role, { shape: shape.slice(1), data }] as const;
    }),
  );

/** The rows of one expert among those of all, of a tensor that has the rows of all. */
export function rowsOfExpert(tensor: Tensor, expert: number, experts: number): Tensor {
  const rows = tensor.shape[0] as number;
  return rowsOf(tensor, startOf(expert, experts, rows), startOf(expert + 1, experts, rows));
}

/** Runs each expert on its own rows of the inputs, and puts what they give together; an expert without rows is not run. */
export function runExperts(
  experts: number,
  inputs: readonly Tensor[],
  weights: Weights,
  run: (inputs: readonly Tensor[], weights: Weights) => readonly Tensor[],
  zeros: (shape: Tensor['shape']) => Tensor,
): readonly Tensor[] {
  const rows = inputs[0]?.shape[0] as number;
  const parts: (readonly Tensor[])[] = [];
  for (let expert = 0; expert < experts; expert++) {
    const [from, to] = [startOf(expert, experts, rows), startOf(expert + 1, experts, rows)];
    if (to === from) continue;
    const own = inputs.map((input) => (input.shape[0] === rows ? rowsOf(input, from, to) : input));
    parts.push(run(own, weightsOfExpert(weights, expert)));
  }
  return (parts[0] as readonly Tensor[]).map((first, index) => {
    const all = parts.map((part) => part[index] as Tensor);
    const y = zeros([all.reduce((sum, { shape }) => sum + (shape[0] as number), 0), ...first.shape.slice(1)]);
    let filled = 0;
    for (const { data } of all) {
      for (let i = 0; i < data.length; i++) y.data[filled + i] = data[i];
      filled += data.length;
    }
    return y;
  });
}
