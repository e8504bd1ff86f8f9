import { bytesOf } from '../core/alu.ts';
import { numbersOf, type Tensor, tensorOf } from '../core/tensor.ts';
import type { Edge, Graph, Node, Weight } from '../graph/graph.ts';
import { idsIn } from '../graph/ids.ts';
import { readsOf } from '../graph/reads.ts';
import { ProblemError } from '../problems/problem.ts';
import { type Elements, tensorFrom } from './elements.ts';
import type { Kernels, Ran } from './kernels.ts';
import { ReferenceKernels } from './reference.ts';
import { Synthesis } from './synthetic.ts';
import { numberWeights } from './synthetic-weights.ts';

export interface ExecuteOptions {
  /** Seed of the random input and weights. */
  readonly seed?: number | undefined;
  /** Bytes that tensors may take. */
  readonly memory?: number | undefined;
  /** What nodes are run with; the reference kernels, if not given. */
  readonly kernels?: Kernels | undefined;
  /** The elements, in row-major order, of inputs, weights and constants; what is not given is made up, as its layer and the seed make it. */
  readonly given?: ((held: Edge | Weight) => readonly number[] | undefined) | undefined;
}

const none = (): undefined => undefined;

const elementsOf = (shape: Edge['shape'], numbers: readonly number[]): Elements => ({
  shape,
  numbers: Float32Array.from(numbers),
  start: 0,
});

/** A node that was run. */
export interface Executed extends Ran {
  readonly node: Node;
}

/** For each node, the tensors that no later one needs. */
function lastUses({ nodes }: Graph): Edge[][] {
  const seen = new Set<Edge>();
  return nodes
    .toReversed()
    .map((node) => {
      const last = [...new Set([...readsOf(node), ...node.outputs])].filter((tensor) => !seen.has(tensor));
      for (const tensor of last) seen.add(tensor);
      return last;
    })
    .toReversed();
}

export const bytesOfAll = (tensors: Iterable<{ readonly shape: Edge['shape'] }>): bigint => {
  let total = 0n;
  for (const { shape } of tensors) total += bytesOf(shape);
  return total;
};

/** A problem, with the layer that has it. */
export const at = (node: Node, error: unknown): unknown =>
  error instanceof ProblemError ? new ProblemError({ ...error.problem, path: node.path, position: node.locate?.() }) : error;

/** Throws where a layer would take more memory than there is, before anything has run. */
function checkMemory(graph: Graph, uses: readonly (readonly Edge[])[], limit: number): void {
  let live = bytesOfAll(graph.inputs.map(({ tensor }) => tensor));
  for (const [index, node] of graph.nodes.entries()) {
    live += bytesOfAll(node.outputs);
    const bytes = live + bytesOfAll(Object.values(node.weights));
    if (bytes > limit) throw at(node, new ProblemError({ code: 'OUT_OF_MEMORY', data: { bytes, limit } }));
    live -= bytesOfAll(uses[index] as Edge[]);
  }
}

/**
 * Runs a graph node by node, at full size, on random input and weights. Tensors are released as soon as no later
 * node needs them, weights are made for the node that holds them: read what comes out before asking for the next.
 * @throws ProblemError where there is not enough memory.
 */
export function* execute(
  graph: Graph,
  { seed = 1, memory = Number.MAX_SAFE_INTEGER, kernels = new ReferenceKernels(), given = none }: ExecuteOptions = {},
): Generator<Executed> {
  const uses = lastUses(graph);
  checkMemory(graph, uses, memory);
  const synthesis = new Synthesis(seed);
  const numbers = numberWeights(graph);
  const weightsOf = (node: Node): Readonly<Record<string, Elements>> =>
    Object.fromEntries(
      Object.entries(node.weights).map(([role, weight]) => {
        const made = weight.madeBy && values.get(weight.madeBy);
        const known = made === undefined ? given(weight) : [...numbersOf(made)];
        const elements = known === undefined ? synthesis.weight(weight, numbers.get(weight) as number) : elementsOf(weight.shape, known);
        return [role, elements] as const;
      }),
    );
  const ids = idsIn(graph.nodes);
  const values = new Map<Edge, Tensor>(
    graph.inputs.map(({ tensor }, index) => {
      const known = given(tensor);
      const elements =
        known === undefined ? synthesis.input(tensor.shape, numbers.size + index, ids.get(tensor)) : elementsOf(tensor.shape, known);
      return [tensor, tensorFrom(elements)] as const;
    }),
  );
  for (const [index, node] of graph.nodes.entries()) {
    const inputs = node.inputs.map((tensor) => values.get(tensor) as Tensor);
    const unused = uses[index] as Edge[];
    const spent = unused.flatMap((tensor) => values.get(tensor) ?? []);
    const ran = runNode(kernels, node, inputs, weightsOf(node), spent);
    const outputs = node.outputs.map((tensor, i) => {
      const known = given(tensor);
      return known === undefined ? (ran.outputs[i] as Tensor) : tensorOf(tensor.shape, known);
    });
    for (const [i, tensor] of node.outputs.entries()) values.set(tensor, outputs[i] as Tensor);
    yield { node, ...ran, outputs };
    for (const tensor of unused) {
      kernels.release(values.get(tensor) as Tensor);
      values.delete(tensor);
    }
  }
}

function runNode(
  kernels: Kernels,
  node: Node,
  inputs: readonly Tensor[],
  weights: Readonly<Record<string, Elements>>,
  spent: readonly Tensor[],
): Ran {
  try {
    return kernels.run(node, inputs, weights, spent);
  } catch (error) {
    throw at(node, error);
  }
}
