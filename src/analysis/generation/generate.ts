import { sum } from '../../core/exact.ts';
import { countMacs, countMasked } from '../../core/work.ts';
import type { Graph } from '../../graph/graph.ts';
import { fail } from '../../problems/problem.ts';
import { cacheOf, type MemoryOptions, memoryOf } from '../memory.ts';
import { piecesOf, type Quantities, SHORT, sumOver, valueAt } from '../pieces.ts';
import { weightBytesRead } from './weight-reads.ts';

/** A prompt, and what follows it token by token. */
export interface Request {
  /** Positions of the prompt. */
  readonly prompt: number;
  /** Tokens that go through the model after it, one at a time. */
  readonly new: number;
}

/** Counts a model with so many new positions after so many that earlier steps have left. */
export type Opened = (tokens: number, past: number) => Graph;

/** What one run of the network costs, or several together. */
export interface Phase {
  readonly macs: bigint;
  /** Of these, the ones on masked positions. */
  readonly masked: bigint;
  /** Weights that must be read: each element once in a run, of embeddings the rows of the tokens, of experts at most one for each row. */
  readonly weightBytes: bigint;
  /** Keys and values, or states, that a run works with and leaves. */
  readonly cacheBytes: bigint;
}

/** What it takes to generate. */
export interface Generation {
  readonly name: string;
  readonly source: string;
  readonly batch: number;
  readonly request: Request;
  readonly prefill: Phase;
  readonly firstStep: Phase;
  readonly lastStep: Phase;
  /** All steps after the prompt. */
  readonly steps: Phase;
  readonly total: Phase;
  /** Prompt and new tokens computed at once, as a causal model may. */
  readonly atOnce: Phase;
  readonly cache: { readonly bytes: bigint; readonly bytesPerToken: bigint };
  /** All weights. */
  readonly weightBytes: bigint;
  /** The most that tensors between layers take at one time: while the prompt runs, or in the last step. */
  readonly peakBytes: bigint;
  /** How many steps were counted one by one; what lies between them follows from these. */
  readonly counted: number;
  /** Of the layers with experts: how many there are, and how many a token goes through. */
  readonly experts: { readonly count: number; readonly best: number } | undefined;
}

/** Quantities of a layer, in this order. */
const QUANTITIES = 4;

/** The costs of all layers, one after the other. */
function costsOf(graph: Graph, options: MemoryOptions): Quantities {
  const weights = weightBytesRead(graph, options);
  const { byNode } = cacheOf(graph, options);
  return graph.nodes.flatMap(({ work }, index) => [
    countMacs(work),
    countMasked(work),
    weights[index] as bigint,
    byNode[index]?.bytes as bigint,
  ]);
}

/** The sum of all layers. */
function phaseOf(costs: Quantities): Phase {
  const all = (which: number): bigint => sum(costs.filter((_, index) => index % QUANTITIES === which));
  return { macs: all(0), masked: all(1), weightBytes: all(2), cacheBytes: all(3) };
}

const together = (phases: readonly Phase[]): Phase => ({
  macs: sum(phases.map(({ macs }) => macs)),
  masked: sum(phases.map(({ masked }) => masked)),
  weightBytes: sum(phases.map(({ weightBytes }) => weightBytes)),
  cacheBytes: sum(phases.map(({ cacheBytes }) => cacheBytes)),
});

/** Most steps that are counted one by one. */
const MAX_COUNTED = 10_000;

/**
 * The prompt, the first step after it, the last, and the exact sum of all. The steps are not counted one by one where the cost of every
 * layer is a polynomial of the length.
 * @throws ProblemError if the model keeps nothing for the next step.
 */
export function generate(open: Opened, request: Request, options: MemoryOptions): Generation {
  const { prompt, new: count } = request;
  const last = open(1, prompt + count - 1);
  const cache = cacheOf(last, options);
  if (cache.bytes === 0n) throw fail('NOTHING_KEPT', { model: last.name });
  const [first, whole] = [open(prompt, 0), open(prompt + count, 0)];
  const { pieces, asked } = piecesOf((past) => costsOf(open(1, past), options), prompt, count, { limit: MAX_COUNTED, short: SHORT });
  const steps = together(pieces.map((piece) => phaseOf(sumOver(piece))));
  const stepAt = (past: number): Phase => {
    const piece = pieces.find(({ from, count: length }) => past < from + length);
    return phaseOf(piece === undefined ? [] : valueAt(piece, past));
  };
  const prefill = phaseOf(costsOf(first, options));
  const { weights, peak } = memoryOf(first, options);
  const { peak: lastPeak } = memoryOf(last, options);
  return {
    name: first.name,
    source: first.source,
    batch: first.inputs[0]?.tensor.shape[0] ?? 1,
    request,
    prefill,
    firstStep: stepAt(prompt),
    lastStep: stepAt(prompt + count - 1),
    steps,
    total: together([prefill, steps]),
    atOnce: phaseOf(costsOf(whole, options)),
    cache: { bytes: cache.bytes, bytesPerToken: cache.bytesPerToken },
    weightBytes: weights,
    peakBytes: peak > lastPeak ? peak : lastPeak,
    counted: asked,
    experts: first.nodes.find(({ experts }) => experts !== undefined)?.experts,
  };
}
