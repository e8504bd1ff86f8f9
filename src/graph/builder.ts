import { elements, formatShape, sameShape } from '../core/shape.ts';
import type { WeightShapes } from '../operators/kit/operator.ts';
import type { OperatorName } from '../operators/registry.ts';
import { charge } from '../problems/allowance.ts';
import { fail, type Position, ProblemError } from '../problems/problem.ts';
import type { ProblemData } from '../problems/sentences.ts';
import { withoutControls } from '../problems/text.ts';
import { ask } from './answers.ts';
import type { Edge, Experts, Graph, Node, Weight } from './graph.ts';
import { Scope } from './path.ts';
import { SharedWeights } from './shared-weights.ts';
import { USUALLY, type Written } from './written.ts';

/**
 * Which weights a layer has in common with others. A key: layers with the same hold the same weights, all of them. Or keys by
 * role: single weights with the same have the same elements, in the shape that each layer needs.
 */
export type Sharing = string | Readonly<Record<string, string>>;

/** One layer to add. */
export interface Layer {
  readonly operator: OperatorName;
  /** Checked by the operator's schema. */
  readonly attributes: object;
  readonly inputs: readonly Edge[];
  readonly scope: Scope;
  readonly name: string;
  /** The name says nothing that its scope does not: the path ends with the scope, where that holds nothing else. */
  readonly isNamedByScope?: boolean | undefined;
  readonly sharing?: Sharing | undefined;
  /** Names the weights that it has in common with others, if it has any and `sharing` does not. */
  readonly common?: (() => string) | undefined;
  /** The weight that it holds in a role; one of its own where it is not given. */
  readonly weightFor?: ((role: string, weight: Weight) => Weight) | undefined;
  /** The layer is in one of several experts. */
  readonly experts?: Experts | undefined;
  /** Its weights stay as they are in training. */
  readonly frozen?: boolean | undefined;
  /** As usual for the operator where it is not given. */
  readonly written?: Written | undefined;
  readonly locate?: (() => Position | undefined) | undefined;
}

/** New weights of these shapes, so that no other node has the same. */
const ownWeight = (_: string, weight: Weight): Weight => ({ ...weight });

/** The weights of all experts, along a first axis. */
const stacked = (weights: WeightShapes, { count }: Experts): Node['weights'] =>
  Object.fromEntries(
    Object.entries(weights).map(([role, weight]) => [role, { ...weight, shape: [count, ...weight.shape], copies: count }]),
  );

function ownWeights(shapes: Node['weights'], weightFor: NonNullable<Layer['weightFor']> = ownWeight): Node['weights'] {
  const weights: Record<string, Weight> = {};
  for (const role in shapes) weights[role] = weightFor(role, shapes[role] as Weight);
  return weights;
}

/** Keys for all roles: those that are given, and one for each of the others. */
const named = (shapes: Node['weights'], name: string, keys: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(Object.keys(shapes).map((role) => [role, `${name} ${role}`])),
  ...keys,
});

const describe = (weights: Readonly<Record<string, Weight>>): string =>
  Object.entries(weights)
    .map(([role, { shape }]) => `${role} ${formatShape(shape)}`)
    .join(', ');

/** A node, and its place; the path is written into it when the graph is finished. */
interface Draft {
  readonly node: { -readonly [K in keyof Node]: Node[K] };
  readonly scope: Scope;
  readonly name: string;
  readonly isNamedByScope: boolean;
  readonly index: number;
}

/** Builds a graph node by node; the shapes of a node are known as soon as it is added. */
export class GraphBuilder {
  readonly root = new Scope();
  readonly #drafts: Draft[] = [];
  readonly #sharedAsWhole = new Map<string, Node['weights']>();
  readonly #shared = new SharedWeights<string>();

  /**
   * Adds a layer and returns its outputs. Throws a `ProblemError` where the inputs do not fit the
   * operator; the graph is then as it was.
   */
  add(layer: Layer): readonly Edge[] {
    const {
      operator,
      attributes,
      inputs,
      scope,
      name,
      isNamedByScope = false,
      experts,
      frozen = false,
      locate,
      written = USUALLY[operator],
    } = layer;
    charge('layers');
    charge('edges', inputs.length);
    const answer = this.#ask(layer);
    charge('edges', answer.outputs.length);
    const outputs = answer.outputs.map((shape) => ({ shape }));
    const own = Object.keys(answer.weights).length === 0 ? undefined : experts;
    const weights = this.#weights(layer, own === undefined ? answer.weights : stacked(answer.weights, own));
    const node = { path: '', operator, attributes, inputs, outputs, weights, experts: own, frozen, work: answer.work, written, locate };
    this.#drafts.push({ node, scope, name, isNamedByScope, index: scope.take(name) });
    return outputs;
  }

  /** Shapes, weights and work; where inputs do not fit each other, the problem says which layers they come from. */
  #ask({ operator, attributes, inputs }: Layer): ReturnType<typeof ask> {
    try {
      return ask(
        operator,
        attributes,
        inputs.map(({ shape }) => shape),
      );
    } catch (error) {
      if (!(error instanceof ProblemError) || error.problem.code !== 'SHAPES_DO_NOT_FIT') throw error;
      const data = error.problem.data as ProblemData['SHAPES_DO_NOT_FIT'];
      throw fail('SHAPES_DO_NOT_FIT', { ...data, layers: inputs.map((input) => this.#origin(input)) }, error.problem.attribute);
    }
  }

  /** The layer that a tensor comes from, as it is called where it stands. */
  #origin(tensor: Edge): string {
    const draft = this.#drafts.find(({ node }) => node.outputs.includes(tensor));
    if (draft === undefined) return 'the input';
    const line = draft.node.locate?.()?.line;
    return line === undefined ? draft.name : `${draft.name} (line ${line})`;
  }

  #weights({ operator, sharing, common, weightFor }: Layer, shapes: Node['weights']): Node['weights'] {
    if (typeof sharing === 'string') return this.#wholeWeights(sharing, shapes);
    const name = Object.keys(shapes).length === 0 ? undefined : common?.();
    if (sharing !== undefined) return this.#weightsByRole(operator, name === undefined ? sharing : named(shapes, name, sharing), shapes);
    return name === undefined ? ownWeights(shapes, weightFor) : this.#wholeWeights(name, shapes);
  }

  #weightsByRole(operator: OperatorName, keys: Readonly<Record<string, string>>, shapes: Node['weights']): Node['weights'] {
    for (const [role, key] of Object.entries(keys)) {
      const here = Object.hasOwn(shapes, role) ? shapes[role] : undefined;
      if (here === undefined) throw fail('UNKNOWN_WEIGHT', { name: role, operator, known: Object.keys(shapes) }, 'weights');
      const there = this.#shared.first(key);
      if (there !== undefined && elements(there.shape) !== elements(here.shape))
        throw fail('WEIGHTS_DIFFER', { name: key, here: formatShape(here.shape), there: formatShape(there.shape) }, 'weights');
    }
    return ownWeights(shapes, (role, weight) => {
      const key = Object.hasOwn(keys, role) ? keys[role] : undefined;
      return key === undefined ? ownWeight(role, weight) : this.#shared.of(key, ownWeight(role, weight));
    });
  }

  #wholeWeights(key: string, shapes: Node['weights']): Node['weights'] {
    const there = this.#sharedAsWhole.get(key);
    if (there === undefined) {
      const weights = ownWeights(shapes);
      this.#sharedAsWhole.set(key, weights);
      return weights;
    }
    const roles = new Set([...Object.keys(there), ...Object.keys(shapes)]);
    for (const role of roles) {
      const [a, b] = [there[role], shapes[role]];
      if (a === undefined || b === undefined || !sameShape(a.shape, b.shape))
        throw fail('WEIGHTS_DIFFER', { name: key, here: describe(shapes), there: describe(there) }, 'weights');
    }
    return there;
  }

  finish(name: string, source: string, inputs: Graph['inputs'], outputs: readonly Edge[]): Graph {
    const nodes = this.#drafts.map(({ node, scope, name: step, isNamedByScope, index }) => {
      const isScope = isNamedByScope && scope !== this.root && scope.holdsOne;
      node.path = isScope ? scope.toString() : scope.path(step, index);
      charge('characters', node.path.length);
      return node;
    });
    // Names of files may have signs that a terminal obeys.
    return { name: withoutControls(name), source: withoutControls(source), inputs, outputs, nodes };
  }
}
