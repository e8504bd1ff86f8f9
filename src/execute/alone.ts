import type { Tensor } from '../core/tensor.ts';
import { idsOf } from '../graph/ids.ts';
import type { Kernels, Runnable } from './kernels.ts';
import type { Synthesis } from './synthetic.ts';
import type { Outcome } from './verify.ts';

/** Runs a layer by itself, on random inputs and weights: counts do not depend on values. */
export function runAlone(node: Runnable, kernels: Kernels, synthesis: Synthesis): Outcome {
  const ids = idsOf(node);
  const inputs = node.inputs.map(({ shape }, index) => kernels.makeUp(synthesis.input(shape, index, index === 0 ? ids : undefined)));
  const weights = Object.entries(node.weights).map(
    ([role, weight], index) => [role, synthesis.weight(weight, inputs.length + index)] as const,
  );
  const { outputs, counts, kernel } = kernels.run(node, inputs, Object.fromEntries(weights), inputs);
  const output = outputs.map(({ shape }) => shape);
  for (const tensor of new Set<Tensor>([...inputs, ...outputs])) kernels.release(tensor);
  return { output, counts, kernel };
}
