import { CountingAlu } from '../../core/alu.ts';
import { addUp } from '../../core/counts.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { Node } from '../../graph/graph.ts';
import { operatorOf } from '../../operators/index.ts';
import type { Elements } from '../elements.ts';
import type { Kernels, Ran } from '../kernels.ts';
import { preparedWeights } from '../reference.ts';
import { fastKernels, isPointwise } from './index.ts';
import { Machine } from './machine.ts';
import { Resident } from './resident.ts';

/** A copy with the elements at hand: kernels ask for them again and again. */
const plain = ({ shape, data }: Tensor): Tensor => ({ shape, data });

/** Runs nodes with WebAssembly where there is a kernel for them, and with the reference kernel where there is none. */
export class FastKernels implements Kernels {
  readonly #machine: Machine;

  constructor(module: WebAssembly.Module) {
    this.#machine = new Machine(module);
  }

  run(node: Node, inputs: readonly Tensor[], weights: Readonly<Record<string, Elements>>): Ran {
    const alu = new CountingAlu();
    try {
      const fast = fastKernels[node.operator];
      const output = fast?.({ machine: this.#machine, node, inputs, weights, alu });
      const outputs = output === undefined ? this.#reference(node, inputs, weights, alu) : [output];
      const counts = addUp([this.#machine.takeCounts(), alu.counts()]);
      return { outputs, counts, kernel: output === undefined ? 'reference' : 'fast' };
    } finally {
      this.#machine.finish();
    }
  }

  /** An operator that treats every place alike takes its inputs as they lie in memory, in whatever order of axes. */
  #reference(node: Node, inputs: readonly Tensor[], weights: Readonly<Record<string, Elements>>, alu: CountingAlu): Tensor[] {
    const { run } = operatorOf(node.operator);
    const prepared = preparedWeights(node, weights);
    if (!isPointwise(node, inputs)) return [...run(node.attributes, inputs.map(plain), prepared, alu)];
    const last = inputs.map((input) => this.#machine.asIn(input, 'channels last').inMemory());
    return run(node.attributes, last, prepared, alu).map((output, index) =>
      this.#machine.bring(output, node.outputs[index]?.shape, 'channels last'),
    );
  }

  release(tensor: Tensor): void {
    if (tensor instanceof Resident) this.#machine.memory.give(tensor.place);
  }
}
