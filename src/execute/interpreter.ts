import { bytesOf, CountingAlu } from '../core/alu.ts';
import type { Counts } from '../core/counts.ts';
import { ProblemError } from '../core/problem.ts';
import type { Tensor } from '../core/tensor.ts';
import type { Tensor as Edge, Graph, Node } from '../graph/graph.ts';
import { operatorOf } from '../operators/index.ts';
import type { Weights } from '../operators/operator.ts';
import { Synthesis } from './synthetic.ts';
import { numberWeights } from './synthetic-weights.ts';

export interface ExecuteOptions {
  /** Input and weights are made up from it. */
  readonly seed?: number | undefined;
  /** Bytes that tensors may take. */
  readonly memory?: number | undefined;
  /** The arithmetic for a node; one that counts, if not given. */
  readonly makeAlu?: () => CountingAlu;
}

/** A node that was run. */
export interface Executed {
  readonly node: Node;
  readonly counts: Counts;
  /** What came out. Whoever keeps them keeps their memory. */
  readonly outputs: readonly Tensor[];
}

/** For each node, the tensors that no later one needs. */
function lastUses({ nodes }: Graph): Edge[][] {
  const seen = new Set<Edge>();
  return nodes
    .toReversed()
    .map(({ inputs, outputs }) => {
      const last = [...new Set([...inputs, ...outputs])].filter((tensor) => !seen.has(tensor));
      for (const tensor of last) seen.add(tensor);
      return last;
    })
    .toReversed();
}

const bytesOfAll = (tensors: Iterable<{ readonly shape: Edge['shape'] }>): bigint => {
  let total = 0n;
  for (const { shape } of tensors) total += bytesOf(shape);
  return total;
};

const at = (node: Node, error: unknown): unknown =>
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
 * Runs a graph node by node, at full size, on an input and weights that are made up. Tensors are freed as soon as no later
 * node needs them, weights are made for the node that holds them.
 * @throws ProblemError where there is not enough memory.
 */
export function* execute(
  graph: Graph,
  { seed = 1, memory = Number.MAX_SAFE_INTEGER, makeAlu = () => new CountingAlu() }: ExecuteOptions = {},
): Generator<Executed> {
  const uses = lastUses(graph);
  checkMemory(graph, uses, memory);
  const synthesis = new Synthesis(seed);
  const numbers = numberWeights(graph);
  const weightsOf = (node: Node): Weights => {
    const entries = Object.entries(node.weights).map(
      ([role, weight]) => [role, synthesis.weight(weight, numbers.get(weight) as number)] as const,
    );
    return operatorOf(node.operator).prepare(Object.fromEntries(entries), new CountingAlu());
  };
  const values = new Map<Edge, Tensor>(
    graph.inputs.map(({ tensor }, index) => [tensor, synthesis.tensor(tensor.shape, numbers.size + index, 0, 1)] as const),
  );
  for (const [index, node] of graph.nodes.entries()) {
    const alu = makeAlu();
    const inputs = node.inputs.map((tensor) => values.get(tensor) as Tensor);
    const outputs = runNode(node, inputs, weightsOf, alu);
    for (const [i, tensor] of node.outputs.entries()) values.set(tensor, outputs[i] as Tensor);
    for (const tensor of uses[index] as Edge[]) values.delete(tensor);
    yield { node, counts: alu.counts(), outputs };
  }
}

function runNode(node: Node, inputs: readonly Tensor[], weightsOf: (node: Node) => Weights, alu: CountingAlu): readonly Tensor[] {
  try {
    return operatorOf(node.operator).run(node.attributes, inputs, weightsOf(node), alu);
  } catch (error) {
    throw at(node, error);
  }
}
