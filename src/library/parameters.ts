import type { Value } from '../language/expression.ts';
import type { FoundModel } from './reference.ts';

/** The parameters of a model or block by name, with the value that each has unless it is set; `undefined` where that is not fixed. */
export function parametersOf({ spec, block }: FoundModel): ReadonlyMap<string, Value | undefined> {
  const values = new Map<string, Value | undefined>();
  for (const [name, { template }] of block?.parameters ?? [])
    values.set(name, block?.example?.arguments.get(name)?.constant ?? template?.constant);
  for (const [name, { template }] of spec.parameters) if (!values.has(name)) values.set(name, template?.constant);
  return values;
}
