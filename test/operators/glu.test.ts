import { answers, refuses } from './helpers.ts';

answers('glu', [
  {
    what: 'four channels become two: a · 1 / (1 + exp(0 − b)) for each',
    inputs: [[1, 4]],
    outputs: [[1, 2]],
    operations: { multiply: 2, add: 2, subtract: 2, divide: 2, exp: 2 },
  },
  {
    what: 'the last axis of a sequence, as in the convolution module of a Conformer',
    attributes: { axis: -1 },
    inputs: [[2, 10, 512]],
    outputs: [[2, 10, 256]],
    operations: { multiply: 5120, add: 5120, subtract: 5120, divide: 5120, exp: 5120 },
  },
  {
    what: 'channels of images',
    inputs: [[3, 6, 2, 2]],
    outputs: [[3, 3, 2, 2]],
    operations: { multiply: 36, add: 36, subtract: 36, divide: 36, exp: 36 },
  },
]);

refuses('glu', [
  {
    what: 'an axis without halves',
    attributes: { axis: 2 },
    inputs: [[1, 4, 3]],
    code: 'DOES_NOT_DIVIDE',
    blames: 'axis',
    says: '3 elements of axis 2 cannot be split into 2 halves',
  },
  {
    what: 'an axis that is not there',
    attributes: { axis: 3 },
    inputs: [[1, 4, 3]],
    code: 'AXIS_OUT_OF_RANGE',
    blames: 'axis',
    says: 'axis 3',
  },
]);
