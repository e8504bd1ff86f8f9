import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { ProblemError } from '../core/problem.ts';
import { elements } from '../core/shape.ts';
import { countMacs } from '../core/work.ts';
import { at, bytesOfAll } from '../execute/interpreter.ts';
import type { Kernels } from '../execute/kernels.ts';
import type { Outcome } from '../execute/verify.ts';
import type { Node } from '../graph/graph.ts';
import { type Assignment, claimed, type Report } from './assignment.ts';
import { beginThreads } from './begin-threads.ts';
import type { Compiled } from './compile-kernels.ts';

/** Layers run by several threads, each layer by itself; each thread has kernels and a memory of its own. */

/** So many threads may each hold one of the largest layers at once. */
function checkMemory(nodes: readonly Node[], workers: number, limit: number): void {
  const sizes = nodes.map((node) => ({ node, bytes: bytesOfAll([...node.inputs, ...node.outputs, ...Object.values(node.weights)]) }));
  const largest = sizes.sort((a, b) => Number(b.bytes - a.bytes)).slice(0, workers);
  const bytes = largest.reduce((total, one) => total + one.bytes, 0n);
  if (largest[0] !== undefined && bytes > limit)
    throw at(largest[0].node, new ProblemError({ code: 'OUT_OF_MEMORY', data: { bytes, limit } }));
}

/** An element of a weight takes about as long to be read as so many products take, and most of them are read once. */
const PRODUCTS_PER_WEIGHT = 10n;

/** About how long a layer takes. */
const costOf = ({ work, weights }: Node): bigint =>
  Object.values(weights).reduce((cost, { shape }) => cost + PRODUCTS_PER_WEIGHT * elements(shape), countMacs(work));

/** The order in which layers are taken: those that need half of the memory of the largest, or more, then the rest; the costliest first. */
function queuesOf(nodes: readonly Node[]): { order: readonly number[]; large: number } {
  const layers = nodes.map((node, index) => ({
    index,
    bytes: bytesOfAll([...node.inputs, ...node.outputs]),
    cost: costOf(node),
  }));
  const most = layers.reduce((largest, { bytes }) => (bytes > largest ? bytes : largest), 0n);
  const sorted = layers.sort((a, b) => Number(b.cost - a.cost));
  const [large, small] = [sorted.filter(({ bytes }) => 2n * bytes >= most), sorted.filter(({ bytes }) => 2n * bytes < most)];
  return { order: [...large, ...small].map(({ index }) => index), large: large.length };
}

interface Options {
  readonly seed: number;
  readonly memory: number;
  /** For this thread; the others make their own of what is compiled. */
  readonly kernels: Kernels;
  readonly compiled: Compiled;
  /** Told of each layer that this thread runs, and how many have been begun by all. */
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
    const { order, large } = queuesOf(nodes);
    const taken = new Int32Array(new SharedArrayBuffer(8));
    const assignment: Assignment = {
      layers: order.map((index) => {
        const { operator, attributes, inputs, weights } = nodes[index] as Node;
        return { operator, attributes, inputs, weights };
      }),
      large,
      taken,
      seed,
      compiled,
    };
    const reports = this.#others.map(async (worker) => {
      worker.ref();
      worker.postMessage(assignment);
      return (await once(worker, 'message'))[0] as Report;
    });
    const begun = (): number => Math.min((taken[0] as number) + (taken[1] as number), nodes.length);
    const own = claimed(assignment, 'large', kernels, (place) => onLayer(nodes[order[place] as number] as Node, begun()));
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
