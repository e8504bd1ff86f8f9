import { answers, refuses } from './helpers.ts';

answers('parameter', [
  {
    what: 'the class token of ViT, one for each of the batch',
    attributes: { shape: [1, 768] },
    inputs: [[8, 196, 768]],
    outputs: [[8, 1, 768]],
    weights: { value: [1, 768] },
    parameters: 768,
  },
  {
    what: 'not expanded',
    attributes: { shape: [96, 1, 1], expand: false },
    inputs: [[8, 96, 7, 7]],
    outputs: [[1, 96, 1, 1]],
    weights: { value: [96, 1, 1] },
    parameters: 96,
  },
]);

answers('constant', [
  { what: 'a mask', attributes: { shape: [64, 1, 49, 49], expand: false }, inputs: [[2, 3]], outputs: [[1, 64, 1, 49, 49]] },
  { what: 'one for each of the batch', attributes: { shape: [5] }, inputs: [[2, 3]], outputs: [[2, 5]] },
]);

answers('relativeposition', [
  {
    what: 'the windows of Swin-T',
    attributes: { window: 7, heads: 3 },
    inputs: [[64, 49, 96]],
    outputs: [[1, 3, 49, 49]],
    weights: { table: [169, 3] },
    parameters: 507,
  },
  {
    what: 'a window that is not square',
    attributes: { window: [2, 3], heads: 1 },
    inputs: [[1, 1]],
    outputs: [[1, 1, 6, 6]],
    weights: { table: [15, 1] },
    parameters: 15,
  },
  {
    what: 'a table that is computed, as in Swin V2',
    attributes: { window: 8, heads: 3, table: 'input' },
    inputs: [[1, 15, 15, 3]],
    outputs: [[1, 3, 64, 64]],
  },
]);

refuses('relativeposition', [
  {
    what: 'a table of another size',
    attributes: { window: 7, heads: 3, table: 'input' },
    inputs: [[1, 15, 15, 3]],
    code: 'WRONG_RANK',
    blames: 'table',
    says: 'a table [n, 13, 13, 3], but its input is 1×15×15×3',
  },
  {
    what: 'three sizes of a window',
    attributes: { window: [7, 7, 7], heads: 3 },
    inputs: [[1, 1]],
    code: 'WRONG_AXIS_COUNT',
    blames: 'window',
    says: '"window" has 3 values',
  },
]);
