import { answers, refuses } from './helpers.ts';

answers('unfold', [
  {
    what: 'the first stage of T2T-ViT: 7×7 windows of an image, four pixels apart',
    attributes: { kernel: 7, stride: 4, padding: 2 },
    inputs: [[1, 3, 224, 224]],
    // Yuan et al. 2021, arXiv:2101.11986: 56 · 56 tokens of 147 features.
    outputs: [[1, 147, 3136]],
  },
  { what: 'a volume', attributes: { kernel: [1, 2, 3] }, inputs: [[2, 2, 3, 4, 5]], outputs: [[2, 12, 27]] },
]);

refuses('unfold', [
  { what: 'tokens', attributes: { kernel: 2 }, inputs: [[1, 4]], code: 'WRONG_RANK', says: 'spatial axes' },
  {
    what: 'a window larger than the image',
    attributes: { kernel: 4 },
    inputs: [[1, 1, 3, 9]],
    code: 'WINDOW_TOO_LARGE',
    blames: 'kernel',
    says: 'height',
  },
]);

answers('fold', [
  {
    what: 'back to an image, padding cropped',
    attributes: { size: [56, 56], kernel: 3, padding: 1, stride: 2 },
    inputs: [[2, 18, 784]],
    outputs: [[2, 2, 56, 56]],
    operations: { add: 2 * 18 * 784 },
  },
]);

refuses('fold', [
  {
    what: 'columns of other windows',
    attributes: { size: [4, 4], kernel: 3 },
    inputs: [[1, 10, 4]],
    code: 'DOES_NOT_DIVIDE',
    blames: 'kernel',
    says: '10 elements of a column cannot be split into 9',
  },
  {
    what: 'more positions than there are',
    attributes: { size: [4, 4], kernel: 3 },
    inputs: [[1, 9, 5]],
    code: 'SHAPES_DO_NOT_FIT',
    says: 'this window has 4 positions',
  },
  { what: 'an image', attributes: { size: [4, 4], kernel: 3 }, inputs: [[1, 9, 2, 2]], code: 'WRONG_RANK', says: 'positions' },
]);
