import { describe, it } from 'vitest';
import { expectSameEverywhere } from './networks.ts';

// Whole networks at small sizes; the slow suite has one of every family.

describe('exported and run by onnxruntime, every layer of a network gives what the reference kernels give', () => {
  it.each(['resnet18', 'mobilenet_v2', 'shufflenet_v2_x0_5', 'squeezenet1_1'])(
    '%s',
    (model) => expectSameEverywhere(model, { image: [3, 32, 32] }),
    60_000,
  );
});
