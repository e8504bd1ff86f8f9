import { elements } from '../../core/shape.ts';
import { type GradientFlow, heldBy } from '../../gradients/flow.ts';
import type { Edge, Graph, Node, Weight } from '../../graph/graph.ts';
import type { Region } from './checkpoints.ts';
import { OPTIMIZERS, type Optimizer, type OptimizerName } from './optimizers.ts';
import { type Bytes, bytesOf, type Storage, type Storages, storagesOf } from './saved.ts';
import { tensorParallelism } from './tensor-parallel.ts';

/** Types to train in. */
export const TRAINING_TYPES = { fp32: 4n, bf16: 2n, fp16: 2n } as const;
export type TrainingType = keyof typeof TRAINING_TYPES;

export interface TrainingMemoryOptions {
  /** Type of weights, gradients and activations; with less than 32 bits a copy of the weights is kept in fp32. */
  readonly dtype?: TrainingType | undefined;
  readonly optimizer?: OptimizerName | undefined;
  /** Where it runs: on a CPU PyTorch keeps the mask of a dropout as elements, on a GPU one byte each. */
  readonly device?: 'cpu' | 'cuda' | undefined;
}

/** Bytes of a training step. */
export interface TrainingMemory {
  /** What layers hold, in the type of training; buffers, such as running means, in fp32. */
  readonly weights: bigint;
  /** Of all trained weights. */
  readonly gradients: bigint;
  /** A copy of the trained weights in fp32, where they are trained in less. */
  readonly masters: bigint;
  /** What the optimizer keeps, in fp32. */
  readonly state: bigint;
  /** What autograd holds when the forward pass is done, the loss included; without weights and inputs. */
  readonly saved: bigint;
  /** Of this, what the loss holds. */
  readonly loss: bigint;
  /** Of what is saved, what devices that divide every weight have a part of each; the rest each has whole, without sequence parallelism. */
  readonly divided: bigint;
  /** For each node, what it is the first to keep. */
  readonly savedBy: readonly bigint[];
  /** What is kept more while the largest checkpointed part is done again. */
  readonly recomputed: bigint;
  /** What is there at each moment of the step: each node forward, the loss, each node backward, the update. */
  readonly alive: readonly AliveBytes[];
  /** The most of all at one time. */
  readonly peak: bigint;
  /** The layer at which that is so, and in which pass. */
  readonly peakAt: { readonly path: string; readonly pass: 'forward' | 'loss' | 'backward' | 'update' };
}

/** Bytes that are there at one moment of a training step, by what they are. */
export interface AliveBytes {
  /** Weights, the optimizer's state, copies of the weights in fp32, and inputs: always the same. */
  readonly standing: bigint;
  /** What the forward pass has made and is still needed, the loss and what is done again included. */
  readonly activations: bigint;
  readonly activationGradients: bigint;
  readonly weightGradients: bigint;
}

const FP32 = 4n;
const INT64 = 8n;

/** Amounts that are there from one moment to another, both included. */
class Timeline {
  readonly #changes: bigint[];

  constructor(moments: number) {
    this.#changes = new Array<bigint>(moments + 1).fill(0n);
  }

  add(from: number, to: number, bytes: bigint): void {
    if (to < from) return;
    this.#changes[from] = (this.#changes[from] as bigint) + bytes;
    this.#changes[to + 1] = (this.#changes[to + 1] as bigint) - bytes;
  }

  /** What is there at each moment. */
  alive(): bigint[] {
    let now = 0n;
    return this.#changes.slice(0, -1).map((change) => {
      now += change;
      return now;
    });
  }
}

const allOf = ({ standing, activations, activationGradients, weightGradients }: AliveBytes): bigint =>
  standing + activations + activationGradients + weightGradients;

/** The first of the moments at which most is there. */
function peakOf(alive: readonly AliveBytes[]): { readonly bytes: bigint; readonly moment: number } {
  let [bytes, moment] = [0n, 0];
  for (const [at, one] of alive.entries()) if (allOf(one) > bytes) [bytes, moment] = [allOf(one), at];
  return { bytes, moment };
}

const sumOf = <T>(all: Iterable<T>, of: (one: T) => bigint): bigint => {
  let total = 0n;
  for (const one of all) total += of(one);
  return total;
};

const isOwn = ({ type }: Storage): boolean => type !== 'given' && type !== 'held';

/** When each memory is written first and read last in the forward pass. */
function forwardSpans(graph: Graph, of: ReadonlyMap<Edge, Storage>): Map<Storage, [from: number, to: number]> {
  const spans = new Map<Storage, [number, number]>();
  const touch = (tensor: Edge, at: number): void => {
    const storage = of.get(tensor);
    if (storage === undefined || !isOwn(storage)) return;
    const span = spans.get(storage);
    if (span === undefined) spans.set(storage, [at, at]);
    else span[1] = at;
  };
  for (const [index, node] of graph.nodes.entries()) for (const tensor of [...node.inputs, ...node.outputs]) touch(tensor, index);
  for (const tensor of graph.outputs) touch(tensor, graph.nodes.length);
  return spans;
}

/** For each part that is done again, what goes into it. Where no gradient flows there is nothing to do again. */
function entriesOf(flows: readonly GradientFlow[], regions: readonly Region[], of: ReadonlyMap<Edge, Storage>): Map<Region, Set<Storage>> {
  const nodeAt = (index: number): Node => (flows[index] as GradientFlow).node;
  const active = regions.filter(({ nodes }) => nodes.some((index) => flows[index]?.needs !== undefined));
  return new Map(
    active.map((region) => {
      const made = new Set<Edge>(region.nodes.flatMap((index) => nodeAt(index).outputs));
      const entering = region.nodes.flatMap((index) => nodeAt(index).inputs.filter((tensor) => !made.has(tensor)));
      return [region, new Set(entering.flatMap((tensor) => of.get(tensor) ?? []))];
    }),
  );
}

/** What is kept from the forward pass, by the first node that keeps it: the last to let it go. */
function keptFrom(saved: Storages['saved'], entries: ReadonlyMap<Region, ReadonlySet<Storage>>): Map<Storage, number> {
  const regionOf = new Map([...entries.keys()].flatMap((region) => region.nodes.map((index) => [index, region] as const)));
  const kept = new Map<Storage, number>();
  for (const [index, storages] of saved.entries()) {
    const region = regionOf.get(index);
    const entering = region?.nodes[0] === index ? (entries.get(region) ?? []) : [];
    for (const storage of region === undefined ? storages : entering) if (isOwn(storage) && !kept.has(storage)) kept.set(storage, index);
  }
  return kept;
}

/** What is kept while a part is done again, beside what goes into it, by the first node that keeps it. */
function keptAgain({ nodes }: Region, entering: ReadonlySet<Storage>, saved: Storages['saved']): Map<Storage, number> {
  const kept = new Map<Storage, number>();
  for (const index of nodes)
    for (const storage of saved[index] as readonly Storage[])
      if (isOwn(storage) && !entering.has(storage) && !kept.has(storage)) kept.set(storage, index);
  return kept;
}

/** Of what is kept, what is divided where weights are: tensors by how they lie, and what a layer keeps beside them as its output does. */
function dividedOf(graph: Graph, kept: ReadonlyMap<Storage, number>, of: ReadonlyMap<Edge, Storage>): Storage[] {
  const { divided, dividesWithin } = tensorParallelism(graph);
  const tensors = new Set(of.values());
  const dividedTensors = new Set([...divided].map((tensor) => of.get(tensor)));
  return [...kept].flatMap(([storage, index]) =>
    (tensors.has(storage) ? dividedTensors.has(storage) : dividesWithin(graph.nodes[index] as Node)) ? [storage] : [],
  );
}

type Span = readonly [from: number, to: number];

/** Gradients of activations, in moments: from the last node that reads an activation back to the one that makes it. */
function gradientSpans(
  { nodes, outputs }: Graph,
  flows: readonly GradientFlow[],
  of: ReadonlyMap<Edge, Storage>,
  spans: ReadonlyMap<Storage, Span>,
): Map<Storage, Span> {
  const count = nodes.length;
  const result = new Map<Storage, Span>();
  const put = (tensor: Edge, from: number): void => {
    const storage = of.get(tensor);
    if (storage !== undefined) result.set(storage, [from, 2 * count - (spans.get(storage)?.[0] ?? 0)]);
  };
  for (const [index, { node, needs }] of flows.entries())
    for (const [i, tensor] of node.inputs.entries()) if (needs?.inputs[i] === true) put(tensor, 2 * count - index);
  for (const tensor of outputs) put(tensor, count);
  return result;
}

/** The trained weights, each with the last node that holds it: the first to make a gradient for it. */
function trainedWeights(flows: readonly GradientFlow[]): Map<Weight, number> {
  const trained = new Map<Weight, number>();
  for (const [index, { node, needs }] of flows.entries())
    for (const [role, weight] of Object.entries(node.weights)) if (needs?.weights[role] === true) trained.set(heldBy(weight), index);
  return trained;
}

/** What is there through the whole step. */
function standing(graph: Graph, trained: Iterable<Weight>, element: bigint, optimizer: OptimizerName) {
  const { state }: Optimizer = OPTIMIZERS[optimizer];
  const weights = new Set(graph.nodes.flatMap((node: Node) => Object.values(node.weights).map(heldBy)));
  const all = [...trained];
  return {
    weights: sumOf(weights, ({ shape, learned }) => elements(shape) * (learned ? element : FP32)),
    gradients: sumOf(all, ({ shape }) => elements(shape) * element),
    masters: element < FP32 ? sumOf(all, ({ shape }) => elements(shape) * FP32) : 0n,
    state: sumOf(all, ({ shape }) => state(shape) * FP32),
  };
}

/** Cross-entropy keeps the log-softmax of each output, and the total weight of the targets. */
const lossBytes = ({ outputs }: Graph): bigint => sumOf(outputs, ({ shape }) => elements(shape)) * FP32 + FP32;

/**
 * Memory over one step. Moments: each node forward, the loss, each node backward, the update. An activation is there from the node that
 * makes it to the last that reads or keeps it; its gradient from the last that reads it back to its maker; that of a weight to the end.
 */
export function trainingMemory(
  graph: Graph,
  flows: readonly GradientFlow[],
  regions: readonly Region[],
  { dtype = 'fp32', optimizer = 'adamw', device = 'cpu' }: TrainingMemoryOptions,
): TrainingMemory {
  const element = TRAINING_TYPES[dtype];
  const bytes: Bytes = { element, mask: device === 'cpu' ? element : 1n, float32: FP32, int64: INT64, given: 0n, held: 0n };
  const size = (storage: Storage): bigint => bytesOf(storage, bytes);
  const { of, saved } = storagesOf(graph, flows);
  const entries = entriesOf(flows, regions, of);
  const kept = keptFrom(saved, entries);
  const trained = trainedWeights(flows);
  const count = graph.nodes.length;
  const backward = (index: number): number => 2 * count - index;
  const moments = 2 * count + 2;
  const [activations, activationGradients, weightGradients] = [new Timeline(moments), new Timeline(moments), new Timeline(moments)];

  const spans = forwardSpans(graph, of);
  const keptTo = (storage: Storage): number => (kept.has(storage) ? backward(kept.get(storage) as number) : 0);
  for (const [storage, [from, to]] of spans) activations.add(from, Math.max(to, keptTo(storage)), size(storage));
  for (const [storage, index] of kept) if (!spans.has(storage)) activations.add(index, backward(index), size(storage));
  let recomputed = 0n;
  for (const [region, entering] of entries) {
    const again = keptAgain(region, entering, saved);
    for (const [storage, index] of again) activations.add(backward(region.nodes.at(-1) as number), backward(index), size(storage));
    const all = sumOf(again.keys(), size);
    if (all > recomputed) recomputed = all;
  }
  for (const [storage, [from, to]] of gradientSpans(graph, flows, of, spans)) activationGradients.add(from, to, storage.elements * element);
  for (const [weight, index] of trained) weightGradients.add(backward(index), 2 * count + 1, elements(weight.shape) * element);
  const loss = flows.some(({ needs }) => needs !== undefined) ? lossBytes(graph) : 0n;
  activations.add(count, count, loss);

  const savedBy = graph.nodes.map(() => 0n);
  for (const [storage, index] of kept) savedBy[index] = (savedBy[index] as bigint) + size(storage);
  const there = standing(graph, trained.keys(), element, optimizer);
  const given = sumOf(graph.inputs, ({ tensor }) => elements(tensor.shape) * element);
  const fixed = there.weights + there.masters + there.state + given;
  const [made, slopes, updates] = [activations.alive(), activationGradients.alive(), weightGradients.alive()];
  const alive = made.map(
    (bytes, at): AliveBytes => ({
      standing: fixed,
      activations: bytes,
      activationGradients: slopes[at] as bigint,
      weightGradients: updates[at] as bigint,
    }),
  );
  const { bytes: peak, moment } = peakOf(alive);
  return {
    ...there,
    saved: sumOf(kept.keys(), size) + loss,
    loss,
    divided: sumOf(dividedOf(graph, kept, of), size),
    savedBy,
    recomputed,
    alive,
    peak,
    peakAt: placeOf(moment, graph.nodes),
  };
}

function placeOf(moment: number, nodes: readonly Node[]): TrainingMemory['peakAt'] {
  const count = nodes.length;
  const pathOf = (index: number): string => nodes[index]?.path ?? '';
  if (moment < count) return { path: pathOf(moment), pass: 'forward' };
  if (moment === count) return { path: pathOf(count - 1), pass: 'loss' };
  return moment > 2 * count ? { path: '', pass: 'update' } : { path: pathOf(2 * count - moment), pass: 'backward' };
}
