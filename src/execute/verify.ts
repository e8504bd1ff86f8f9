import { addUp, type Counts, countOfKind, KINDS, type Kind } from '../core/counts.ts';
import { type Shape, sameShape } from '../core/shape.ts';
import { countMacs, countMasked, countOperations } from '../core/work.ts';
import type { Graph, Node } from '../graph/graph.ts';
import { reached } from '../operators/kit/reach.ts';
import { type OperatorName, operatorOf } from '../operators/registry.ts';
import { type ExecuteOptions, execute } from './interpreter.ts';
import type { KernelKind } from './kernels.ts';
import { heldElements, type WeightReads, weightReadsOf } from './weight-reads.ts';

/** What is compared for one layer: shapes and counts, as predicted or as executed. */
export interface Side {
  readonly output: readonly Shape[];
  readonly counts: Counts;
  /** Elements of weights: those that it is said to hold, or those that its kernel reads. */
  readonly weights: bigint;
}

/** What is compared beside the counts. */
type Read = 'elements of weights' | 'reads beyond the end of a tensor' | 'elements of padding before an axis';

/** A count that does not hold. */
export interface Mismatch {
  readonly path: string;
  readonly kind: Kind | Read;
  readonly predicted: bigint;
  readonly executed: bigint;
}

export interface VerifiedLayer {
  readonly path: string;
  readonly operator: OperatorName;
  readonly kernel: KernelKind;
  readonly input: readonly Shape[];
  readonly predicted: Side;
  readonly executed: Side;
  readonly mismatches: readonly Mismatch[];
  /** The shapes of the outputs as the definition of the operator reaches, found place by place; or only stated, by its attributes. */
  readonly reached: readonly Shape[] | 'stated';
  readonly shapesHold: boolean;
  /** Every count and every shape does. */
  readonly holds: boolean;
}

/** A network that was run, and whether its counts hold. */
export interface Verification {
  readonly name: string;
  readonly source: string;
  readonly input: readonly Shape[];
  readonly output: readonly Shape[];
  readonly layers: readonly VerifiedLayer[];
  readonly totals: { readonly predicted: Counts; readonly executed: Counts };
  readonly holds: boolean;
}

const shapeOf = ({ shape }: { readonly shape: Shape }): Shape => shape;

const sameShapes = (a: readonly Shape[], b: readonly Shape[]): boolean =>
  a.length === b.length && a.every((shape, index) => sameShape(shape, b[index] as Shape));

const predictedOf = (node: Node): Side => {
  const { operator, attributes, inputs, outputs, work } = node;
  return {
    weights: heldElements(node),
    output: outputs.map(shapeOf),
    counts: {
      operations: countOperations(work),
      macs: countMacs(work),
      padding: operatorOf(operator).padding(attributes, inputs.map(shapeOf)),
      masked: countMasked(work),
    },
  };
};

/** What came out of a layer. */
export interface Outcome {
  readonly output: readonly Shape[];
  readonly counts: Counts;
  readonly kernel: KernelKind;
}

/** One layer: what came out of it against what is predicted. */
export function compare(node: Node, { output, counts, kernel }: Outcome, { weights, beyond }: WeightReads): VerifiedLayer {
  const { path, operator } = node;
  const predicted = predictedOf(node);
  const executed: Side = { output, counts, weights };
  const compared: Mismatch[] = [
    ...KINDS.map((kind) => ({ path, kind, predicted: countOfKind(predicted.counts, kind), executed: countOfKind(counts, kind) })),
    ...marginsOf(node).map(([from, to]): Mismatch => ({ path, kind: 'elements of padding before an axis', predicted: from, executed: to })),
    { path, kind: 'elements of weights', predicted: predicted.weights, executed: weights },
    { path, kind: 'reads beyond the end of a tensor', predicted: 0n, executed: BigInt(beyond) },
  ];
  const wrong = compared.filter((one) => one.predicted !== one.executed);
  const extents = operatorOf(operator).reach(node.attributes, node.inputs.map(shapeOf));
  const found = extents === 'stated' ? extents : extents.map(reached);
  const shapesHold = [output, found].every((shapes) => shapes === 'stated' || sameShapes(shapes, predicted.output));
  const input = node.inputs.map(shapeOf);
  return {
    path,
    operator,
    kernel,
    input,
    predicted,
    executed,
    mismatches: wrong,
    reached: found,
    shapesHold,
    holds: shapesHold && wrong.length === 0,
  };
}

/** Padding before each axis that a window moves along: predicted, and as the kernel lays the window. */
function marginsOf({ operator, attributes, inputs }: Node): (readonly [predicted: bigint, laid: bigint])[] {
  const margins = operatorOf(operator).margins?.(attributes, inputs.map(shapeOf));
  return (margins?.predicted ?? []).map((before, axis) => [BigInt(before), BigInt(margins?.laid[axis] ?? 0)]);
}

const NO_READS: WeightReads = { weights: 0n, beyond: 0 };

/** What layers read; those that are alike are looked at once. */
function readsOfLayers(): (node: Node) => WeightReads {
  const known = new Map<object, { readonly node: Node; readonly reads: WeightReads }[]>();
  const isAlike = (a: Node, b: Node): boolean =>
    a.inputs.length === b.inputs.length &&
    a.inputs.every(({ shape }, index) => sameShape(shape, (b.inputs[index] as Node['inputs'][0]).shape));
  return (node) => {
    if (Object.keys(node.weights).length === 0) return NO_READS;
    const alike = known.get(node.attributes) ?? [];
    const there = alike.find((one) => isAlike(one.node, node));
    if (there !== undefined) return there.reads;
    const reads = weightReadsOf(node);
    known.set(node.attributes, [...alike, { node, reads }]);
    return reads;
  };
}

/** Compares what came out of each layer with what is predicted. */
export function verified(graph: Graph, outcomes: readonly Outcome[]): Verification {
  const readsOfLayer = readsOfLayers();
  const layers = graph.nodes.map((node, index) => compare(node, outcomes[index] as Outcome, readsOfLayer(node)));
  return {
    name: graph.name,
    source: graph.source,
    input: graph.inputs.map(({ tensor }) => tensor.shape),
    output: graph.outputs.map(shapeOf),
    layers,
    totals: {
      predicted: addUp(layers.map(({ predicted }) => predicted.counts)),
      executed: addUp(layers.map(({ executed }) => executed.counts)),
    },
    holds: layers.every(({ holds }) => holds),
  };
}

/**
 * Runs a network and compares what was executed with what was predicted, layer by layer. `onLayer` is told of each layer
 * before it is run.
 * @throws ProblemError where there is not enough memory.
 */
export function verify(
  graph: Graph,
  options: ExecuteOptions = {},
  onLayer: (node: Node, index: number) => void = () => undefined,
): Verification {
  const outcomes: Outcome[] = [];
  const tell = (index: number): void => {
    const next = graph.nodes[index];
    if (next !== undefined) onLayer(next, index);
  };
  tell(0);
  for (const { outputs, counts, kernel } of execute(graph, options)) {
    outcomes.push({ output: outputs.map(shapeOf), counts, kernel });
    tell(outcomes.length);
  }
  return verified(graph, outcomes);
}
