import { type Problem, ProblemError } from '../core/problem.ts';
import { runAlone } from '../execute/alone.ts';
import type { Kernels, Runnable } from '../execute/kernels.ts';
import { Synthesis } from '../execute/synthetic.ts';
import type { Outcome } from '../execute/verify.ts';
import type { Compiled } from './kernels.ts';

/** What threads are given: the same layers for all, of which each takes the next that none has taken. */
export interface Assignment {
  readonly layers: readonly Runnable[];
  /** Shared: the place of the next layer. */
  readonly next: Int32Array;
  readonly seed: number;
  readonly compiled: Compiled;
}

/** What a thread has done. */
export interface Report {
  readonly done: readonly { readonly place: number; readonly outcome: Outcome }[];
  /** Where it stopped, if it had to. */
  readonly failed?: { readonly place: number; readonly problem: Problem };
}

/** Runs layers until none is left. */
export function claimed({ layers, next, seed }: Assignment, kernels: Kernels, onLayer: (place: number) => void): Report {
  const synthesis = new Synthesis(seed);
  const done: { place: number; outcome: Outcome }[] = [];
  for (let place = Atomics.add(next, 0, 1); place < layers.length; place = Atomics.add(next, 0, 1)) {
    onLayer(place);
    try {
      done.push({ place, outcome: runAlone(layers[place] as Runnable, kernels, synthesis) });
    } catch (error) {
      if (error instanceof ProblemError) return { done, failed: { place, problem: error.problem } };
      throw error;
    }
  }
  return { done };
}
