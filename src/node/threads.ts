import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { ProblemError } from '../core/problem.ts';
import { countMacs } from '../core/work.ts';
import { at, bytesOfAll } from '../execute/interpreter.ts';
import type { Kernels } from '../execute/kernels.ts';
import type { Outcome } from '../execute/verify.ts';
import type { Node } from '../graph/graph.ts';
import { type Assignment, claimed, type Report } from './assignment.ts';
import { beginThreads } from './begin-threads.ts';
import type { Compiled } from './kernels.ts';

/** Layers run by several threads, each layer by itself; each thread has kernels and a memory of its own. */

/** So many threads may each hold one of the largest layers at once. */
function checkMemory(nodes: readonly Node[], workers: number, limit: number): void {
  const sizes = nodes.map((node) => ({ node, bytes: bytesOfAll([...node.inputs, ...node.outputs, ...Object.values(node.weights)]) }));
  const largest = sizes.sort((a, b) => Number(b.bytes - a.bytes)).slice(0, workers);
  const bytes = largest.reduce((total, one) => total + one.bytes, 0n);
  if (largest[0] !== undefined && bytes > limit)
    throw at(largest[0].node, new ProblemError({ code: 'OUT_OF_MEMORY', data: { bytes, limit } }));
}

interface Options {
  readonly seed: number;
  readonly memory: number;
  /** For this thread; the others make their own of what is compiled. */
  readonly kernels: Kernels;
  readonly compiled: Compiled;
  /** Told of each layer that this thread runs, and how many have been begun. */
  readonly onLayer: (node: Node, begun: number) => void;
}

/** Threads beside this one. They load while this one does something else. */
export class Threads {
  readonly #others: readonly Worker[];

  /** `workers` counts this thread, too; there are never more than cores. Those that were `begun` before are taken first. */
  constructor(workers: number, begun?: readonly Worker[]) {
    this.#others = beginThreads(workers, begun);
  }

  /**
   * Runs layers, the costliest first, and gives what came out of them in their order.
   * @throws ProblemError where there is not enough memory.
   */
  async run(nodes: readonly Node[], { memory, seed, kernels, compiled, onLayer }: Options): Promise<Outcome[]> {
    checkMemory(nodes, this.#others.length + 1, memory);
    const macs = nodes.map(({ work }) => countMacs(work));
    const order = [...nodes.keys()].sort((a, b) => Number((macs[b] as bigint) - (macs[a] as bigint)));
    const assignment: Assignment = {
      layers: order.map((index) => {
        const { operator, attributes, inputs, weights } = nodes[index] as Node;
        return { operator, attributes, inputs, weights };
      }),
      next: new Int32Array(new SharedArrayBuffer(4)),
      seed,
      compiled,
    };
    const reports = this.#others.map(async (worker) => {
      worker.ref();
      worker.postMessage(assignment);
      return (await once(worker, 'message'))[0] as Report;
    });
    const own = claimed(assignment, kernels, (place) => onLayer(nodes[order[place] as number] as Node, place));
    const outcomes: Outcome[] = [];
    for (const { done, failed } of [own, ...(await Promise.all(reports))]) {
      if (failed !== undefined) throw at(nodes[order[failed.place] as number] as Node, new ProblemError(failed.problem));
      for (const { place, outcome } of done) outcomes[order[place] as number] = outcome;
    }
    return outcomes;
  }

  /** Ends them. */
  async close(): Promise<void> {
    await Promise.all(this.#others.map((worker) => worker.terminate()));
  }
}
