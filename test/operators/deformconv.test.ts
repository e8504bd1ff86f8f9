import { answers, refuses } from './helpers.ts';

answers('deformconv', [
  {
    // Samples at 64 · 9 points: an add of the offset and of a floor, three subtracts for each coordinate; four shares; four neighbours.
    what: 'one of 3×3 over an image of 8×8',
    attributes: { out: 32, kernel: 3, padding: 1 },
    inputs: [
      [1, 16, 8, 8],
      [1, 18, 8, 8],
    ],
    outputs: [[1, 32, 8, 8]],
    weights: { kernel: [32, 16, 3, 3], bias: [32] },
    parameters: 32 * 16 * 9 + 32,
    macs: 64 * 32 * 16 * 9,
    formula: '1×3×3×16×8×8×32',
    activations: 2048,
    operations: {
      multiply: 294912 + 576 * 4 + 576 * 16 * 4,
      add: 294912 + 2048 + 2 * 576 * 2 + 576 * 16 * 4,
      subtract: 3 * 576 * 2,
    },
  },
  {
    what: 'two groups, four of offsets, a mask, no bias',
    attributes: { out: 4, kernel: [1, 2], stride: 2, groups: 2, offsetgroups: 4, bias: false },
    inputs: [
      [3, 8, 4, 4],
      [3, 16, 2, 2],
      [3, 8, 2, 2],
    ],
    outputs: [[3, 4, 2, 2]],
    weights: { kernel: [4, 4, 1, 2] },
    parameters: 32,
    macs: 3 * 4 * 4 * 8,
    formula: '3×1×2×4×2×2×4',
    activations: 48,
    // 96 points for two channels each: 192 samples, of four neighbours, and masks.
    operations: { multiply: 384 + 96 * 4 + 192 * 4 + 192, add: 384 + 2 * 192 + 192 * 4, subtract: 3 * 192 },
  },
]);

refuses('deformconv', [
  {
    what: 'a volume',
    attributes: { out: 2, kernel: 1 },
    inputs: [
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 5],
    ],
    code: 'WRONG_RANK',
    says: 'height and width',
  },
  {
    what: 'offsets of another kernel',
    attributes: { out: 2, kernel: 3 },
    inputs: [
      [1, 2, 8, 8],
      [1, 8, 6, 6],
    ],
    code: 'SHAPES_DO_NOT_FIT',
    says: 'the offsets must be 1×18×6×6',
  },
  {
    what: 'a mask of other positions',
    attributes: { out: 2, kernel: 3 },
    inputs: [
      [1, 2, 8, 8],
      [1, 18, 6, 6],
      [1, 9, 8, 8],
    ],
    code: 'SHAPES_DO_NOT_FIT',
    says: 'the mask must be 1×9×6×6',
  },
  {
    what: 'more groups of offsets than divide the channels',
    attributes: { out: 2, kernel: 1, offsetgroups: 3 },
    inputs: [
      [1, 4, 8, 8],
      [1, 6, 8, 8],
    ],
    code: 'DOES_NOT_DIVIDE',
    blames: 'offsetgroups',
    says: '4 input channels',
  },
]);
