import { adaptiveavgpool } from './adaptiveavgpool.ts';
import { adaptivemaxpool } from './adaptivemaxpool.ts';
import { add } from './add.ts';
import { avgpool } from './avgpool.ts';
import { batchnorm } from './batchnorm.ts';
import { conv } from './conv.ts';
import { elu } from './elu.ts';
import { gelu } from './gelu.ts';
import { globalavgpool } from './globalavgpool.ts';
import { globalmaxpool } from './globalmaxpool.ts';
import { groupnorm } from './groupnorm.ts';
import { hardsigmoid } from './hardsigmoid.ts';
import { hardswish } from './hardswish.ts';
import { instancenorm } from './instancenorm.ts';
import { layernorm } from './layernorm.ts';
import { leakyrelu } from './leakyrelu.ts';
import { linear } from './linear.ts';
import { maxpool } from './maxpool.ts';
import { multiply } from './multiply.ts';
import type { Operator } from './operator.ts';
import { prelu } from './prelu.ts';
import { relu } from './relu.ts';
import { relu6 } from './relu6.ts';
import { sigmoid } from './sigmoid.ts';
import { silu } from './silu.ts';
import { softmax } from './softmax.ts';
import { tanh } from './tanh.ts';

/** The registry: every operator by the name it has in specs. */
export const operators = {
  conv,
  linear,

  batchnorm,
  layernorm,
  groupnorm,
  instancenorm,

  relu,
  relu6,
  leakyrelu,
  prelu,
  elu,
  gelu,
  silu,
  sigmoid,
  tanh,
  softmax,
  hardsigmoid,
  hardswish,

  maxpool,
  avgpool,
  globalavgpool,
  globalmaxpool,
  adaptiveavgpool,
  adaptivemaxpool,

  add,
  multiply,
} satisfies Record<string, Operator>;

export type OperatorName = keyof typeof operators;

export const operatorNames = Object.keys(operators) as OperatorName[];

export const isOperatorName = (name: string): name is OperatorName => Object.hasOwn(operators, name);

/** The operator of that name, for attributes that were checked by its own schema. */
export const operatorOf = (name: OperatorName): Operator => operators[name];
