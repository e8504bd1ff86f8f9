import { type Environment, parseExpression, type Value } from '../language/expression.ts';
import { fail } from '../problems/problem.ts';
import type { Requirement } from './compiled.ts';
import { isTrue } from './condition.ts';

/** Values as they are written: sizes as a shape, words as a list. */
const shown = (value: Value | undefined | null): string => {
  if (!Array.isArray(value)) return String(value);
  return value.every((one) => typeof one === 'number') ? value.join('×') : `[${value.join(', ')}]`;
};

/** Throws where a requirement does not hold, with the values it speaks of. */
export function checkRequirement({ text, condition }: Requirement, env: Environment): void {
  if (isTrue(condition, env, 'require')) return;
  const values = [...parseExpression(text).names].map((name) => `$${name} is ${shown(env[name])}`);
  throw fail('REQUIREMENT_NOT_MET', { text, values });
}
