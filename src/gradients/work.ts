import { elements } from '../core/shape.ts';
import type { Work } from '../core/work.ts';
import type { Edge, Graph, Node, Weight } from '../graph/graph.ts';
import type { OperatorName } from '../operators/registry.ts';
import { type Counted, countWork, sum } from './counted.ts';
import { type GradientFlow, gradientOf, heldBy } from './flow.ts';

/** What a training step does at one layer. */
export interface TrainingRow {
  readonly node: Node;
  readonly path: string;
  readonly operator: OperatorName;
  readonly forward: Counted;
  /** Gradients of activations: of the inputs, and of what a layer computes in between. */
  readonly inputGradient: Counted;
  readonly weightGradient: Counted;
}

/** A layer that stops a gradient that would flow. */
export interface StoppedGradient {
  readonly path: string;
  readonly operator: string;
  readonly reason: string;
}

export interface StepWork {
  readonly rows: readonly TrainingRow[];
  readonly forward: Counted;
  readonly inputGradient: Counted;
  readonly weightGradient: Counted;
  /** Elements of weights that are trained; shared ones once. */
  readonly trained: bigint;
  readonly stops: readonly StoppedGradient[];
}

/** What a node computes in the forward pass of a training step. */
function forwardWork(node: Node): Work {
  const shapes = node.inputs.map(({ shape }) => shape);
  return gradientOf(node)?.training?.work(node.attributes, shapes) ?? node.work;
}

/** The work of the gradients that are needed of a node. */
function backwardWork({ node, needs }: GradientFlow): { readonly inputs: Work; readonly weights: Work } {
  const gradient = gradientOf(node);
  if (needs === undefined || gradient === undefined) return { inputs: [], weights: [] };
  const { attributes } = node;
  const shapes = node.inputs.map(({ shape }) => shape);
  const inputs = gradient
    .inputs(attributes, shapes)
    .flatMap((work, index) => (needs.inputs[index] === true && work !== 'none' ? work : []));
  const weights = Object.entries(gradient.weights(attributes, shapes)).flatMap(([role, work]) =>
    needs.weights[role] === true ? work : [],
  );
  return { inputs: [...gradient.between(attributes, shapes, needs), ...inputs], weights };
}

/** One add for each element of a gradient that comes from more than one place, after the first. */
class Gathering {
  readonly #seen: Set<Edge | Weight>;

  constructor(there: Iterable<Edge>) {
    this.#seen = new Set<Edge | Weight>(there);
  }

  arrives(of: Edge | Weight): bigint {
    const isFirst = !this.#seen.has(of);
    this.#seen.add(of);
    return isFirst ? 0n : elements(of.shape);
  }
}

const plusAdds = (counted: Counted, adds: bigint): Counted =>
  adds === 0n ? counted : sum([counted, { macs: 0n, operations: { add: adds } }]);

/** Forward and backward work of one step, layer by layer. */
export function stepWork({ outputs }: Pick<Graph, 'outputs'>, flows: readonly GradientFlow[]): StepWork {
  // The first gradient of an output is that of the loss.
  const gathering = new Gathering(outputs);
  const trained = new Set<Weight>();
  // Gradients come from the end.
  const rows = flows
    .toReversed()
    .map((flow): TrainingRow => {
      const { node, needs } = flow;
      const { inputs, weights } = backwardWork(flow);
      let inputAdds = 0n;
      for (const [index, tensor] of node.inputs.entries()) if (needs?.inputs[index] === true) inputAdds += gathering.arrives(tensor);
      let weightAdds = 0n;
      for (const [role, weight] of Object.entries(node.weights))
        if (needs?.weights[role] === true) {
          trained.add(heldBy(weight));
          weightAdds += gathering.arrives(heldBy(weight));
        }
      return {
        node,
        path: node.path,
        operator: node.operator,
        forward: countWork(forwardWork(node)),
        inputGradient: plusAdds(countWork(inputs), inputAdds),
        weightGradient: plusAdds(countWork(weights), weightAdds),
      };
    })
    .toReversed();
  return {
    rows,
    forward: sum(rows.map(({ forward }) => forward)),
    inputGradient: sum(rows.map(({ inputGradient }) => inputGradient)),
    weightGradient: sum(rows.map(({ weightGradient }) => weightGradient)),
    trained: [...trained].reduce((total, { shape }) => total + elements(shape), 0n),
    stops: flows.flatMap(({ node: { path, operator }, stops }) => (stops === undefined ? [] : [{ path, operator, reason: stops }])),
  };
}
