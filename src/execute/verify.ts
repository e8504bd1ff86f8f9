import { addUp, type Counts, countOf, KINDS, type Kind } from '../core/counts.ts';
import { type Shape, sameShape } from '../core/shape.ts';
import { countMacs, countMasked, countOperations } from '../core/work.ts';
import type { Graph, Node } from '../graph/graph.ts';
import { type OperatorName, operatorOf } from '../operators/registry.ts';
import { type ExecuteOptions, execute } from './interpreter.ts';
import type { KernelKind } from './kernels.ts';

/** What is held against each other of one layer: shapes and counts, as they are worked out or as they come out. */
export interface Side {
  readonly output: readonly Shape[];
  readonly counts: Counts;
}

/** A count that does not hold. */
export interface Mismatch {
  readonly path: string;
  readonly kind: Kind;
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

const predictedOf = ({ operator, attributes, inputs, outputs, work }: Node): Side => ({
  output: outputs.map(shapeOf),
  counts: {
    operations: countOperations(work),
    macs: countMacs(work),
    padding: operatorOf(operator).padding(attributes, inputs.map(shapeOf)),
    masked: countMasked(work),
  },
});

/** What came out of a layer. */
export interface Outcome {
  readonly output: readonly Shape[];
  readonly counts: Counts;
  readonly kernel: KernelKind;
}

/** One layer: what came out of it against what is predicted. */
export function compare(node: Node, { output, counts, kernel }: Outcome): VerifiedLayer {
  const { path, operator } = node;
  const predicted = predictedOf(node);
  const executed: Side = { output, counts };
  const mismatches = KINDS.map((kind) => ({ path, kind, predicted: countOf(predicted.counts, kind), executed: countOf(counts, kind) }));
  const wrong = mismatches.filter((one) => one.predicted !== one.executed);
  const shapesHold =
    predicted.output.length === output.length && output.every((shape, index) => sameShape(shape, predicted.output[index] as Shape));
  const input = node.inputs.map(shapeOf);
  return { path, operator, kernel, input, predicted, executed, mismatches: wrong, shapesHold, holds: shapesHold && wrong.length === 0 };
}

/** Holds what came out of each layer against what is predicted. */
export function verified(graph: Graph, outcomes: readonly Outcome[]): Verification {
  const layers = graph.nodes.map((node, index) => compare(node, outcomes[index] as Outcome));
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
 * Runs a network and holds what was executed against what is predicted, layer by layer. `onLayer` is told of each layer
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
