import { adaptiveavgpool } from './adaptiveavgpool.ts';
import { adaptivemaxpool } from './adaptivemaxpool.ts';
import { add } from './add.ts';
import { arithmetic } from './arithmetic.ts';
import { attention } from './attention.ts';
import { avgpool } from './avgpool.ts';
import { batchnorm } from './batchnorm.ts';
import { cache } from './cache.ts';
import { combine } from './combine.ts';
import { concat } from './concat.ts';
import { constant } from './constant.ts';
import { conv } from './conv.ts';
import { convtranspose } from './convtranspose.ts';
import { cumsum } from './cumsum.ts';
import { deformconv } from './deformconv.ts';
import { deltarule } from './deltarule.ts';
import { dispatch } from './dispatch.ts';
import { dropout } from './dropout.ts';
import { dynamicconv } from './dynamicconv.ts';
import { einsum } from './einsum.ts';
import { elu } from './elu.ts';
import { embedding } from './embedding.ts';
import { fft } from './fft.ts';
import { flatten } from './flatten.ts';
import { fold } from './fold.ts';
import { gelu } from './gelu.ts';
import { globalavgpool } from './globalavgpool.ts';
import { globalmaxpool } from './globalmaxpool.ts';
import { glu } from './glu.ts';
import { gridsample } from './gridsample.ts';
import { groupnorm } from './groupnorm.ts';
import { hardsigmoid } from './hardsigmoid.ts';
import { hardswish } from './hardswish.ts';
import { identity } from './identity.ts';
import { instancenorm } from './instancenorm.ts';
import type { Operator } from './kit/operator.ts';
import { l2norm } from './l2norm.ts';
import { layernorm } from './layernorm.ts';
import { leakyrelu } from './leakyrelu.ts';
import { linear } from './linear.ts';
import { lrn } from './lrn.ts';
import { matmul } from './matmul.ts';
import { maxpool } from './maxpool.ts';
import { mergeheads } from './mergeheads.ts';
import { move } from './move.ts';
import { multiply } from './multiply.ts';
import { nms } from './nms.ts';
import { pad } from './pad.ts';
import { parameter } from './parameter.ts';
import { permute } from './permute.ts';
import { pixelshuffle } from './pixelshuffle.ts';
import { pixelunshuffle } from './pixelunshuffle.ts';
import { pointwise } from './pointwise.ts';
import { positions } from './positions.ts';
import { prelu } from './prelu.ts';
import { recall } from './recall.ts';
import { recurrent } from './recurrent.ts';
import { reduce } from './reduce.ts';
import { relativebias } from './relativebias.ts';
import { relativeposition } from './relativeposition.ts';
import { relu } from './relu.ts';
import { relu6 } from './relu6.ts';
import { reshape } from './reshape.ts';
import { rmsnorm } from './rmsnorm.ts';
import { roialign } from './roialign.ts';
import { roll } from './roll.ts';
import { rope } from './rope.ts';
import { scan } from './scan.ts';
import { scatter } from './scatter.ts';
import { sdpa } from './sdpa.ts';
import { shuffle } from './shuffle.ts';
import { sigmoid } from './sigmoid.ts';
import { silu } from './silu.ts';
import { slice } from './slice.ts';
import { softmax } from './softmax.ts';
import { split } from './split.ts';
import { splitheads } from './splitheads.ts';
import { stochasticdepth } from './stochasticdepth.ts';
import { tanh } from './tanh.ts';
import { topk } from './topk.ts';
import { unfold } from './unfold.ts';
import { unknown } from './unknown.ts';
import { upsample } from './upsample.ts';

/** The registry: every operator by the name it has in specs. */
export const operators = {
  conv,
  convtranspose,
  dynamicconv,
  deformconv,
  linear,
  matmul,
  einsum,
  attention,
  sdpa,
  recurrent,
  fft,

  batchnorm,
  layernorm,
  rmsnorm,
  groupnorm,
  instancenorm,
  l2norm,
  lrn,

  relu,
  relu6,
  leakyrelu,
  prelu,
  elu,
  gelu,
  silu,
  glu,
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
  arithmetic,
  pointwise,
  reduce,
  cumsum,
  scan,
  deltarule,
  topk,
  nms,
  scatter,
  concat,

  split,
  slice,
  shuffle,
  pixelshuffle,
  pixelunshuffle,
  unfold,
  fold,
  flatten,
  reshape,
  permute,
  pad,
  upsample,
  gridsample,
  roialign,
  roll,
  move,

  embedding,
  positions,
  rope,
  splitheads,
  mergeheads,
  cache,
  recall,
  dispatch,
  combine,

  parameter,
  constant,
  relativeposition,
  relativebias,

  dropout,
  stochasticdepth,
  identity,
  unknown,
} satisfies Record<string, Operator>;

export type OperatorName = keyof typeof operators;

export const operatorNames = Object.keys(operators) as OperatorName[];

export const isOperatorName = (name: string): name is OperatorName => Object.hasOwn(operators, name);

/** The operator of that name, for attributes that were checked by its own schema. */
export const operatorOf = (name: OperatorName): Operator => operators[name];

/** A whole table; where operators have no row in it, what is no table, but reads as the compiler's message: which these are. */
type Complete<Table, Rows> = [Exclude<keyof Table, keyof Rows>] extends [never]
  ? Table
  : `${Exclude<keyof Table, keyof Rows> & string} has no row in this table ${string}`;

/** A table with a row for each operator: `everyOperator<Table>()({ … })`. Where rows are missing the compiler says which in one line. */
export const everyOperator =
  <Table>() =>
  <const Rows extends Partial<Table>>(rows: Rows): Complete<Table, Rows> =>
    rows as unknown as Complete<Table, Rows>;
