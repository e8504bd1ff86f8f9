import { type Convention, each, MACS, NOTHING, type Rule, rulesFor } from './convention.ts';
import { movers } from './movers.ts';
import { uncounted } from './uncounted.ts';

const norm: Rule = {
  count: '0 if not module else 4 * i if affine else 2 * i',
  says: '4 per element, 2 without scale and shift',
  where: 'vision/basic_hooks.py, count_normalization',
};
const adaptive: Rule = {
  count: 'i + o if module else 0',
  says: '1 per input and per output element',
  where: 'vision/basic_hooks.py, count_adap_avgpool',
};

/** Per step and unit: for each gate its sum and its function, and what is done to the states. */
export const thopRecurrent: Rule = {
  count: 'unprojected + gates * cells * (1 + 2 * bias) + (4 * cells if lstm or gru else 0) if module else 0',
  says: 'multiply-accumulates, both biases, 1 per gate, and per unit and step 4 for an LSTM or a GRU',
  where: 'rnn_hooks.py, count_lstm, count_gru, count_rnn',
  bug: 'An LSTM is counted as if it had no projection.',
  bugIf: 'module and macs != unprojected',
};

/** Hooks on modules, by their exact class. */
export const thop: Convention = {
  name: 'thop',
  summary: 'thop: hooks on modules only, batch norm at four per element, no biases.',
  unit: MACS,
  version: 'thop, commit 43c064a',
  source: 'https://github.com/Lyken17/pytorch-OpCounter',
  rules: rulesFor({
    conv: { count: 'macs', says: 'multiply-accumulates, no bias', where: 'vision/basic_hooks.py, count_convNd' },
    convtranspose: {
      count: 'macs // input_positions * positions',
      says: 'multiply-accumulates at output positions, no bias',
      where: 'vision/basic_hooks.py, count_convNd',
      bug: 'It is counted at output positions, and so too high by the stride squared.',
      bugIf: 'stride > 1',
    },
    linear: {
      count: 'macs if module else 0',
      says: 'multiply-accumulates of modules, no bias',
      where: 'vision/basic_hooks.py, count_linear',
    },
    matmul: NOTHING,
    ...each(NOTHING, 'einsum', 'dynamicconv', 'deformconv'),
    recurrent: thopRecurrent,
    attention: {
      count: '0',
      where: 'profile.py, register_hooks',
      bug: 'nn.MultiheadAttention has no hook: neither it nor its parameters are counted.',
    },
    sdpa: NOTHING,

    ...each(norm, 'batchnorm', 'layernorm', 'instancenorm'),
    groupnorm: NOTHING,
    rmsnorm: NOTHING,
    l2norm: NOTHING,

    relu: NOTHING,
    prelu: { count: 'i if module else 0', says: '1 per element', where: 'vision/basic_hooks.py, count_prelu' },
    ...each(NOTHING, 'relu6', 'leakyrelu', 'elu', 'gelu', 'silu', 'sigmoid', 'tanh', 'hardsigmoid', 'hardswish'),
    softmax: {
      count: '3 * i - i // length if module else 0',
      says: '3 per element, one less per vector',
      where: 'vision/calc_func.py, calculate_softmax',
    },

    ...each(NOTHING, 'maxpool', 'globalmaxpool', 'adaptivemaxpool'),
    avgpool: { count: 'o if module else 0', says: '1 per output element', where: 'vision/basic_hooks.py, count_avgpool' },
    ...each(adaptive, 'globalavgpool', 'adaptiveavgpool'),

    ...each(NOTHING, 'add', 'multiply', 'arithmetic'),
    ...uncounted,
    upsample: {
      count: '0 if not module else o if nearest else 259 * o if cubic else 11 * o if axes == 2 else 5 * o if axes == 1 else 0',
      says: '1 per output element, linear 5, bilinear 11, bicubic 259',
      where: 'vision/calc_func.py, calculate_upsample',
    },
    ...movers,
  }),
};
