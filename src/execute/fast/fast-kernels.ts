import { CountingAlu } from '../../core/alu.ts';
import { addUp } from '../../core/counts.ts';
import type { Shape } from '../../core/shape.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { Elements } from '../elements.ts';
import type { Kernels, Ran, Runnable } from '../kernels.ts';
import { runReference } from '../reference.ts';
import { fastKernels, isPointwise } from './by-operator.ts';
import type { Machine } from './machine.ts';
import { Resident } from './resident.ts';

/** A copy with the elements at hand: kernels ask for them again and again. */
export const plain = ({ shape, data }: Tensor): Tensor => ({ shape, data });

/** The shape of a tensor that lies in memory with the channels last. */
export function withChannelsFirst(shape: Shape): Shape {
  const [n, ...rest] = shape as [number, ...number[]];
  return [n, rest.at(-1) as number, ...rest.slice(0, -1)];
}

/** Runs nodes with WebAssembly where there is a kernel for them, and with the reference kernel where there is none. */
export class FastKernels implements Kernels {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  run(node: Runnable, inputs: readonly Tensor[], weights: Readonly<Record<string, Elements>>, spent: readonly Tensor[] = []): Ran {
    const alu = new CountingAlu();
    try {
      // The experts of a layer run one by one.
      const fast = node.experts === undefined ? fastKernels[node.operator] : undefined;
      const given = fast?.({ machine: this.#machine, node, inputs, weights, spent, alu });
      const fastOutputs = given instanceof Resident ? [given] : given;
      const outputs = fastOutputs ?? this.#reference(node, inputs, weights, alu);
      const counts = addUp([this.#machine.takeCounts(), alu.counts()]);
      return { outputs, counts, kernel: given === undefined ? 'reference' : 'fast' };
    } finally {
      this.#machine.finish();
    }
  }

  /** An operator that treats every place alike takes its inputs as they lie in memory, in whatever order of axes. */
  #reference(node: Runnable, inputs: readonly Tensor[], weights: Readonly<Record<string, Elements>>, alu: CountingAlu): Tensor[] {
    if (!isPointwise(node, inputs)) return [...runReference(node, inputs.map(plain), weights, alu)];
    const last = inputs.map((input) => this.#machine.asIn(input, 'channels last').inMemory());
    return runReference(node, last, weights, alu).map((output) =>
      this.#machine.bring(output, withChannelsFirst(output.shape), 'channels last'),
    );
  }

  /** Maps with the channels last, as convolutions have them. */
  makeUp(elements: Elements): Tensor {
    return this.#machine.made(elements, elements.shape.length > 3 ? 'channels last' : 'channels first');
  }

  release(tensor: Tensor): void {
    if (tensor instanceof Resident) this.#machine.release(tensor);
  }
}
