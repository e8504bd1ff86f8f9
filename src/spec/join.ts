import type { Environment } from '../language/expression.ts';
import { operatorOf } from '../operators/registry.ts';
import { fail } from '../problems/problem.ts';
import { checkAttributes } from './attributes.ts';
import type { Join } from './compiled.ts';
import { JOINS } from './schema.ts';

type JoinOperator = (typeof JOINS)[number];

export const isJoin = (name: unknown): name is JoinOperator => (JOINS as readonly unknown[]).includes(name);

/** Whether the layer that joins branches has an axis to join them along. */
export const takesAxis = (operator: JoinOperator): boolean => 'axis' in operatorOf(operator).attributes.shape;

/** The layer that joins branches: its operator and its attributes. Throws a `ProblemError` that blames the key that is wrong. */
export function joining({ operator, axis }: Join, environment: Environment): { operator: JoinOperator; attributes: object } {
  const name = operator.evaluate(environment);
  if (!isJoin(name)) throw fail('WRONG_VALUE', { key: 'join', value: name, expected: JOINS.join(', ') }, 'join');
  const given = axis === undefined || !takesAxis(name) ? {} : { axis: axis.evaluate(environment) };
  return { operator: name, attributes: checkAttributes(name, given) };
}
