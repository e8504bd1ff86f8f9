import type { Counts } from '../../core/counts.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { Gradients, Needs } from '../../operators/kit/gradient.ts';
import type { Elements } from '../elements.ts';
import type { KernelKind, Kernels, Ran, Runnable } from '../kernels.ts';

/** What the gradients of a node are computed from. */
export interface BackwardPass {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly weights: Readonly<Record<string, Elements>>;
  /** Of the outputs. */
  readonly gradients: readonly Tensor[];
  readonly needs: Needs;
}

/** What came of running a node backward. */
export interface RanBackward {
  readonly gradients: Gradients;
  /** Executed for the gradients of inputs and of what lies between, and for those of weights. */
  readonly counts: { readonly inputs: Counts; readonly weights: Counts };
  readonly kernel: KernelKind;
}

/** What a training step is run with. */
export interface TrainingKernels extends Pick<Kernels, 'makeUp' | 'release'> {
  /**
   * Runs a node as while training: a batch norm by the statistics of the batch, dropout with a mask.
   * @throws ProblemError where there is not enough memory.
   */
  forward(node: Runnable, inputs: readonly Tensor[], weights: Readonly<Record<string, Elements>>): Ran;
  /** Computes the gradients that are asked for, of a node whose operator has some. */
  backward(node: Runnable, pass: BackwardPass): RanBackward;
  /** The sum of two gradients of the same tensor. */
  add(a: Tensor, b: Tensor): { readonly sum: Tensor; readonly counts: Counts };
}
