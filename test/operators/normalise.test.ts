import { answers, refuses } from './helpers.ts';

answers('batchnorm', [
  {
    what: 'after the first layer of ResNet',
    inputs: [[1, 64, 112, 112]],
    outputs: [[1, 64, 112, 112]],
    weights: { scale: [64], shift: [64], mean: [64], variance: [64] },
    parameters: 128,
    operations: { multiply: 802816, add: 802816 },
  },
  {
    what: 'features, not affine: running statistics are no parameters',
    attributes: { affine: false },
    inputs: [[2, 10]],
    outputs: [[2, 10]],
    weights: { mean: [10], variance: [10] },
    operations: { multiply: 20, add: 20 },
  },
]);

answers('layernorm', [
  {
    what: 'one vector: each step by hand',
    inputs: [[1, 4]],
    outputs: [[1, 4]],
    weights: { scale: [4], shift: [4] },
    parameters: 8,
    // Sum 4, mean 1 divide; subtract 4, square 4, sum 4, variance 1 divide; epsilon 1 add, sqrt 1, reciprocal 1 divide;
    // normalise 4, scale 4, shift 4.
    operations: { multiply: 12, add: 13, subtract: 4, divide: 3, sqrt: 1 },
  },
  {
    what: 'the tokens of ViT-B/16',
    inputs: [[1, 197, 768]],
    outputs: [[1, 197, 768]],
    weights: { scale: [768], shift: [768] },
    parameters: 1536,
    operations: { multiply: 453888, add: 453888 + 197, subtract: 151296, divide: 591, sqrt: 197 },
  },
  {
    what: 'over the channels of an image, as ConvNeXt does',
    attributes: { axis: 1 },
    inputs: [[1, 96, 2, 3]],
    outputs: [[1, 96, 2, 3]],
    weights: { scale: [96], shift: [96] },
    parameters: 192,
    operations: { multiply: 1728, add: 1734, subtract: 576, divide: 18, sqrt: 6 },
  },
  {
    what: 'over several axes, not affine',
    attributes: { axis: [-2, -1], affine: false },
    inputs: [[2, 3, 4, 5]],
    outputs: [[2, 3, 4, 5]],
    operations: { multiply: 240, add: 246, subtract: 120, divide: 18, sqrt: 6 },
  },
  {
    what: 'over several axes, one scale and shift per element of them',
    attributes: { axis: [1, 2] },
    inputs: [[2, 3, 4]],
    outputs: [[2, 3, 4]],
    weights: { scale: [3, 4], shift: [3, 4] },
    parameters: 24,
    operations: { multiply: 72, add: 74, subtract: 24, divide: 6, sqrt: 2 },
  },
]);

answers('groupnorm', [
  {
    what: 'two groups',
    attributes: { groups: 2 },
    inputs: [[1, 6, 2, 2]],
    outputs: [[1, 6, 2, 2]],
    weights: { scale: [6], shift: [6] },
    parameters: 12,
    operations: { multiply: 72, add: 74, subtract: 24, divide: 6, sqrt: 2 },
  },
  {
    what: 'features, not affine',
    attributes: { groups: 3, affine: false },
    inputs: [[2, 6]],
    outputs: [[2, 6]],
    operations: { multiply: 24, add: 30, subtract: 12, divide: 18, sqrt: 6 },
  },
]);

answers('instancenorm', [
  {
    what: 'an image, by default not affine',
    inputs: [[1, 3, 2, 2]],
    outputs: [[1, 3, 2, 2]],
    operations: { multiply: 24, add: 27, subtract: 12, divide: 9, sqrt: 3 },
  },
  {
    what: 'a signal, affine',
    attributes: { affine: true },
    inputs: [[1, 3, 5]],
    outputs: [[1, 3, 5]],
    weights: { scale: [3], shift: [3] },
    parameters: 6,
    operations: { multiply: 45, add: 48, subtract: 15, divide: 9, sqrt: 3 },
  },
]);

answers('l2norm', [
  {
    what: 'two vectors of three',
    inputs: [[2, 3]],
    outputs: [[2, 3]],
    operations: { multiply: 6, add: 6, divide: 6, sqrt: 2, compare: 2 },
  },
  {
    what: 'along the channels',
    attributes: { axis: 1 },
    inputs: [[1, 3, 2, 2]],
    outputs: [[1, 3, 2, 2]],
    operations: { multiply: 12, add: 12, divide: 12, sqrt: 4, compare: 4 },
  },
]);

refuses('batchnorm', [{ what: 'no channels', inputs: [[4]], code: 'WRONG_RANK', says: 'batchnorm needs a batch and channels' }]);

refuses('layernorm', [
  { what: 'the batch', attributes: { axis: 0 }, inputs: [[2, 3]], code: 'CONTRADICTION', blames: 'axis', says: 'cannot go over axis 0' },
  {
    what: 'the batch, counted from the end',
    attributes: { axis: -2 },
    inputs: [[2, 3]],
    code: 'CONTRADICTION',
    blames: 'axis',
    says: 'axis 0',
  },
  { what: 'a batch alone', inputs: [[2]], code: 'CONTRADICTION', blames: 'axis', says: 'axis 0' },
  {
    what: 'an axis that is not there',
    attributes: { axis: [1, 4] },
    inputs: [[1, 2, 3]],
    code: 'AXIS_OUT_OF_RANGE',
    blames: 'axis',
    says: 'no axis 4',
  },
  {
    what: 'an axis twice',
    attributes: { axis: [2, -1] },
    inputs: [[1, 2, 3]],
    code: 'CONTRADICTION',
    blames: 'axis',
    says: 'an axis twice',
  },
]);

refuses('groupnorm', [
  { what: 'no channels', attributes: { groups: 1 }, inputs: [[4]], code: 'WRONG_RANK', says: 'a batch and channels' },
  {
    what: 'groups that do not divide',
    attributes: { groups: 4 },
    inputs: [[1, 6, 2, 2]],
    code: 'DOES_NOT_DIVIDE',
    blames: 'groups',
    says: '6 channels cannot be split into 4 groups',
  },
]);

refuses('instancenorm', [{ what: 'a vector', inputs: [[1, 4]], code: 'WRONG_RANK', says: 'one to three spatial axes' }]);

refuses('l2norm', [
  {
    what: 'an axis that is not there',
    attributes: { axis: 2 },
    inputs: [[1, 2]],
    code: 'AXIS_OUT_OF_RANGE',
    blames: 'axis',
    says: 'no axis 2',
  },
]);
