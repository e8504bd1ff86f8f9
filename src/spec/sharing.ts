import type { Sharing } from '../graph/builder.ts';
import type { Environment, Value } from '../language/expression.ts';
import { fail } from '../problems/problem.ts';
import type { SharingTemplate, Template } from './compiled.ts';
import type { Flow } from './frame.ts';

const isPart = (value: Value): value is string | number => typeof value === 'string' || typeof value === 'number';

/** Values that make one name: `head.0` of `[head, 0]`. */
function nameOf(parts: readonly Template[], environment: Environment): string {
  const values = parts.map((part) => part.evaluate(environment));
  const wrong = values.find((value) => !isPart(value));
  if (wrong !== undefined)
    throw fail('WRONG_VALUE', { key: 'weights', value: wrong, expected: 'a name, or a number in a list' }, 'weights');
  return values.join('.');
}

const isWhole = (weights: SharingTemplate): weights is readonly Template[] => Array.isArray(weights);

/** Which weights a layer has in common with others. */
export const sharingOf = (weights: SharingTemplate, environment: Environment): Sharing =>
  isWhole(weights)
    ? nameOf(weights, environment)
    : Object.fromEntries([...weights].map(([role, template]) => [role, nameOf([template], environment)]));

/** The name under which all that is in a block shares its weights. Throws a `ProblemError` for names by role. */
export function sharedAsWhole(weights: SharingTemplate, environment: Environment): string {
  if (isWhole(weights)) return nameOf(weights, environment);
  const message = 'Only a layer that is an operator shares single weights. Give one name, and all layers in this share theirs';
  throw fail('CONTRADICTION', { message }, 'weights');
}

/** Weights of what stands in several places: the first layer that has any shares them with the first everywhere, and so on. */
export class CommonWeights {
  /** How many layers with weights there are under each name. */
  readonly #layers = new Map<string, number>();
  /** The name for the next layer that has weights; nothing where layers have their own. */
  current: (() => string) | undefined;

  /** Expands what shares its weights under a name. */
  inside(name: string, expand: () => Flow): Flow {
    const outer = this.current;
    let layers = 0;
    this.current = () => `${name} ${layers++}`;
    try {
      const flow = expand();
      if (flow === undefined) return undefined;
      const there = this.#layers.get(name) ?? layers;
      this.#layers.set(name, there);
      if (there === layers) return flow;
      throw fail('WEIGHTS_DIFFER', { name, here: `${layers} layers with weights`, there: `${there} layers with weights` }, 'weights');
    } finally {
      this.current = outer;
    }
  }
}
