import type { Edge, Graph, Node, Weight } from '../graph/graph.ts';
import { glob, isGlob } from '../language/glob.ts';
import type { Gradient, Needs } from '../operators/kit/gradient.ts';
import { operatorOf } from '../operators/registry.ts';
import { fail } from '../problems/problem.ts';

/** Where gradients flow: what learns, and what lies between it and the loss. */

export interface FlowOptions {
  /** Patterns for the paths of layers, or of weights as `path/role`: what they match, and all below, is not trained. */
  readonly freeze?: readonly string[] | undefined;
  /** Patterns for what is trained, all else being frozen, whatever is frozen in the network's description. */
  readonly train?: readonly string[] | undefined;
  /** Whether the gradient with respect to the inputs of the network is asked for. */
  readonly inputGradient?: boolean | undefined;
}

/** What one node has to do when gradients flow. */
export interface GradientFlow {
  readonly node: Node;
  /** The gradients that are asked of it; nothing where none flows through it. */
  readonly needs: Needs | undefined;
  /** Why a gradient that should flow through it does not; its operator has none. */
  readonly stops: string | undefined;
}

/** The elements that a weight stands for: weights of other shapes may have the same. */
export const heldBy = (weight: Weight): Weight => weight.of ?? weight;

const shapesOf = ({ inputs }: Node) => inputs.map(({ shape }) => shape);

/** The gradient of a node's operator, if there is one. */
export function gradientOf({ operator }: Node): Gradient<unknown> | undefined {
  const { gradient } = operatorOf(operator);
  return 'none' in gradient ? undefined : gradient;
}

/** Whether a path, or one above it, fits a pattern. */
function matcher(pattern: string): (path: string) => boolean {
  const fits = isGlob(pattern) ? glob(pattern) : (path: string) => path === pattern;
  return (path) => {
    const steps = path.split('/');
    return steps.some((_, index) => fits(steps.slice(0, index + 1).join('/')));
  };
}

/** The weights that patterns name. A pattern that names none is a mistake. */
function namedBy(patterns: readonly string[], { nodes, name }: Graph, option: string): Set<Weight> {
  const found = new Set<Weight>();
  for (const pattern of patterns) {
    const fits = matcher(pattern);
    let isUsed = false;
    for (const { path, weights } of nodes)
      for (const role in weights)
        if (fits(`${path}/${role}`)) {
          isUsed = true;
          found.add(heldBy(weights[role] as Weight));
        }
    if (!isUsed) throw fail('FITS_NO_WEIGHT', { option, pattern, model: name });
  }
  return found;
}

/** The weights of the layers that are frozen where the network is described. */
const frozenIn = ({ nodes }: Graph): Weight[] =>
  nodes.flatMap(({ frozen, weights }) => (frozen === true ? Object.values(weights).map(heldBy) : []));

/**
 * Whether a weight is trained. A tied weight is frozen wherever it is frozen once. Patterns for what is trained have the last word
 * on what the network's description freezes.
 */
function trainedBy(graph: Graph, { freeze = [], train }: FlowOptions): (weight: Weight) => boolean {
  const frozen = namedBy(freeze, graph, 'freeze');
  const trained = train === undefined ? undefined : namedBy(train, graph, 'train');
  if (trained === undefined) for (const weight of frozenIn(graph)) frozen.add(weight);
  return (weight) => weight.learned && !frozen.has(heldBy(weight)) && (trained === undefined || trained.has(heldBy(weight)));
}

/** The tensors from which an output of the network is computed: only there gradients come from. */
function leadingToOutputs({ nodes, outputs }: Graph): Set<Edge> {
  const leads = new Set<Edge>(outputs);
  for (const node of nodes.toReversed())
    if (node.outputs.some((tensor) => leads.has(tensor))) for (const tensor of node.inputs) leads.add(tensor);
  return leads;
}

/** Follows the gradients through a graph, node by node in execution order. */
export function gradientFlowOf(graph: Graph, options: FlowOptions): GradientFlow[] {
  const isTrained = trainedBy(graph, options);
  const leads = leadingToOutputs(graph);
  const learns = new Set<Edge>(options.inputGradient === true ? graph.inputs.map(({ tensor }) => tensor) : []);
  return graph.nodes.map((node): GradientFlow => {
    const weights = Object.fromEntries(Object.entries(node.weights).map(([role, weight]) => [role, isTrained(weight)]));
    const isAsked = node.inputs.some((tensor) => learns.has(tensor)) || Object.values(weights).includes(true);
    if (!isAsked || !node.outputs.some((tensor) => leads.has(tensor))) return { node, needs: undefined, stops: undefined };
    const { gradient } = operatorOf(node.operator);
    if ('none' in gradient) return { node, needs: undefined, stops: gradient.none };
    const flows = gradient.inputs(node.attributes, shapesOf(node));
    const inputs = node.inputs.map((tensor, index) => learns.has(tensor) && flows[index] !== 'none');
    if (!inputs.includes(true) && !Object.values(weights).includes(true)) return { node, needs: undefined, stops: undefined };
    for (const tensor of node.outputs) learns.add(tensor);
    return { node, needs: { inputs, weights }, stops: undefined };
  });
}
