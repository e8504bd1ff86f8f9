import { answers, refuses } from './helpers.ts';

answers('pixelshuffle', [
  { what: 'the last layers of ESPCN ×3', attributes: { factor: 3 }, inputs: [[1, 27, 224, 224]], outputs: [[1, 3, 672, 672]] },
  { what: 'a line', attributes: { factor: 2 }, inputs: [[4, 6, 5]], outputs: [[4, 3, 10]] },
  { what: 'a volume', attributes: { factor: 2, mode: 'DCR' }, inputs: [[1, 16, 2, 3, 4]], outputs: [[1, 2, 4, 6, 8]] },
]);

answers('pixelunshuffle', [
  { what: 'the focus layer of YOLOv5', attributes: { factor: 2 }, inputs: [[1, 3, 640, 640]], outputs: [[1, 12, 320, 320]] },
  { what: 'a line', attributes: { factor: 5 }, inputs: [[4, 3, 10]], outputs: [[4, 15, 2]] },
]);

refuses('pixelshuffle', [
  {
    what: 'channels that make no whole blocks',
    attributes: { factor: 2 },
    inputs: [[1, 6, 8, 8]],
    code: 'DOES_NOT_DIVIDE',
    blames: 'factor',
    says: '6 channels cannot be split into 4 pixels of each block',
  },
  { what: 'an input without pixels', attributes: { factor: 2 }, inputs: [[1, 4]], code: 'WRONG_RANK', says: 'spatial axes' },
]);

refuses('pixelunshuffle', [
  {
    what: 'a width that is no multiple of the block',
    attributes: { factor: 2 },
    inputs: [[1, 3, 8, 7]],
    code: 'DOES_NOT_DIVIDE',
    blames: 'factor',
    says: '7 pixels of the width cannot be split into 2',
  },
]);
