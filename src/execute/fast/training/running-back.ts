import { CountingAlu } from '../../../core/alu.ts';
import { addUp, type Counts } from '../../../core/counts.ts';
import type { Tensor } from '../../../core/tensor.ts';
import type { Gradients } from '../../../operators/kit/gradient.ts';
import type { Runnable } from '../../kernels.ts';
import type { BackwardPass } from '../../training/training-kernels.ts';
import type { Machine } from '../machine.ts';

/** What a normalisation keeps from the forward pass: for each channel. */
export interface Statistics {
  readonly means: Float32Array;
  readonly factors: Float32Array;
}

/** Counts for gradients of inputs apart from those of weights. */
export class Tally {
  readonly #machine: Machine;
  readonly #all: { readonly inputs: Counts[]; readonly weights: Counts[] } = { inputs: [], weights: [] };

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Runs what is for gradients of inputs, or of weights; beside the kernels of the machine it may compute with the arithmetic that it is given. */
  for<T>(part: 'inputs' | 'weights', run: (alu: CountingAlu) => T): T {
    const alu = new CountingAlu();
    const result = run(alu);
    this.#all[part].push(this.#machine.takeCounts(), alu.counts());
    return result;
  }

  counts(): { readonly inputs: Counts; readonly weights: Counts } {
    return { inputs: addUp(this.#all.inputs), weights: addUp(this.#all.weights) };
  }
}

/** A node that is run backward. */
export interface RunningBack {
  readonly machine: Machine;
  readonly node: Runnable;
  readonly pass: BackwardPass;
  readonly tally: Tally;
  readonly statistics: Statistics | undefined;
}

/** Gives the gradients; nothing where this case is left to the reference kernel. */
export type FastBackward = (running: RunningBack) => Gradients | undefined;

/** The gradient of the only input. */
export const toInput = (x: Tensor | undefined): Gradients => ({ inputs: [x], weights: {} });
