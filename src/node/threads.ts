import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { elements } from '../core/shape.ts';
import { countMacs } from '../core/work.ts';
import { at, bytesOfAll } from '../execute/interpreter.ts';
import type { Kernels } from '../execute/kernels.ts';
import type { Outcome } from '../execute/verify.ts';
import type { Node } from '../graph/graph.ts';
import { ProblemError } from '../problems/problem.ts';
import { type Assignment, claimed, type WorkerResult } from './assignment.ts';
import type { Compiled } from './kernels.ts';

/** What the build makes of `worker.ts`. */
const WORKER = fileURLToPath(new URL('../../dist/cli/worker.js', import.meta.url));

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

/**
 * Layers by index, the costliest first. To touch memory for the first time takes long, so one thread begins with those that need half
 * of what the largest needs, or more, with which the others end; and of those that cost about the same it takes the larger first.
 */
function ordersOf(nodes: readonly Node[]): { first: readonly number[]; others: readonly number[] } {
  const layers = nodes.map((node, index) => ({
    index,
    bits: costOf(node).toString(2).length,
    bytes: Number(bytesOfAll([...node.inputs, ...node.outputs])),
  }));
  const most = Math.max(...layers.map(({ bytes }) => bytes));
  const isLarge = ({ bytes }: { bytes: number }): number => Number(2 * bytes >= most);
  const ordered = (sign: 1 | -1): number[] =>
    layers.toSorted((a, b) => sign * (isLarge(b) - isLarge(a)) || b.bits - a.bits || sign * (b.bytes - a.bytes)).map(({ index }) => index);
  return { first: ordered(1), others: ordered(-1) };
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

  /** `workers` counts this thread, too; there are never more than cores. The process does not wait for them to end. */
  constructor(workers: number) {
    const others = Math.max(1, Math.min(workers, availableParallelism())) - 1;
    this.#others = Array.from({ length: others }, () => new Worker(WORKER));
    for (const worker of this.#others) worker.unref();
  }

  /**
   * Runs layers, the costliest first, and gives what came out of them in their order.
   * @throws ProblemError where there is not enough memory.
   */
  async run(nodes: readonly Node[], { memory, seed, kernels, compiled, onLayer }: Options): Promise<Outcome[]> {
    checkMemory(nodes, this.#others.length + 1, memory);
    const orders = ordersOf(nodes);
    const shared = {
      layers: nodes.map(({ operator, attributes, inputs, weights, experts }) => ({ operator, attributes, inputs, weights, experts })),
      taken: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * nodes.length)),
      seed,
      compiled,
    };
    const reports = this.#others.map(async (worker) => {
      worker.ref();
      const assignment: Assignment = { ...shared, order: orders.others };
      worker.postMessage(assignment);
      return (await once(worker, 'message'))[0] as WorkerResult;
    });
    const begun = (): number => shared.taken.reduce((sum, one) => sum + one, 0);
    const first = claimed({ ...shared, order: orders.first }, kernels, (layer) => onLayer(nodes[layer] as Node, begun()));
    const outcomes: Outcome[] = [];
    for (const { done, failed } of [first, ...(await Promise.all(reports))]) {
      if (failed !== undefined) throw at(nodes[failed.layer] as Node, new ProblemError(failed.problem));
      for (const { layer, outcome } of done) outcomes[layer] = outcome;
    }
    return outcomes;
  }

  /** Ends them. */
  async close(): Promise<void> {
    await Promise.all(this.#others.map((worker) => worker.terminate()));
  }
}
