import type { OnnxAttribute } from '../file/model.ts';
import type { Call, ReadRules } from './call.ts';
import type { ReadValue } from './value.ts';

/** The operators that others are made of, in the version in which they are meant. */
const OPSET = 17;

/** What another operator makes of some values, with attributes of its own, in place of the node. */
export function delegate(
  rules: ReadRules,
  call: Call,
  operator: string,
  inputs: readonly (ReadValue | undefined)[],
  attributes: Readonly<Record<string, OnnxAttribute>> = {},
): readonly ReadValue[] {
  const rule = rules[operator];
  if (rule === undefined) throw new Error(`there is no rule for ${operator}`);
  const outputs = call.node.outputs.slice(0, 1);
  return rule({ ...call, opset: OPSET, inputs, node: { ...call.node, operator, attributes, outputs } });
}

export const intAttribute = (value: number): OnnxAttribute => ({ kind: 'int', value });
export const floatAttribute = (value: number): OnnxAttribute => ({ kind: 'float', value });
export const intsAttribute = (value: readonly number[]): OnnxAttribute => ({ kind: 'ints', value });
