import { CountingAlu } from '../core/alu.ts';
import type { Tensor } from '../core/tensor.ts';
import type { Weights } from '../operators/kit/operator.ts';
import { operatorOf } from '../operators/registry.ts';
import { type Elements, tensorFrom } from './elements.ts';
import type { Kernels, Ran, Runnable } from './kernels.ts';

/** The weights of a node as its kernel takes them. */
export function preparedWeights({ operator, attributes }: Runnable, weights: Readonly<Record<string, Elements>>): Weights {
  const tensors = Object.entries(weights).map(([role, elements]) => [role, tensorFrom(elements)] as const);
  return operatorOf(operator).prepare(attributes, Object.fromEntries(tensors), new CountingAlu());
}

/** The kernels of the operators' own files. `makeAlu` gives the arithmetic for a node; one that counts, if not given. */
export class ReferenceKernels implements Kernels {
  readonly #makeAlu: () => CountingAlu;

  constructor(makeAlu: () => CountingAlu = () => new CountingAlu()) {
    this.#makeAlu = makeAlu;
  }

  run(node: Runnable, inputs: readonly Tensor[], weights: Readonly<Record<string, Elements>>): Ran {
    const alu = this.#makeAlu();
    const outputs = operatorOf(node.operator).run(node.attributes, inputs, preparedWeights(node, weights), alu);
    return { outputs, counts: alu.counts(), kernel: 'reference' };
  }

  makeUp(elements: Elements): Tensor {
    return tensorFrom(elements);
  }

  release(): void {
    // The memory of a tensor is free as soon as nobody holds it.
  }
}
