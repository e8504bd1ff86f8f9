import type { Shape } from '../../src/core/shape.ts';
import { everyOperator, type OperatorName, operatorNames } from '../../src/operators/registry.ts';

export interface Case {
  readonly attributes?: object;
  readonly inputs: readonly Shape[];
  /** Inputs whose first axis is not the batch. */
  readonly unbatched?: readonly number[];
}

const image: Shape = [2, 6, 8, 8];
const tokens: Shape = [2, 5, 6];
/** Queries, keys or values of five positions and so many heads. */
const qkv = (heads: number): Shape => [2, heads, 5, 6];
const onAll: readonly Case[] = [{ inputs: [[3, 4]] }, { inputs: [[2, 4, 5]] }, { inputs: [image] }, { inputs: [[1, 2, 3, 4, 5]] }];

/** Inputs that each operator takes. One without does not compile. */
type Cases = { readonly [O in OperatorName]: readonly Case[] };

const CASES: Cases = everyOperator<Cases>()({
  conv: [
    { attributes: { out: 4, kernel: 3 }, inputs: [image] },
    { attributes: { out: 4, kernel: [3, 1], stride: 2, padding: 'same', groups: 2, bias: false }, inputs: [image] },
    { attributes: { out: 4, kernel: 3 }, inputs: [[2, 3, 9]] },
    { attributes: { out: 4, kernel: 2 }, inputs: [[2, 3, 4, 5, 6]] },
  ],
  convtranspose: [
    { attributes: { out: 4, kernel: 3, stride: 2, padding: 1, outputpadding: 1 }, inputs: [image] },
    { attributes: { out: 4, kernel: 3, groups: 2, bias: false }, inputs: [[2, 6, 9]] },
  ],
  dynamicconv: [
    { attributes: { padding: 1 }, inputs: [image, [4, 6, 3, 3]], unbatched: [1] },
    { attributes: { groups: 6 }, inputs: [image, [2, 6, 1, 4, 4]] },
    {
      attributes: { padding: 'same', stride: 2, groups: 2 },
      inputs: [
        [2, 4, 9],
        [2, 6, 2, 3],
        [2, 6],
      ],
    },
    { inputs: [[2, 4, 9], [6, 4, 3], [6]], unbatched: [1, 2] },
  ],
  deformconv: [
    { attributes: { out: 4, kernel: 3, padding: 1 }, inputs: [image, [2, 18, 8, 8]] },
    {
      attributes: { out: 4, kernel: [2, 3], stride: 2, groups: 2, offsetgroups: 3, bias: false },
      inputs: [image, [2, 36, 4, 3], [2, 18, 4, 3]],
    },
  ],
  linear: [
    { attributes: { out: 4 }, inputs: [[2, 6]] },
    { attributes: { out: 4, bias: false }, inputs: [tokens] },
  ],
  matmul: [
    {
      inputs: [
        [2, 3, 4],
        [2, 4, 5],
      ],
    },
    {
      attributes: { transpose: true },
      inputs: [
        [2, 3, 3, 4],
        [2, 1, 5, 4],
      ],
    },
    {
      inputs: [
        [2, 3],
        [3, 5],
      ],
      unbatched: [1],
    },
  ],
  einsum: [
    {
      attributes: { equation: 'nij,njk->nik' },
      inputs: [
        [2, 3, 4],
        [2, 4, 5],
      ],
    },
    { attributes: { equation: 'n...->n' }, inputs: [image] },
  ],
  attention: [
    { attributes: { heads: 2 }, inputs: [tokens] },
    { attributes: { heads: 3, dim: 9, bias: false }, inputs: [tokens, [2, 7, 4]] },
    { attributes: { heads: 3 }, inputs: [tokens, [2, 7, 4], [2, 7, 3]] },
  ],
  sdpa: [
    { inputs: [qkv(4), qkv(4), qkv(4)] },
    { attributes: { causal: true, window: 2, softcap: 5, sinks: true }, inputs: [qkv(4), qkv(2), qkv(2)] },
    { attributes: { causal: true, alibi: true }, inputs: [qkv(4), [2, 1, 9, 6], [2, 1, 9, 3]] },
    { attributes: { window: 3, scale: 1 }, inputs: [qkv(4), qkv(4), qkv(4), [1, 4, 5, 5]], unbatched: [3] },
    { inputs: [qkv(4), [2, 2, 3, 6], [2, 2, 3, 1], [2, 1, 1, 3]] },
  ],
  recurrent: [
    { attributes: { cell: 'lstm', hidden: 3 }, inputs: [tokens] },
    { attributes: { cell: 'lstm', hidden: 2, both: true, peepholes: true }, inputs: [tokens] },
    { attributes: { cell: 'lstm', hidden: 3, projection: 2, layers: 3, both: true }, inputs: [tokens] },
    { attributes: { cell: 'gru', hidden: 3, bias: false, layers: 2 }, inputs: [tokens] },
    { attributes: { cell: 'gru', hidden: 3, resetafter: true }, inputs: [tokens] },
    { attributes: { cell: 'rnn', hidden: 3, both: true }, inputs: [tokens] },
  ],
  fft: [
    { inputs: [[2, 6]] },
    { attributes: { axes: [1, 2], gives: 'real' }, inputs: [tokens] },
    { attributes: { axes: [2, 3], onesided: true, norm: 'ortho' }, inputs: [image] },
    { attributes: { axes: [2, 3], inverse: true, onesided: true }, inputs: [[2, 6, 8, 5, 2]] },
  ],
  batchnorm: onAll,
  layernorm: [...onAll, { attributes: { axis: [1, 2], affine: false }, inputs: [image] }],
  rmsnorm: [...onAll, { attributes: { axis: 1, affine: false }, inputs: [image] }],
  groupnorm: [{ attributes: { groups: 3 }, inputs: [image] }],
  instancenorm: [{ inputs: [image] }, { attributes: { affine: true }, inputs: [image] }],
  l2norm: onAll,
  lrn: [
    { attributes: { size: 3 }, inputs: [image] },
    { attributes: { size: 2 }, inputs: [[2, 3]] },
  ],
  relu: onAll,
  relu6: onAll,
  leakyrelu: onAll,
  prelu: [...onAll, { attributes: { shared: false }, inputs: [image] }],
  elu: onAll,
  gelu: [...onAll, { attributes: { approximate: 'tanh' }, inputs: [image] }],
  silu: onAll,
  glu: [{ inputs: [image] }, { attributes: { axis: -1 }, inputs: [[2, 3, 8]] }],
  sigmoid: onAll,
  tanh: onAll,
  softmax: onAll,
  hardsigmoid: onAll,
  hardswish: onAll,
  maxpool: [
    { attributes: { kernel: 3, stride: 2, padding: 1 }, inputs: [image] },
    { attributes: { kernel: 3, stride: 2, ceil: true }, inputs: [[2, 3, 8]] },
  ],
  avgpool: [{ attributes: { kernel: 2 }, inputs: [image] }],
  globalavgpool: [{ inputs: [image] }],
  globalmaxpool: [{ inputs: [image] }],
  adaptiveavgpool: [{ attributes: { size: 3 }, inputs: [image] }],
  adaptivemaxpool: [{ attributes: { size: [3, 1] }, inputs: [image] }],
  add: [{ inputs: [image, image, image] }, { inputs: [image, [1, 6, 1, 1]], unbatched: [1] }],
  multiply: [{ inputs: [image, [2, 6, 1, 1]] }],
  arithmetic: [
    { attributes: { operation: 'subtract' }, inputs: [image, image] },
    { attributes: { operation: 'divide', number: 2 }, inputs: [tokens] },
    { attributes: { operation: 'equal', number: 0, reversed: true }, inputs: [tokens] },
    { attributes: { operation: 'maximum' }, inputs: [image, image, [1, 6, 1, 1]], unbatched: [2] },
  ],
  pointwise: [
    { attributes: { function: 'erf' }, inputs: [image] },
    { attributes: { function: 'quantize' }, inputs: [tokens] },
    { attributes: { function: 'softplus' }, inputs: [[3, 4]] },
  ],
  reduce: [
    { attributes: { by: 'mean', axis: -1 }, inputs: [tokens] },
    { attributes: { by: 'logsumexp', axis: [2, 3], keep: false }, inputs: [image] },
    { attributes: { by: 'l2', axis: 1 }, inputs: [[3, 4]] },
  ],
  cumsum: [{ inputs: [tokens] }, { attributes: { axis: 1 }, inputs: [image] }],
  scan: [
    { inputs: [tokens, tokens] },
    { inputs: [[2, 1, 6], tokens] },
    {
      inputs: [
        [2, 5, 1, 3],
        [2, 5, 4, 3],
      ],
    },
  ],
  deltarule: [
    {
      inputs: [
        [2, 2, 5, 3],
        [2, 2, 5, 3],
        [2, 4, 5, 2],
        [2, 4, 5],
        [2, 4, 5],
      ],
    },
    {
      attributes: { chunk: 3 },
      inputs: [
        [2, 2, 5, 3],
        [2, 2, 5, 3],
        [2, 4, 5, 2],
        [2, 4, 5],
        [2, 4, 5],
      ],
    },
    {
      attributes: { chunk: 1 },
      inputs: [
        [1, 1, 2, 3],
        [1, 1, 2, 3],
        [1, 1, 2, 4],
        [1, 1, 2],
        [1, 1, 2],
      ],
    },
    {
      attributes: { chunk: 8 },
      inputs: [
        [1, 1, 2, 3],
        [1, 1, 2, 3],
        [1, 1, 2, 4],
        [1, 1, 2],
        [1, 1, 2],
      ],
    },
  ],
  topk: [
    { attributes: { k: 2 }, inputs: [tokens] },
    { attributes: { k: 6, axis: 1 }, inputs: [image] },
  ],
  nms: [
    {
      attributes: { most: 3, rows: 5, overlap: 0.5 },
      inputs: [
        [2, 6, 4],
        [2, 3, 6],
      ],
    },
    {
      attributes: { most: 9, rows: 2, centres: true },
      inputs: [
        [2, 4, 4],
        [2, 1, 4],
      ],
    },
  ],
  scatter: [
    {
      attributes: { by: 'add', axis: 1 },
      inputs: [
        [2, 3],
        [2, 2],
        [2, 2],
      ],
    },
    {
      attributes: { by: 'maximum' },
      inputs: [
        [2, 3, 4],
        [2, 1],
        [2, 3, 4],
      ],
    },
  ],
  concat: [{ inputs: [image, [2, 1, 8, 8]] }, { attributes: { axis: -1 }, inputs: [tokens, tokens, tokens] }],
  split: [
    { attributes: { parts: 3 }, inputs: [image] },
    { attributes: { sizes: [1, 4], axis: 1 }, inputs: [tokens] },
  ],
  slice: [{ attributes: { axis: 2, start: 1, step: 2 }, inputs: [image] }],
  shuffle: [{ attributes: { groups: 2 }, inputs: [image] }],
  pixelshuffle: [
    { attributes: { factor: 2 }, inputs: [[2, 12, 8, 8]] },
    { attributes: { factor: 3, mode: 'DCR' }, inputs: [[2, 6, 5]] },
  ],
  pixelunshuffle: [
    { attributes: { factor: 2 }, inputs: [image] },
    { attributes: { factor: 2, mode: 'DCR' }, inputs: [[1, 2, 4, 2, 6]] },
  ],
  unfold: [
    { attributes: { kernel: 3, padding: 1, stride: 2 }, inputs: [image] },
    { attributes: { kernel: 2, dilation: 2 }, inputs: [[2, 3, 9]] },
  ],
  fold: [
    { attributes: { size: [4, 5], kernel: 2, padding: 1 }, inputs: [[2, 12, 30]] },
    { attributes: { size: [8], kernel: 3, stride: 2 }, inputs: [[2, 6, 3]] },
  ],
  flatten: [{ inputs: [image] }, { attributes: { start: 2 }, inputs: [image] }],
  reshape: [{ attributes: { to: [-1, 3, 10] }, inputs: [tokens] }],
  permute: [{ attributes: { order: [1, 0, 2] }, inputs: [tokens] }],
  pad: [{ attributes: { amount: [[0, 6], 1, 0] }, inputs: [image] }],
  upsample: [
    { attributes: { scale: 2 }, inputs: [image] },
    { attributes: { size: [9, 3], mode: 'linear' }, inputs: [image] },
    { attributes: { scale: 1.5, mode: 'cubic' }, inputs: [[2, 3, 4]] },
  ],
  gridsample: [
    { inputs: [image, [2, 4, 5, 2]] },
    { attributes: { mode: 'nearest' }, inputs: [image, [2, 1, 5, 2]] },
    {
      attributes: { mode: 'cubic', padding: 'border', corners: true },
      inputs: [
        [2, 3, 4],
        [2, 3, 1],
      ],
    },
    {
      inputs: [
        [2, 3, 4, 5, 6],
        [2, 2, 2, 2, 3],
      ],
    },
  ],
  roialign: [
    { attributes: { size: [2, 3], samples: 2 }, inputs: [image, [3, 4], [3]], unbatched: [0] },
    { attributes: { size: 2, samples: 1, scale: 0.5, aligned: false }, inputs: [image, [1, 4], [1]], unbatched: [0] },
  ],
  roll: [{ attributes: { axis: [1, -1], shift: [-3, 2] }, inputs: [image] }],
  move: [
    { attributes: { by: 'tile', repeats: [2, 2] }, inputs: [[2, 3]] },
    { attributes: { by: 'Split', to: [[1], [2, 2]] }, inputs: [tokens, image] },
  ],
  embedding: [
    { attributes: { rows: 7, out: 3 }, inputs: [[2, 5]] },
    { attributes: { rows: 2, out: 1 }, inputs: [[3]] },
  ],
  positions: [
    { attributes: { rows: 9 }, inputs: [tokens] },
    { attributes: { rows: 9, start: 4, learned: false }, inputs: [tokens] },
  ],
  rope: [
    { inputs: [qkv(4)] },
    { attributes: { dim: 4, interleaved: true, start: 3 }, inputs: [qkv(4)] },
    { attributes: { dim: 2 }, inputs: [tokens] },
  ],
  splitheads: [{ attributes: { heads: 3 }, inputs: [tokens] }],
  mergeheads: [{ inputs: [qkv(4)] }],
  cache: [
    { inputs: [qkv(2)] },
    { attributes: { past: 7 }, inputs: [qkv(2)] },
    { attributes: { past: 7, window: 4, axis: 1 }, inputs: [tokens] },
  ],
  recall: [{ attributes: { shape: [2, 3] }, inputs: [[2, 5]] }],
  relativebias: [
    { inputs: [qkv(4), qkv(4)], unbatched: [1] },
    { attributes: { buckets: 4, distance: 6, both: false }, inputs: [qkv(4), [2, 1, 9, 6]], unbatched: [1] },
  ],
  dispatch: [
    {
      attributes: { experts: 3 },
      inputs: [
        [2, 5, 6],
        [2, 5, 2],
      ],
    },
  ],
  combine: [
    {
      attributes: { experts: 3, product: true },
      inputs: [
        [20, 6],
        [2, 5, 2],
      ],
    },
    {
      attributes: { experts: 3 },
      inputs: [
        [20, 6],
        [2, 5, 2],
      ],
    },
  ],
  parameter: [
    { attributes: { shape: [1, 6] }, inputs: [tokens] },
    { attributes: { shape: [5, 6], expand: false }, inputs: [tokens] },
    { attributes: { shape: [5, 6], whole: true }, inputs: [tokens] },
  ],
  constant: [{ attributes: { shape: [5, 6] }, inputs: [tokens] }],
  relativeposition: [
    { attributes: { window: [2, 3], heads: 4 }, inputs: [tokens] },
    { attributes: { window: 2, heads: 4, table: 'input' }, inputs: [[1, 3, 3, 4]] },
  ],
  dropout: onAll,
  stochasticdepth: [{ attributes: { rate: 0.1 }, inputs: [image] }],
  identity: onAll,
  unknown: [{ attributes: { operator: 'Fancy', domain: 'com.example', to: [[2, 3]] }, inputs: [image] }],
});

/** The cases of all operators, one by one. */
export const cases = operatorNames.flatMap((name) =>
  CASES[name].map(({ attributes = {}, inputs, unbatched = [] }) => ({ name, attributes, inputs, unbatched })),
);

/** The cases that can be run: an operator that is not known cannot. */
export const runnable = cases.filter(({ name }) => name !== 'unknown');
