import { CountingAlu } from '../../../core/alu.ts';
import { addUp, type Counts } from '../../../core/counts.ts';
import { sameShape } from '../../../core/shape.ts';
import type { Tensor } from '../../../core/tensor.ts';
import type { Gradients } from '../../../operators/kit/gradient.ts';
import { type OperatorName, operatorOf } from '../../../operators/registry.ts';
import type { Elements } from '../../elements.ts';
import type { Ran, Runnable } from '../../kernels.ts';
import { ReferenceTraining } from '../../training/reference-training.ts';
import type { BackwardPass, RanBackward, TrainingKernels } from '../../training/training-kernels.ts';
import { isPointwise } from '../by-operator.ts';
import { FastKernels, plain, withChannelsFirst } from '../fast-kernels.ts';
import { Machine } from '../machine.ts';
import { Resident } from '../resident.ts';
import { batchnorm, normaliseBatch } from './batchnorm.ts';
import { conv } from './conv.ts';
import { add, copy, globalavgpool, maxpool, pass, relu } from './elements.ts';
import { linear, matmul } from './product.ts';
import { type FastBackward, type Statistics, Tally } from './running-back.ts';

/** The operators that have a fast backward kernel. */
const BACKWARD: Partial<Record<OperatorName, FastBackward>> = {
  add,
  batchnorm,
  conv,
  flatten: copy,
  globalavgpool,
  identity: pass,
  linear,
  matmul,
  maxpool,
  relu,
  reshape: copy,
};

/** Runs training steps with WebAssembly where there is a kernel, and with the reference kernels where there is none. */
export class FastTraining implements TrainingKernels {
  readonly #machine: Machine;
  readonly #kernels: FastKernels;
  readonly #reference = new ReferenceTraining();
  /** What normalisations keep until they are run backward. */
  readonly #statistics = new WeakMap<Runnable, Statistics>();

  constructor(module: WebAssembly.Module) {
    this.#machine = new Machine(module);
    this.#kernels = new FastKernels(this.#machine);
  }

  forward(node: Runnable, inputs: readonly Tensor[], weights: Readonly<Record<string, Elements>>): Ran {
    const { gradient } = operatorOf(node.operator);
    if ('none' in gradient || gradient.training === undefined) return this.#kernels.run(node, inputs, weights);
    if (node.operator !== 'batchnorm') return this.#reference.forward(node, inputs.map(plain), weights);
    try {
      const alu = new CountingAlu();
      const { y, statistics } = normaliseBatch(this.#machine, node, inputs[0] as Tensor, weights, alu);
      this.#statistics.set(node, statistics);
      return { outputs: [y], counts: addUp([this.#machine.takeCounts(), alu.counts()]), kernel: 'fast' };
    } finally {
      this.#machine.finish();
    }
  }

  backward(node: Runnable, backwardPass: BackwardPass): RanBackward {
    const tally = new Tally(this.#machine);
    try {
      const fast = node.experts === undefined ? BACKWARD[node.operator] : undefined;
      const statistics = this.#statistics.get(node);
      const gradients = fast?.({ machine: this.#machine, node, pass: backwardPass, tally, statistics });
      if (gradients !== undefined) return { gradients, counts: tally.counts(), kernel: 'fast' };
      return this.#referenceBackward(node, backwardPass);
    } finally {
      this.#machine.finish();
    }
  }

  /** What treats every place alike takes its tensors as they lie in memory, in whatever order of axes. */
  #referenceBackward(node: Runnable, backwardPass: BackwardPass): RanBackward {
    const { inputs, outputs, gradients } = backwardPass;
    const { gradient } = operatorOf(node.operator);
    const isAlike = isPointwise(node, inputs) && !('none' in gradient) && gradient.training === undefined;
    const as = (tensor: Tensor): Tensor => (isAlike ? this.#machine.asIn(tensor, 'channels last').inMemory() : plain(tensor));
    const ran = this.#reference.backward(node, {
      ...backwardPass,
      inputs: inputs.map(as),
      outputs: outputs.map(as),
      gradients: gradients.map(as),
    });
    return isAlike ? { ...ran, gradients: this.#inMaps(ran.gradients) } : ran;
  }

  #inMaps({ inputs, weights }: Gradients): Gradients {
    return { inputs: inputs.map((x) => x && this.#machine.bring(x, withChannelsFirst(x.shape), 'channels last')), weights };
  }

  add(a: Tensor, b: Tensor): { sum: Tensor; counts: Counts } {
    const isHere = a instanceof Resident || b instanceof Resident;
    if (!isHere || !sameShape(a.shape, b.shape)) return this.#reference.add(plain(a), plain(b));
    const layout = a instanceof Resident ? a.layout : (b as Resident).layout;
    const [left, right] = [this.#machine.asIn(a, layout), this.#machine.asIn(b, layout)];
    const sum = this.#machine.take(a.shape, layout);
    this.#machine.exports.sum(left.place, right.place, sum.elements, sum.place);
    this.#machine.finish();
    return { sum, counts: this.#machine.takeCounts() };
  }

  makeUp(elements: Elements): Tensor {
    return this.#kernels.makeUp(elements);
  }

  release(tensor: Tensor): void {
    this.#kernels.release(tensor);
  }
}
