import { type Alu, CountingAlu } from '../core/alu.ts';
import type { Tensor } from '../core/tensor.ts';
import type { Weights } from '../operators/kit/operator.ts';
import { operatorOf } from '../operators/registry.ts';
import { type Elements, tensorFrom } from './elements.ts';
import { runExperts } from './experts.ts';
import type { Kernels, Ran, Runnable } from './kernels.ts';

/** The weights of a node as its kernel takes them. */
export function preparedWeights({ operator, attributes }: Runnable, weights: Readonly<Record<string, Elements>>): Weights {
  const tensors = Object.entries(weights).map(([role, elements]) => [role, tensorFrom(elements)] as const);
  return operatorOf(operator).prepare(attributes, Object.fromEntries(tensors), new CountingAlu());
}

/** Runs a node with the kernel of its operator: each of several experts by itself. */
export function runReference(
  node: Runnable,
  inputs: readonly Tensor[],
  weights: Readonly<Record<string, Elements>>,
  alu: Alu,
): readonly Tensor[] {
  const { prepare, run } = operatorOf(node.operator);
  const { attributes, experts } = node;
  if (experts === undefined) return run(attributes, inputs, preparedWeights(node, weights), alu);
  const tensors = Object.fromEntries(Object.entries(weights).map(([role, elements]) => [role, tensorFrom(elements)] as const));
  const runOne = (rows: readonly Tensor[], own: Weights): readonly Tensor[] =>
    run(attributes, rows, prepare(attributes, own, new CountingAlu()), alu);
  return runExperts(experts.count, inputs, tensors, runOne, (shape) => alu.zeros(shape));
}

/** The kernels of the operators' own files. `makeAlu` gives the arithmetic for a node; one that counts, if not given. */
export class ReferenceKernels implements Kernels {
  readonly #makeAlu: () => CountingAlu;

  constructor(makeAlu: () => CountingAlu = () => new CountingAlu()) {
    this.#makeAlu = makeAlu;
  }

  run(node: Runnable, inputs: readonly Tensor[], weights: Readonly<Record<string, Elements>>): Ran {
    const alu = this.#makeAlu();
    const outputs = runReference(node, inputs, weights, alu);
    return { outputs, counts: alu.counts(), kernel: 'reference' };
  }

  makeUp(elements: Elements): Tensor {
    return tensorFrom(elements);
  }

  release(): void {
    // The memory of a tensor is free as soon as nobody holds it.
  }
}
