import { frozen } from '../core/freeze.ts';
import type { Shape } from '../core/shape.ts';
import type { Work } from '../core/work.ts';
import type { WeightShapes } from '../operators/kit/operator.ts';
import { type OperatorName, operatorOf } from '../operators/registry.ts';
import { MAX_AXES } from '../problems/allowance.ts';
import { fail } from '../problems/problem.ts';

/** All that an operator says of some attributes and shapes of inputs. */
export interface OperatorAnswer {
  readonly outputs: readonly Shape[];
  readonly weights: WeightShapes;
  readonly work: Work;
}

/** Most answers that are remembered for the same attributes. */
const MAX_KNOWN = 64;

/** A network repeats its layers, and is counted many times: an operator is asked once for each question. */
const answers = new WeakMap<object, Map<string, OperatorAnswer>>();

/** The shapes, if they have few enough axes, and all their sizes are exact. */
export function checkedShapes(shapes: readonly Shape[]): readonly Shape[] {
  for (const shape of shapes) if (shape.length > MAX_AXES) throw fail('TOO_MANY_AXES', { axes: shape.length, limit: MAX_AXES });
  for (const shape of shapes) if (shape.some((size) => size > Number.MAX_SAFE_INTEGER)) throw fail('DIMENSION_TOO_LARGE', { shape });
  return shapes;
}

/** What the operator says; throws its `ProblemError`. Attributes are known by their identity, so they must not be changed. */
export function ask(operator: OperatorName, attributes: object, inputs: readonly Shape[]): OperatorAnswer {
  let known = answers.get(attributes);
  if (known === undefined) {
    known = new Map();
    answers.set(attributes, known);
  }
  const key = inputs.join(' ');
  const there = known.get(key);
  if (there !== undefined) return there;
  const { shapes, weights: weightsOf, work } = operatorOf(operator);
  const outputs = checkedShapes(shapes(attributes, inputs));
  const weights = weightsOf(attributes, inputs);
  checkedShapes(Object.values(weights).map(({ shape }) => shape));
  const answer = frozen({ outputs, weights, work: work(attributes, inputs) });
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(key, answer);
  return answer;
}
