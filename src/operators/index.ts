import { add } from './add.ts';
import { batchnorm } from './batchnorm.ts';
import { conv } from './conv.ts';
import { linear } from './linear.ts';
import type { Operator } from './operator.ts';
import { relu } from './relu.ts';

/** The registry: every operator by the name it has in specs. */
export const operators = {
  conv,
  linear,
  batchnorm,
  relu,
  add,
} satisfies Record<string, Operator>;

export type OperatorName = keyof typeof operators;

export const operatorNames = Object.keys(operators) as OperatorName[];

export const isOperatorName = (name: string): name is OperatorName => Object.hasOwn(operators, name);

/** The operator of that name, for attributes that were checked by its own schema. */
export const operatorOf = (name: OperatorName): Operator => operators[name];
