import { answers, refuses } from './helpers.ts';

answers('upsample', [
  { what: 'nearest only copies', attributes: { scale: 2 }, inputs: [[1, 3, 4, 5]], outputs: [[1, 3, 8, 10]] },
  {
    what: 'bilinear: four neighbours',
    attributes: { scale: 2, mode: 'linear' },
    inputs: [[1, 3, 4, 4]],
    outputs: [[1, 3, 8, 8]],
    operations: { multiply: 768, add: 768 },
  },
  {
    what: 'linear along one axis',
    attributes: { size: 7, mode: 'linear' },
    inputs: [[1, 2, 3]],
    outputs: [[1, 2, 7]],
    operations: { multiply: 28, add: 28 },
  },
  {
    what: 'trilinear: eight neighbours',
    attributes: { scale: [1, 2, 2], mode: 'linear' },
    inputs: [[1, 1, 2, 1, 1]],
    outputs: [[1, 1, 2, 2, 2]],
    operations: { multiply: 64, add: 64 },
  },
  {
    what: 'bicubic: sixteen',
    attributes: { size: [3, 2], mode: 'cubic' },
    inputs: [[1, 1, 2, 2]],
    outputs: [[1, 1, 3, 2]],
    operations: { multiply: 96, add: 96 },
  },
  { what: 'a scale with a fraction rounds down', attributes: { scale: 1.5 }, inputs: [[1, 1, 5]], outputs: [[1, 1, 7]] },
]);

refuses('upsample', [
  { what: 'a vector', attributes: { scale: 2 }, inputs: [[1, 4]], code: 'WRONG_RANK', says: 'one to three spatial axes' },
  { what: 'neither scale nor size', inputs: [[1, 1, 4]], code: 'CONTRADICTION', says: 'upsample needs either "scale" or "size"' },
  {
    what: 'both',
    attributes: { scale: 2, size: 8 },
    inputs: [[1, 1, 4]],
    code: 'CONTRADICTION',
    blames: 'scale',
    says: 'Give one of the two.',
  },
  {
    what: 'a scale that leaves nothing',
    attributes: { scale: 0.1 },
    inputs: [[1, 1, 4]],
    code: 'CONTRADICTION',
    blames: 'scale',
    says: 'A scale of 0.1 leaves nothing of 4',
  },
  {
    what: 'two scales for one axis',
    attributes: { scale: [2, 2] },
    inputs: [[1, 1, 4]],
    code: 'WRONG_AXIS_COUNT',
    blames: 'scale',
    says: '"scale" has 2 values',
  },
  {
    what: 'two sizes for one axis',
    attributes: { size: [2, 2] },
    inputs: [[1, 1, 4]],
    code: 'WRONG_AXIS_COUNT',
    blames: 'size',
    says: '"size" has 2 values',
  },
]);
