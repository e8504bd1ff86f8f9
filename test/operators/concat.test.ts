import { answers, refuses } from './helpers.ts';

answers('concat', [
  {
    what: 'the branches of an inception module',
    inputs: [
      [1, 64, 28, 28],
      [1, 128, 28, 28],
      [1, 32, 28, 28],
      [1, 32, 28, 28],
    ],
    outputs: [[1, 256, 28, 28]],
  },
  {
    what: 'along the last axis',
    attributes: { axis: -1 },
    inputs: [
      [1, 2, 3],
      [1, 2, 4],
    ],
    outputs: [[1, 2, 7]],
  },
]);

refuses('concat', [
  { what: 'a single input', inputs: [[1, 2]], code: 'WRONG_INPUT_COUNT', says: 'concat takes 2 inputs or more' },
  {
    what: 'images of different sizes',
    inputs: [
      [1, 64, 28, 28],
      [1, 64, 14, 14],
    ],
    code: 'SHAPES_DO_NOT_FIT',
    says: 'all axes but axis 1 must be equal',
  },
  {
    what: 'different ranks',
    inputs: [
      [1, 2],
      [1, 2, 1],
    ],
    code: 'SHAPES_DO_NOT_FIT',
    says: '1×2 and 1×2×1',
  },
  {
    what: 'sizes of 1, since nothing broadcasts',
    inputs: [
      [1, 2, 3],
      [1, 2, 1],
    ],
    code: 'SHAPES_DO_NOT_FIT',
    says: '1×2×3 and 1×2×1',
  },
  {
    what: 'an axis that is not there',
    attributes: { axis: 2 },
    inputs: [
      [1, 2],
      [1, 2],
    ],
    code: 'AXIS_OUT_OF_RANGE',
    blames: 'axis',
    says: 'no axis 2',
  },
]);
