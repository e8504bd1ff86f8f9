import { fail, type Position } from '../core/problem.ts';
import { formatShape, type Shape, sameShape } from '../core/shape.ts';
import { type OperatorName, operatorOf } from '../operators/index.ts';
import type { WeightShapes } from '../operators/operator.ts';
import type { Graph, Node, Tensor, Weight } from './graph.ts';
import { Scope } from './path.ts';

/** One layer to add. */
export interface Layer {
  readonly operator: OperatorName;
  /** Checked by the operator's schema. */
  readonly attributes: unknown;
  readonly inputs: readonly Tensor[];
  readonly scope: Scope;
  readonly name: string;
  /** Layers with the same key hold the same weights. */
  readonly sharedAs?: string | undefined;
  readonly locate?: (() => Position | undefined) | undefined;
}

const isSafe = (shape: Shape): boolean => shape.every((size) => size <= Number.MAX_SAFE_INTEGER);

const describe = (weights: Readonly<Record<string, Weight>>): string =>
  Object.entries(weights)
    .map(([role, { shape }]) => `${role} ${formatShape(shape)}`)
    .join(', ');

/** Builds a graph node by node; the shapes of a node are known as soon as it is added. */
export class GraphBuilder {
  readonly root = new Scope();
  readonly #layers: { layer: Layer; index: number; outputs: readonly Tensor[]; weights: Node['weights'] }[] = [];
  readonly #shared = new Map<string, Node['weights']>();

  /**
   * Adds a layer and returns its outputs. Throws a `ProblemError` where the inputs do not fit the
   * operator; the graph is then as it was.
   */
  add(layer: Layer): readonly Tensor[] {
    const operator = operatorOf(layer.operator);
    const shapes = layer.inputs.map((tensor) => tensor.shape);
    const outputs = operator.shapes(layer.attributes, shapes).map((shape) => {
      if (!isSafe(shape)) throw fail('DIMENSION_TOO_LARGE', { shape });
      return { shape };
    });
    const weights = this.#weights(layer, operator.weights(layer.attributes, shapes));
    for (const role in weights) {
      const { shape } = weights[role] as Weight;
      if (!isSafe(shape)) throw fail('DIMENSION_TOO_LARGE', { shape });
    }
    this.#layers.push({ layer, index: layer.scope.take(layer.name), outputs, weights });
    return outputs;
  }

  #weights({ sharedAs }: Layer, shapes: WeightShapes): Node['weights'] {
    if (sharedAs === undefined) return shapes;
    const there = this.#shared.get(sharedAs);
    if (there === undefined) {
      this.#shared.set(sharedAs, shapes);
      return shapes;
    }
    const roles = new Set([...Object.keys(there), ...Object.keys(shapes)]);
    for (const role of roles) {
      const [a, b] = [there[role], shapes[role]];
      if (a === undefined || b === undefined || !sameShape(a.shape, b.shape))
        throw fail('WEIGHTS_DIFFER', { name: sharedAs, here: describe(shapes), there: describe(there) }, 'weights');
    }
    return there;
  }

  finish(name: string, source: string, inputs: Graph['inputs'], outputs: readonly Tensor[]): Graph {
    const nodes = this.#layers.map(
      ({ layer, index, outputs: produced, weights }): Node => ({
        path: layer.scope.path(layer.name, index),
        operator: layer.operator,
        attributes: layer.attributes,
        inputs: layer.inputs,
        outputs: produced,
        weights,
        locate: layer.locate,
      }),
    );
    return { name, source, inputs, outputs, nodes };
  }
}
