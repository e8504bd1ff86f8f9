import type { Counts } from '../core/counts.ts';
import type { Tensor } from '../core/tensor.ts';
import type { Node } from '../graph/graph.ts';
import type { Elements } from './elements.ts';

/** Kernels by how they are made: the obvious loops, or WebAssembly with four lanes. */
export const KERNELS = ['fast', 'reference'] as const;
export type KernelKind = (typeof KERNELS)[number];

/** What came of running a node. */
export interface Ran {
  readonly outputs: readonly Tensor[];
  readonly counts: Counts;
  readonly kernel: KernelKind;
}

/** What kernels must know of a node. Plain data, so that it can be sent to another thread. */
export type Runnable = Pick<Node, 'operator' | 'attributes' | 'inputs' | 'weights' | 'experts'>;

/** What nodes are run with. */
export interface Kernels {
  /**
   * Runs a node on its inputs and its weights, by role. Nobody needs the tensors that are `spent`, so their memory may
   * become that of the outputs; they are to be released all the same.
   * @throws ProblemError where there is not enough memory.
   */
  run(node: Runnable, inputs: readonly Tensor[], weights: Readonly<Record<string, Elements>>, spent?: readonly Tensor[]): Ran;
  /** A tensor with these elements, in whatever order these kernels take least time with. */
  makeUp(elements: Elements): Tensor;
  /** Takes back the memory of what a node gave: no later one needs it. */
  release(tensor: Tensor): void;
}
