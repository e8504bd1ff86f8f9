import { runAlone } from '../execute/alone.ts';
import type { Kernels, Runnable } from '../execute/kernels.ts';
import { Synthesis } from '../execute/synthetic.ts';
import type { Outcome } from '../execute/verify.ts';
import { type Problem, ProblemError } from '../problems/problem.ts';
import type { Compiled } from './kernels.ts';

/** What a thread is given: the same layers as all others, of which each takes the next, in an order of its own, that none has taken. */
export interface Assignment {
  readonly layers: readonly Runnable[];
  /** The layers by index. */
  readonly order: readonly number[];
  /** Shared: 1 for each layer that was taken. */
  readonly taken: Int32Array;
  readonly seed: number;
  readonly compiled: Compiled;
}

/** What a thread has done. Layers by index. */
export interface WorkerResult {
  readonly done: readonly { readonly layer: number; readonly outcome: Outcome }[];
  /** Where it stopped, if it had to. */
  readonly failed?: { readonly layer: number; readonly problem: Problem };
}

/** The layers that nobody else has taken, until none is left. */
function* claims({ order, taken }: Assignment): Generator<number> {
  for (const layer of order) if (Atomics.exchange(taken, layer, 1) === 0) yield layer;
}

/** Runs layers until none is left. */
export function claimed(assignment: Assignment, kernels: Kernels, onLayer: (layer: number) => void = () => undefined): WorkerResult {
  const { layers, seed } = assignment;
  const synthesis = new Synthesis(seed);
  const done: { layer: number; outcome: Outcome }[] = [];
  for (const layer of claims(assignment)) {
    onLayer(layer);
    try {
      done.push({ layer, outcome: runAlone(layers[layer] as Runnable, kernels, synthesis) });
    } catch (error) {
      if (error instanceof ProblemError) return { done, failed: { layer, problem: error.problem } };
      throw error;
    }
  }
  return { done };
}
