import { elements } from '../core/shape.ts';
import type { Edge, Graph, Node, Weight } from '../graph/graph.ts';
import { readsOf } from '../graph/reads.ts';
import { operatorOf } from '../operators/registry.ts';

/** Bytes of one element. */
export const ELEMENT_BYTES = { fp32: 4n, fp16: 2n, bf16: 2n, fp8: 1n, int8: 1n } as const;
export type StoredType = keyof typeof ELEMENT_BYTES;

/** Bits of one element of a weight. Scales of blocks, where a format has them, are not among them. */
export const WEIGHT_BITS = { fp32: 32n, fp16: 16n, bf16: 16n, fp8: 8n, int8: 8n, int4: 4n } as const;
export type WeightType = keyof typeof WEIGHT_BITS;

export interface MemoryOptions {
  /** Type of the weights, where it is not that of all else. */
  readonly weightsDtype?: WeightType | undefined;
  /** Type of all elements. If not given, weights have the type that their file gives them, and all else is `fp32`. */
  readonly dtype?: StoredType | undefined;
  /** Layers that work element by element write over an input that nothing reads later. */
  readonly inplace?: boolean | undefined;
}

/** What a network takes in memory when it runs layer by layer. */
export interface Memory {
  /** All tensors that the layers hold, learned or not; shared ones once. */
  readonly weights: bigint;
  /** The most that tensors between layers take at one time. */
  readonly peak: bigint;
  /** The first layer at which that is so. */
  readonly peakAt: string;
  /** What is alive while each node runs, in execution order. */
  readonly alive: readonly bigint[];
}

/** The rule, in a sentence. */
export const memoryRule = ({ inplace = false }: MemoryOptions): string =>
  `A tensor is alive from the layer that makes it to the last that reads it; inputs from the start, outputs to the end; ${
    inplace ? 'layers that work element by element write over what nothing reads later' : 'every layer writes to new memory'
  }.`;

/** Index of the last node that reads each tensor; the graph's outputs are read after the last. */
function lastReads({ nodes, outputs }: Graph): Map<Edge, number> {
  const last = new Map<Edge, number>();
  for (const [index, node] of nodes.entries()) for (const tensor of readsOf(node)) last.set(tensor, index);
  for (const tensor of outputs) last.set(tensor, nodes.length);
  return last;
}

/** The input whose memory the node can write its output to, if there is one. */
function overwritten({ operator, inputs, outputs }: Node, isLastUse: (tensor: Edge) => boolean): Edge | undefined {
  const [output] = outputs;
  if (operatorOf(operator).inPlace !== true || output === undefined || outputs.length > 1) return undefined;
  return inputs.find((input) => isLastUse(input) && elements(input.shape) === elements(output.shape));
}

/** Bytes of so many elements of a weight; those of less than a byte are packed. */
export function bytesOfWeight({ bits }: Weight, count: bigint, { dtype, weightsDtype }: MemoryOptions): bigint {
  const type = weightsDtype ?? dtype;
  const each = type === undefined && bits !== undefined ? BigInt(bits) : WEIGHT_BITS[type ?? 'fp32'];
  return (count * each + 7n) / 8n;
}

/** Bytes of the weights of some nodes; those that several of them share count once. */
export function weightBytes(nodes: readonly Pick<Node, 'weights'>[], options: MemoryOptions): bigint {
  const held = nodes.flatMap((node) => Object.values(node.weights).filter(({ madeBy }) => madeBy === undefined));
  const weights = new Set<Weight>(held.map((weight) => weight.of ?? weight));
  return [...weights].reduce((total, weight) => total + bytesOfWeight(weight, elements(weight.shape), options), 0n);
}

/** What the bytes are counted with, in words. */
export function describeTypes({ nodes }: Graph, { dtype, weightsDtype }: MemoryOptions): string {
  if (weightsDtype !== undefined) return `weights ${weightsDtype}, the rest ${dtype ?? 'fp32'}`;
  const isStated = dtype === undefined && nodes.some(({ weights }) => Object.values(weights).some(({ bits }) => bits !== undefined));
  return isStated ? 'weights as in the file, the rest fp32' : (dtype ?? 'fp32');
}

/** Weights, and tensors by their lifetimes over the execution order. */
export function memoryOf(graph: Graph, options: MemoryOptions = {}): Memory {
  const { dtype, inplace = false } = options;
  const bytes = ELEMENT_BYTES[dtype ?? 'fp32'];
  const last = lastReads(graph);
  const size = (tensor: Edge): bigint => elements(tensor.shape) * bytes;
  let now = graph.inputs.reduce((total, { tensor }) => total + size(tensor), 0n);
  let [peak, peakAt] = [now, ''];
  const alive = graph.nodes.map((node, index): bigint => {
    const isLastUse = (tensor: Edge): boolean => last.get(tensor) === index;
    const reused = inplace ? overwritten(node, isLastUse) : undefined;
    const made = node.outputs.reduce((total, tensor) => total + size(tensor), 0n);
    now += made - (reused === undefined ? 0n : size(reused));
    const during = now;
    if (during > peak) [peak, peakAt] = [during, node.path];
    // An output that nothing reads is gone once the layer is done, and so is what it reads for the last time.
    for (const tensor of new Set(readsOf(node))) if (isLastUse(tensor) && tensor !== reused) now -= size(tensor);
    for (const tensor of node.outputs) if (!last.has(tensor)) now -= size(tensor);
    return during;
  });
  return { weights: weightBytes(graph.nodes, options), peak, peakAt, alive };
}

/** What must be in memory at once: all weights, what is kept for the next step, and the most that tensors between layers take. */
export function memoryNeeded(graph: Graph, options: MemoryOptions): bigint {
  const { weights, peak } = memoryOf(graph, options);
  return weights + cacheOf(graph, options).bytes + peak;
}

/** What a network keeps from one step to the next: keys and values of attention, states of recurrences. */
export interface Cache {
  /** After this step. */
  readonly bytes: bigint;
  /** What one more position of one sequence adds; to a window that is full, nothing. */
  readonly bytesPerToken: bigint;
  /** The same for each node, in execution order. */
  readonly byNode: readonly Omit<Cache, 'byNode'>[];
}

function cacheOfNode({ operator, attributes, inputs }: Node, bytes: bigint): Omit<Cache, 'byNode'> {
  const states = operatorOf(operator).state(
    attributes,
    inputs.map(({ shape }) => shape),
  );
  let [all, perToken] = [0n, 0n];
  for (const { shape, positions } of states) {
    const size = elements(shape) * bytes;
    all += size;
    if (positions !== undefined) perToken += size / (BigInt(shape[positions] as number) * BigInt(shape[0] as number));
  }
  return { bytes: all, bytesPerToken: perToken };
}

/** What is kept for the next step, in elements of one type: fp32 if not given. */
export function cacheOf({ nodes }: Graph, { dtype }: MemoryOptions = {}): Cache {
  const byNode = nodes.map((node) => cacheOfNode(node, ELEMENT_BYTES[dtype ?? 'fp32']));
  let [bytes, bytesPerToken] = [0n, 0n];
  for (const one of byNode) {
    bytes += one.bytes;
    bytesPerToken += one.bytesPerToken;
  }
  return { bytes, bytesPerToken, byNode };
}
