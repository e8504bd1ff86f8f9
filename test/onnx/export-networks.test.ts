import { describe, it } from 'vitest';
import { expectSameEverywhere } from './networks.ts';

// Whole networks at small sizes; the slow suite has one of every family.

describe('exported and run by onnxruntime, every layer of a network gives what the reference kernels give', () => {
  it.each([
    ['resnet18', [3, 32, 32]],
    ['mobilenet_v2', [3, 32, 32]],
    ['shufflenet_v2_x0_5', [3, 32, 32]],
    ['squeezenet1_1', [3, 32, 32]],
  ] as const)('%s', (model, input) => expectSameEverywhere(model, input), 60_000);
});
