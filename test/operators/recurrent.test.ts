import { answers, refuses } from './helpers.ts';

answers('recurrent', [
  {
    what: 'an LSTM: four gates of two matrices, and what it makes of them',
    attributes: { cell: 'lstm', hidden: 3 },
    inputs: [[2, 5, 4]],
    outputs: [
      [2, 5, 1, 3],
      [2, 1, 3],
      [2, 1, 3],
    ],
    weights: { matrix: [1, 12, 4], recurrent: [1, 12, 3], bias: [1, 24] },
    parameters: 12 * 4 + 12 * 3 + 24,
    macs: 10 * 12 * 7,
    formula: '2×5×1×3×4×4 + 2×5×1×3×4×3',
    activations: 10 * 12 + 10 * 3,
    // Of 30 units: 12 · 7 MACs in 10 steps; biases 8 adds; three sigmoids; f·c + i·c̃ and o·tanh c.
    operations: { multiply: 840 + 90, add: 840 + 240 + 90 + 30, subtract: 90, divide: 90, exp: 90, tanh: 60 },
  },
  {
    what: 'a GRU in both directions, without biases, its reset after the product',
    attributes: { cell: 'gru', hidden: 2, both: true, bias: false, resetafter: true },
    inputs: [[1, 3, 4]],
    outputs: [
      [1, 3, 2, 2],
      [1, 2, 2],
    ],
    weights: { matrix: [2, 6, 4], recurrent: [2, 6, 2] },
    parameters: 48 + 24,
    macs: 3 * 2 * 6 * 6,
    formula: '1×3×2×2×3×4 + 1×3×2×2×3×2',
    activations: 36 + 12,
    // Of 12 units: two sigmoids, tanh, r·(…), its sum, (1 − z)·h̃ + z·h.
    operations: { multiply: 216 + 36, add: 216 + 24 + 12 + 12, subtract: 24 + 12, divide: 24, exp: 24, tanh: 12 },
  },
  {
    what: 'a plain cell, steps first',
    attributes: { cell: 'rnn', hidden: 2, batchfirst: false },
    inputs: [
      [3, 1, 4],
      [1, 1, 2],
    ],
    outputs: [
      [3, 1, 1, 2],
      [1, 1, 2],
    ],
    weights: { matrix: [1, 2, 4], recurrent: [1, 2, 2], bias: [1, 4] },
    parameters: 8 + 4 + 4,
    macs: 3 * 2 * 6,
    formula: '1×3×1×2×1×4 + 1×3×1×2×1×2',
    activations: 12,
    operations: { multiply: 36, add: 36 + 12, tanh: 6 },
  },
]);

refuses('recurrent', [
  { what: 'an image', attributes: { cell: 'rnn', hidden: 2 }, inputs: [[1, 3, 8, 8]], code: 'WRONG_RANK', says: 'steps and features' },
  {
    what: 'peepholes of a GRU',
    attributes: { cell: 'gru', hidden: 2, peepholes: true },
    inputs: [[1, 3, 4]],
    code: 'CONTRADICTION',
    blames: 'peepholes',
    says: 'peepholes',
  },
]);
