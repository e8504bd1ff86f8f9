import { answers, refuses } from './helpers.ts';

answers('split', [
  {
    what: 'the halves of a ShuffleNet unit',
    attributes: { parts: 2 },
    inputs: [[1, 116, 28, 28]],
    outputs: [
      [1, 58, 28, 28],
      [1, 58, 28, 28],
    ],
  },
  {
    what: 'given sizes along the last axis',
    attributes: { sizes: [1, 2, 4], axis: -1 },
    inputs: [[2, 7]],
    outputs: [
      [2, 1],
      [2, 2],
      [2, 4],
    ],
  },
  { what: 'one part', attributes: { parts: 1 }, inputs: [[1, 5]], outputs: [[1, 5]] },
]);

refuses('split', [
  {
    what: 'parts that do not divide',
    attributes: { parts: 3 },
    inputs: [[1, 4]],
    code: 'DOES_NOT_DIVIDE',
    blames: 'parts',
    says: '4 elements of axis 1 cannot be split into 3 parts',
  },
  {
    what: 'sizes that do not add up',
    attributes: { sizes: [1, 2] },
    inputs: [[1, 4]],
    code: 'CONTRADICTION',
    blames: 'sizes',
    says: 'The sizes 1, 2 add up to 3, but axis 1 of 1×4 has 4. Make them fit.',
  },
  { what: 'neither parts nor sizes', inputs: [[1, 4]], code: 'CONTRADICTION', says: 'split needs either "parts" or "sizes"' },
  {
    what: 'both',
    attributes: { parts: 2, sizes: [2, 2] },
    inputs: [[1, 4]],
    code: 'CONTRADICTION',
    blames: 'parts',
    says: 'Give one of the two.',
  },
  {
    what: 'an axis that is not there',
    attributes: { parts: 2, axis: 3 },
    inputs: [[1, 4]],
    code: 'AXIS_OUT_OF_RANGE',
    blames: 'axis',
    says: 'no axis 3',
  },
]);
