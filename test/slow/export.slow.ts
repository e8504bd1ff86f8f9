import { describe, it } from 'vitest';
import { openKernels } from '../../src/node/kernels.ts';
import { expectSameEverywhere } from '../onnx/networks.ts';
import { smallModelOfEachFamily } from '../specs/small-models.ts';

const kernels = await openKernels('fast');

describe('exported and run by onnxruntime, every layer of a model of each family gives what the fast kernels give', () => {
  it.each(smallModelOfEachFamily())('$model', ({ model, input }) => expectSameEverywhere(model, input, kernels));
});
