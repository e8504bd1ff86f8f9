import { answers, refuses } from './helpers.ts';

answers('fft', [
  {
    // Lee-Thorp et al. 2021, arXiv:2105.03824, table 1: FNet (mat) has n²·d + n·d² operations in a layer, here of complex numbers.
    what: 'the mixing of FNet-Base: width, then tokens, of which the real part',
    attributes: { axes: [1, 2], gives: 'real' },
    inputs: [[1, 512, 768]],
    outputs: [[1, 512, 768]],
    macs: 2 * 512 * 768 * 768 + 2 * 512 * 512 * 768,
    formula: '1×512×768×768×2 + 1×512×768×512×2',
    activations: 3 * 512 * 768,
    operations: { multiply: 2 * 512 * 768 * 1280, add: 2 * 512 * 768 * 1280 },
  },
  {
    what: 'the filter of GFNet: half of the width, then the height of what is left',
    attributes: { axes: [1, 2], onesided: true, norm: 'ortho' },
    inputs: [[1, 14, 14, 384]],
    outputs: [[1, 14, 8, 384, 2]],
    macs: 14 * 8 * 384 * 14 * 2 + 14 * 8 * 384 * 14 * 4,
    formula: '1×14×8×384×14×2 + 1×14×8×384×14×4',
    activations: 2 * 14 * 8 * 384 * 2,
    operations: { multiply: 14 * 8 * 384 * 14 * 6, add: 14 * 8 * 384 * 14 * 6 },
  },
  {
    what: 'and its inverse: height, then width from eight bins',
    attributes: { axes: [1, 2], inverse: true, onesided: true },
    inputs: [[1, 14, 8, 384, 2]],
    outputs: [[1, 14, 14, 384]],
    macs: 14 * 8 * 384 * 14 * 4 + 14 * 14 * 384 * 8 * 2,
    formula: '1×14×8×384×14×4 + 1×14×14×384×8×2',
    activations: 14 * 8 * 384 * 2 + 14 * 14 * 384,
    operations: { multiply: 14 * 8 * 384 * 14 * 6, add: 14 * 8 * 384 * 14 * 6 },
  },
]);

refuses('fft', [
  {
    what: 'complex numbers that are no pairs',
    attributes: { takes: 'complex' },
    inputs: [[1, 4, 3]],
    code: 'SHAPES_DO_NOT_FIT',
    says: 'last axis of two',
  },
  {
    what: 'half a spectrum of complex numbers',
    attributes: { takes: 'complex', onesided: true },
    inputs: [[1, 4, 2]],
    code: 'CONTRADICTION',
    blames: 'takes',
    says: 'A one-sided spectrum is one of real numbers',
  },
  {
    what: 'an axis that is not there',
    attributes: { axes: 2 },
    inputs: [[1, 4]],
    code: 'AXIS_OUT_OF_RANGE',
    blames: 'axes',
    says: 'axis 2',
  },
  {
    what: 'the inverse of one bin',
    attributes: { inverse: true, onesided: true },
    inputs: [[1, 1, 2]],
    code: 'CONTRADICTION',
    blames: 'length',
    says: 'State "length"',
  },
]);
