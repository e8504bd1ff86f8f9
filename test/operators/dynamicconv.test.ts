import { answers, refuses } from './helpers.ts';

answers('dynamicconv', [
  {
    // Bertinetto et al. 2016, arXiv:1606.09549, figure 1: 6·6·128 of the exemplar on 22·22·128 of the search image make 17·17 scores.
    what: 'the cross-correlation of SiamFC',
    inputs: [
      [1, 128, 22, 22],
      [1, 1, 128, 6, 6],
    ],
    outputs: [[1, 1, 17, 17]],
    macs: 17 * 17 * 36 * 128,
    formula: '1×6×6×128×17×17×1',
    activations: 289,
    operations: { multiply: 17 * 17 * 36 * 128, add: 17 * 17 * 36 * 128 },
  },
  {
    what: 'channel by channel, as in SiamRPN++, two pairs at once',
    attributes: { groups: 256 },
    inputs: [
      [2, 256, 29, 29],
      [2, 256, 1, 5, 5],
    ],
    outputs: [[2, 256, 25, 25]],
    macs: 2 * 256 * 625 * 25,
    formula: '2×5×5×1×25×25×256',
    activations: 2 * 256 * 625,
    operations: { multiply: 2 * 256 * 625 * 25, add: 2 * 256 * 625 * 25 },
  },
  {
    what: 'one kernel for all, with a bias',
    attributes: { padding: 1, stride: 2 },
    inputs: [[3, 4, 8], [6, 4, 3], [6]],
    outputs: [[3, 6, 4]],
    macs: 3 * 6 * 4 * 12,
    formula: '3×3×4×4×6',
    activations: 72,
    operations: { multiply: 864, add: 864 + 72 },
  },
]);

refuses('dynamicconv', [
  {
    what: 'a kernel for other channels',
    inputs: [
      [1, 4, 8, 8],
      [2, 3, 3, 3],
    ],
    code: 'SHAPES_DO_NOT_FIT',
    says: 'is for 3 input channels in 1 groups, not for 4',
  },
  {
    what: 'kernels of another batch',
    inputs: [
      [2, 4, 8, 8],
      [1, 2, 4, 3, 3],
    ],
    code: 'SHAPES_DO_NOT_FIT',
    says: 'or [2, out, channels / groups, …]',
  },
  { what: 'a bias of other channels', inputs: [[2, 4, 8], [2, 4, 3], [4]], code: 'SHAPES_DO_NOT_FIT', says: 'the bias must be [2]' },
]);
