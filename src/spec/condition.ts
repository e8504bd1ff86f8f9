import type { Environment } from '../language/expression.ts';
import { fail } from '../problems/problem.ts';
import type { Template } from './compiled.ts';

/** Whether a condition holds, such as that of `when`. */
export function isTrue(template: Template, env: Environment, key = 'when'): boolean {
  const value = template.evaluate(env);
  if (typeof value !== 'boolean') throw fail('WRONG_VALUE', { key, value, expected: 'true or false' }, key);
  return value;
}
