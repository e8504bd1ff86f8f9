import { type Problem, ProblemError } from '../core/problem.ts';
import { runAlone } from '../execute/alone.ts';
import type { Kernels, Runnable } from '../execute/kernels.ts';
import { Synthesis } from '../execute/synthetic.ts';
import type { Outcome } from '../execute/verify.ts';
import type { Compiled } from './compile-kernels.ts';

/**
 * What threads are given: the same layers for all, in two queues, of which each takes the next that none has taken. To touch memory
 * for the first time takes long, so one thread begins with the layers that need much of it, and all others with the rest.
 */
export interface Assignment {
  /** Those of the first queue, then those of the second. */
  readonly layers: readonly Runnable[];
  /** How many are in the first queue. */
  readonly large: number;
  /** Shared: how many of each queue were asked for. */
  readonly taken: Int32Array;
  readonly seed: number;
  readonly compiled: Compiled;
}

/** What a thread has done. */
export interface Report {
  readonly done: readonly { readonly place: number; readonly outcome: Outcome }[];
  /** Where it stopped, if it had to. */
  readonly failed?: { readonly place: number; readonly problem: Problem };
}

/** Which queue a thread begins with. */
export type Beginning = 'large' | 'small';

/** The places of layers that nobody else has taken, until none is left. */
function* claims({ layers, large, taken }: Assignment, beginning: Beginning): Generator<number> {
  const queues = [
    { queue: 0, from: 0, to: large },
    { queue: 1, from: large, to: layers.length },
  ];
  for (const { queue, from, to } of beginning === 'large' ? queues : queues.toReversed()) {
    const next = (): number => from + Atomics.add(taken, queue, 1);
    for (let place = next(); place < to; place = next()) yield place;
  }
}

/** Runs layers until none is left. */
export function claimed(
  assignment: Assignment,
  beginning: Beginning,
  kernels: Kernels,
  onLayer: (place: number) => void = () => undefined,
): Report {
  const { layers, seed } = assignment;
  const synthesis = new Synthesis(seed);
  const done: { place: number; outcome: Outcome }[] = [];
  for (const place of claims(assignment, beginning)) {
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
