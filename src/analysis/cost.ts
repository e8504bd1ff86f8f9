import { elements, type Shape } from '../core/shape.ts';
import {
  countActivations,
  countMacs,
  countMasked,
  countOperations,
  type Operation,
  type OperationCounts,
  type Work,
} from '../core/work.ts';
import type { Graph, Node, Weight } from '../graph/graph.ts';
import type { OperatorName } from '../operators/registry.ts';

/** What can be counted of one layer or of many. Exact. */
export interface Cost {
  /** Elements of the learned weights; shared weights count once, where they first occur. */
  readonly parameters: bigint;
  /** Those that a position goes through: of experts, as many as are chosen for it. */
  readonly activeParameters: bigint;
  /** Those in tables of which rows are looked up: embeddings of ids, positions and types. */
  readonly embeddingParameters: bigint;
  /** Multiply-accumulates of convolutions, linear layers and matrix products. */
  readonly macs: bigint;
  /** Of these, the ones on pairs of positions that a causal mask or a window makes useless. */
  readonly masked: bigint;
  /** Twice the MACs. */
  readonly flops: bigint;
  /** Output elements of convolutions, linear layers and matrix products. */
  readonly activations: bigint;
  /** Scalar operations, by kind. */
  readonly operations: OperationCounts;
}

/** The cost of one node. */
export interface CostRow extends Cost {
  readonly path: string;
  readonly operator: OperatorName;
  readonly input: readonly Shape[];
  readonly output: readonly Shape[];
  /** What it computes, as products of named factors. */
  readonly work: Work;
  /** The tensors it holds, by role. */
  readonly weights: Readonly<Record<string, Weight>>;
  readonly node: Node;
  /** The network that it is of. */
  readonly graph: Graph;
}

/** Counts layers by a convention. */
export interface Counter {
  /** Name of the convention. */
  readonly convention: string;
  /** What its counts are called, with their unit: "fvcore (MACs)". */
  readonly title: string;
  readonly unit: string;
  /** The unit after a prefix: the MAC of GMAC. */
  readonly symbol: string;
  count(rows: readonly CostRow[]): bigint;
}

/** A graph, counted. */
export interface Analysis {
  readonly graph: Graph;
  readonly name: string;
  readonly source: string;
  readonly input: readonly Shape[];
  readonly output: readonly Shape[];
  readonly rows: readonly CostRow[];
  readonly totals: Cost;
  /** The convention whose counts are shown beside the others. */
  readonly counter?: Counter | undefined;
}

export const NO_COST: Cost = {
  parameters: 0n,
  activeParameters: 0n,
  embeddingParameters: 0n,
  macs: 0n,
  masked: 0n,
  flops: 0n,
  activations: 0n,
  operations: {},
};

/** The sum of costs. */
export function total(costs: Iterable<Cost>): Cost {
  let parameters = 0n;
  let activeParameters = 0n;
  let embeddingParameters = 0n;
  let macs = 0n;
  let masked = 0n;
  let activations = 0n;
  const operations: Partial<Record<Operation, bigint>> = {};
  for (const cost of costs) {
    parameters += cost.parameters;
    activeParameters += cost.activeParameters;
    embeddingParameters += cost.embeddingParameters;
    macs += cost.macs;
    masked += cost.masked;
    activations += cost.activations;
    for (const kind in cost.operations) {
      const count = cost.operations[kind as Operation] as bigint;
      operations[kind as Operation] = (operations[kind as Operation] ?? 0n) + count;
    }
  }
  return { parameters, activeParameters, embeddingParameters, macs, masked, flops: 2n * macs, activations, operations };
}

const shapeOf = ({ shape }: { readonly shape: Shape }): Shape => shape;

type WeightCost = Pick<Cost, 'parameters' | 'activeParameters' | 'embeddingParameters'>;
type WorkCost = Omit<Cost, keyof WeightCost>;

/** Many nodes do the same work, in one network and in the next: it is multiplied out once. */
const costs = new WeakMap<Work, WorkCost>();

function costOf(work: Work): WorkCost {
  const known = costs.get(work);
  if (known !== undefined) return known;
  const macs = countMacs(work);
  const cost = {
    macs,
    masked: countMasked(work),
    flops: 2n * macs,
    activations: countActivations(work),
    operations: countOperations(work),
  };
  costs.set(work, cost);
  return cost;
}

/** Elements of the learned weights that were not seen before. */
function costOfWeights({ weights, experts }: Node, seen: Set<Weight>): WeightCost {
  let parameters = 0n;
  let embeddingParameters = 0n;
  for (const role in weights) {
    const weight = weights[role] as Weight;
    const held = weight.of ?? weight;
    if (!weight.learned || seen.has(held)) continue;
    seen.add(held);
    const count = elements(weight.shape);
    parameters += count;
    if (weight.lookedUp === true) embeddingParameters += count;
  }
  const activeParameters = experts === undefined ? parameters : (parameters / BigInt(experts.count)) * BigInt(experts.best);
  return { parameters, activeParameters, embeddingParameters };
}

/** Counts every node of a graph: the cost walker. */
export function analyse(graph: Graph): Analysis {
  const seen = new Set<Weight>();
  const rows = graph.nodes.map((node): CostRow => {
    const { path, operator, weights, work } = node;
    const { parameters, activeParameters, embeddingParameters } = costOfWeights(node, seen);
    const { macs, masked, flops, activations, operations } = costOf(work);
    return {
      path,
      operator,
      input: node.inputs.map(shapeOf),
      output: node.outputs.map(shapeOf),
      parameters,
      activeParameters,
      embeddingParameters,
      macs,
      masked,
      flops,
      activations,
      operations,
      work,
      weights,
      node,
      graph,
    };
  });
  return {
    graph,
    name: graph.name,
    source: graph.source,
    input: graph.inputs.map(({ tensor }) => tensor.shape),
    output: graph.outputs.map(shapeOf),
    rows,
    totals: total(rows),
  };
}
