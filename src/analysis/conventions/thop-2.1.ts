import { type Convention, each, MACS, NOTHING, type Rule } from './convention.ts';
import { thop, thopRecurrent } from './thop.ts';

/** Hooks are on classes and those derived from them. */
const ofClass = (count: string): string => `${count} if module or subclass else 0`;

const norm: Rule = {
  count: '0 if not (module or subclass) else 4 * i if affine else 2 * i',
  says: '4 per element, 2 without scale and shift',
  where: 'vision/basic_hooks.py, count_normalization',
};
const adaptive: Rule = {
  count: ofClass('windows + o'),
  says: '1 per input element of each window and per output element',
  where: 'vision/basic_hooks.py, count_adap_avgpool',
};

/** Hooks on modules, by their class and those it derives from. */
export const thopRevived: Convention = {
  name: 'thop-2.1',
  summary: 'thop as Ultralytics keeps it: attention, group norm, pools by their windows, and transposed convolutions mended.',
  unit: MACS,
  version: 'ultralytics-thop 2.1.0',
  source: 'https://github.com/ultralytics/thop',
  rules: {
    ...thop.rules,
    convtranspose: {
      count: ofClass('macs'),
      says: 'multiply-accumulates at input positions, no bias',
      where: 'vision/basic_hooks.py, count_convtNd',
    },
    linear: {
      count: ofClass('macs'),
      says: 'multiply-accumulates of modules, no bias',
      where: 'vision/basic_hooks.py, count_linear',
    },
    recurrent: { ...thopRecurrent, where: 'rnn_hooks.py, count_lstm, count_gru, count_rnn' },
    attention: {
      count: ofClass('macs + 3 * scores - scores // keys'),
      says: 'multiply-accumulates, and a softmax of 3 per score and one less per row',
      where: 'vision/basic_hooks.py, count_multihead_attention',
    },
    ...each(norm, 'batchnorm', 'layernorm', 'groupnorm', 'instancenorm', 'rmsnorm'),
    avgpool: {
      count: ofClass('windows + o'),
      says: '1 per tap of each window and per output element',
      where: 'vision/basic_hooks.py, count_avgpool',
    },
    ...each(adaptive, 'globalavgpool', 'adaptiveavgpool'),
    upsample: {
      count: '0 if nearest or not (module or subclass) else 259 * o if cubic else 31 * o if axes == 3 else 11 * o if axes == 2 else 5 * o',
      says: '1 per output element times 5 linear, 11 bilinear, 31 trilinear, 259 bicubic; nearest nothing',
      where: 'vision/basic_hooks.py, count_upsample',
    },
    prelu: { ...thop.rules.prelu, count: ofClass('i') },
    softmax: { ...thop.rules.softmax, count: ofClass('3 * i - i // length') },
    l2norm: NOTHING,
  },
};
