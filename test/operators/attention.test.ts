import { answers, refuses } from './helpers.ts';

const L = 197;
const D = 768;
const HEADS = 12;
const PROJECTIONS = 4 * L * D * D;
const SCORES = HEADS * L * L;
const PRODUCTS = 2 * L * L * D;

answers('attention', [
  {
    what: 'ViT-B/16 attends to itself',
    attributes: { heads: HEADS },
    inputs: [[1, L, D]],
    outputs: [[1, L, D]],
    weights: { in: [3 * D, D], 'in bias': [3 * D], out: [D, D], 'out bias': [D] },
    parameters: 2362368,
    macs: PROJECTIONS + PRODUCTS,
    formula: '1×197×768×3×768 + 1×12×197×64×197 + 1×12×197×197×64 + 1×197×768×768',
    activations: 3 * L * D + SCORES + L * D + L * D,
    operations: {
      multiply: PROJECTIONS + PRODUCTS + SCORES,
      add: PROJECTIONS + PRODUCTS + SCORES + 4 * L * D,
      subtract: SCORES,
      divide: SCORES,
      compare: SCORES,
      exp: SCORES,
    },
  },
  {
    what: 'two positions, one head, no bias: small enough to add up by hand',
    attributes: { heads: 1, bias: false },
    inputs: [[1, 2, 3]],
    outputs: [[1, 2, 3]],
    weights: { in: [9, 3], out: [3, 3] },
    parameters: 36,
    macs: 54 + 12 + 12 + 18,
    formula: '1×2×3×3×3 + 1×1×2×3×2 + 1×1×2×2×3 + 1×2×3×3',
    activations: 18 + 4 + 6 + 6,
    operations: { multiply: 96 + 4, add: 96 + 4, subtract: 4, divide: 4, compare: 4, exp: 4 },
  },
  {
    what: 'an inner width of its own',
    attributes: { heads: 2, dim: 8, bias: false },
    inputs: [[1, 2, 3]],
    outputs: [[1, 2, 3]],
    weights: { in: [24, 3], out: [3, 8] },
    parameters: 96,
    macs: 144 + 32 + 32 + 48,
    formula: '1×2×3×3×8 + 1×2×2×4×2 + 1×2×2×2×4 + 1×2×8×3',
    activations: 48 + 8 + 16 + 6,
    operations: { multiply: 256 + 8, add: 256 + 8, subtract: 8, divide: 8, compare: 8, exp: 8 },
  },
  {
    what: 'query, key and value of different widths',
    attributes: { heads: 2 },
    inputs: [
      [1, 2, 4],
      [1, 3, 5],
      [1, 3, 6],
    ],
    outputs: [[1, 2, 4]],
    weights: {
      query: [4, 4],
      'query bias': [4],
      key: [4, 5],
      'key bias': [4],
      value: [4, 6],
      'value bias': [4],
      out: [4, 4],
      'out bias': [4],
    },
    parameters: 16 + 20 + 24 + 16 + 16,
    macs: 32 + 60 + 72 + 24 + 24 + 32,
    formula: '1×2×4×4 + 1×3×5×4 + 1×3×6×4 + 1×2×2×2×3 + 1×2×2×3×2 + 1×2×4×4',
    activations: 8 + 12 + 12 + 12 + 8 + 8,
    operations: { multiply: 244 + 12, add: 244 + 12 + (8 + 12 + 12 + 8), subtract: 12, divide: 12, compare: 12, exp: 12 },
  },
  {
    what: 'two inputs: key and value are the second',
    attributes: { heads: 1, bias: false },
    inputs: [
      [1, 1, 2],
      [1, 3, 2],
    ],
    outputs: [[1, 1, 2]],
    weights: { query: [2, 2], key: [2, 2], value: [2, 2], out: [2, 2] },
    parameters: 16,
    macs: 4 + 12 + 12 + 6 + 6 + 4,
    formula: '1×1×2×2 + 1×3×2×2 + 1×3×2×2 + 1×1×1×2×3 + 1×1×1×3×2 + 1×1×2×2',
    activations: 2 + 6 + 6 + 3 + 2 + 2,
    operations: { multiply: 44 + 3, add: 44 + 3, subtract: 3, divide: 3, compare: 3, exp: 3 },
  },
]);

refuses('attention', [
  { what: 'an image', attributes: { heads: 1 }, inputs: [[1, 2, 3, 4]], code: 'WRONG_RANK', says: '[n, positions, features]' },
  {
    what: 'heads that do not divide the features',
    attributes: { heads: 5 },
    inputs: [[1, 2, 8]],
    code: 'DOES_NOT_DIVIDE',
    blames: 'heads',
    says: '8 features cannot be split into 5 heads',
  },
  {
    what: 'another batch of keys',
    attributes: { heads: 1 },
    inputs: [
      [1, 2, 4],
      [2, 2, 4],
    ],
    code: 'SHAPES_DO_NOT_FIT',
    says: 'the same batch',
  },
  {
    what: 'fewer values than keys',
    attributes: { heads: 1 },
    inputs: [
      [1, 2, 4],
      [1, 3, 4],
      [1, 2, 4],
    ],
    code: 'SHAPES_DO_NOT_FIT',
    says: 'the same number of positions',
  },
  {
    what: 'four inputs',
    attributes: { heads: 1 },
    inputs: [
      [1, 2, 4],
      [1, 2, 4],
      [1, 2, 4],
      [1, 2, 4],
    ],
    code: 'WRONG_INPUT_COUNT',
    says: 'attention takes 1 to 3 inputs, but gets 4',
  },
]);
