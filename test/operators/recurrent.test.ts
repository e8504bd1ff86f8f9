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
  {
    // torch.nn.LSTM(10, 20, num_layers=2, bidirectional=True, proj_size=5): weight_ih 80×10, weight_hh 80×5, weight_hr 5×20 and two
    // biases of 80 for each direction, and the same in the second layer, which gets 2 · 5 features.
    what: 'two layers of an LSTM in both directions, projected',
    attributes: { cell: 'lstm', hidden: 20, layers: 2, both: true, projection: 5 },
    inputs: [[1, 7, 10]],
    outputs: [
      [1, 7, 2, 5],
      [1, 4, 5],
      [1, 4, 20],
    ],
    weights: {
      matrix: [2, 80, 10],
      recurrent: [2, 80, 5],
      bias: [2, 160],
      projection: [2, 5, 20],
      'layer2 matrix': [2, 80, 10],
      'layer2 recurrent': [2, 80, 5],
      'layer2 bias': [2, 160],
      'layer2 projection': [2, 5, 20],
    },
    parameters: 4 * (800 + 400 + 100 + 160),
    macs: 2 * 14 * (80 * 15 + 100),
    formula: ['1×7×2×20×4×10 + 1×7×2×20×4×5 + 1×7×2×20×5', '1×7×2×20×4×10 + 1×7×2×20×4×5 + 1×7×2×20×5'].join(' + '),
    activations: 2 * 14 * (80 + 20 + 5),
    // Of 560 units: biases 8 adds; three sigmoids; f·c + i·c̃ and o·tanh c. A projection has nothing beside its products.
    operations: { multiply: 36400 + 1680, add: 36400 + 4480 + 1680 + 560, subtract: 1680, divide: 1680, exp: 1680, tanh: 1120 },
  },
  {
    // torch.nn.GRU(3, 4, num_layers=3, batch_first=False): 12×3, 12×4 and 24, then twice 12×4, 12×4 and 24.
    what: 'three layers of a GRU, steps first, with states to start from',
    attributes: { cell: 'gru', hidden: 4, layers: 3, batchfirst: false, resetafter: true },
    inputs: [
      [5, 2, 3],
      [3, 2, 4],
    ],
    outputs: [
      [5, 1, 2, 4],
      [3, 2, 4],
    ],
    weights: {
      matrix: [1, 12, 3],
      recurrent: [1, 12, 4],
      bias: [1, 24],
      'layer2 matrix': [1, 12, 4],
      'layer2 recurrent': [1, 12, 4],
      'layer2 bias': [1, 24],
      'layer3 matrix': [1, 12, 4],
      'layer3 recurrent': [1, 12, 4],
      'layer3 bias': [1, 24],
    },
    parameters: 36 + 48 + 24 + 2 * (48 + 48 + 24),
    macs: 10 * 12 * (7 + 8 + 8),
    formula: '2×5×1×4×3×3 + 2×5×1×4×3×4 + 2×5×1×4×3×4 + 2×5×1×4×3×4 + 2×5×1×4×3×4 + 2×5×1×4×3×4',
    activations: 3 * 10 * (12 + 4),
    // Of 120 units: 6 adds of biases; two sigmoids, tanh, r·(…), its sum, (1 − z)·h̃ + z·h.
    operations: { multiply: 2760 + 360, add: 2760 + 720 + 360 + 120, subtract: 360, divide: 240, exp: 240, tanh: 120 },
  },
  {
    // Worked out from the equations of Sak et al. 2014, arXiv:1402.1128, without biases.
    what: 'the LSTMP of Sak et al.: 1024 cells with peepholes, projected to 256',
    attributes: { cell: 'lstm', hidden: 1024, projection: 256, bias: false, peepholes: true },
    inputs: [[1, 1, 40]],
    outputs: [
      [1, 1, 1, 256],
      [1, 1, 256],
      [1, 1, 1024],
    ],
    weights: { matrix: [1, 4096, 40], recurrent: [1, 4096, 256], peepholes: [1, 3072], projection: [1, 256, 1024] },
    parameters: 4 * 1024 * 256 + 4 * 40 * 1024 + 1024 * 256 + 3 * 1024,
    macs: 4 * 1024 * 256 + 4 * 40 * 1024 + 1024 * 256,
    formula: '1×1×1×1024×4×40 + 1×1×1×1024×4×256 + 1×1×1×1024×256',
    activations: 4096 + 1024 + 256,
    operations: {
      multiply: 1474560 + 6 * 1024,
      add: 1474560 + 7 * 1024,
      subtract: 3072,
      divide: 3072,
      exp: 3072,
      tanh: 2048,
    },
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
  {
    what: 'a projection of a GRU',
    attributes: { cell: 'gru', hidden: 2, projection: 1 },
    inputs: [[1, 3, 4]],
    code: 'CONTRADICTION',
    blames: 'projection',
    says: 'Only a lstm has "projection"',
  },
  {
    what: 'states to start from that do not fit its layers',
    attributes: { cell: 'lstm', hidden: 4, projection: 2, layers: 2 },
    inputs: [
      [1, 3, 4],
      [1, 2, 4],
    ],
    code: 'SHAPES_DO_NOT_FIT',
    says: 'states to start from must be 1×2×2',
  },
]);
