import { answers, refuses } from './helpers.ts';

answers('linear', [
  {
    what: 'the classifier of ResNet-50',
    attributes: { out: 1000 },
    inputs: [[1, 2048]],
    outputs: [[1, 1000]],
    weights: { matrix: [1000, 2048], bias: [1000] },
    parameters: 2049000,
    macs: 2048000,
    formula: '1×2048×1000',
    activations: 1000,
    operations: { multiply: 2048000, add: 2049000 },
  },
  {
    what: 'the tokens of ViT-B/16, without bias',
    attributes: { out: 3072, bias: false },
    inputs: [[2, 197, 768]],
    outputs: [[2, 197, 3072]],
    weights: { matrix: [3072, 768] },
    parameters: 2359296,
    macs: 2 * 464781312,
    formula: '2×197×768×3072',
    activations: 2 * 197 * 3072,
    operations: { multiply: 2 * 464781312, add: 2 * 464781312 },
  },
  {
    what: 'the last axis of an image with its channels last',
    attributes: { out: 5 },
    inputs: [[1, 2, 3, 4]],
    outputs: [[1, 2, 3, 5]],
    weights: { matrix: [5, 4], bias: [5] },
    parameters: 25,
    macs: 120,
    formula: '1×2×3×4×5',
    activations: 30,
    operations: { multiply: 120, add: 150 },
  },
]);

refuses('linear', [{ what: 'a batch alone', attributes: { out: 1 }, inputs: [[4]], code: 'WRONG_RANK', says: 'a batch and features' }]);
