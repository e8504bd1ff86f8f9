import { describe, it } from 'vitest';
import { openKernels } from '../../src/node/kernels.ts';
import { expectSameEverywhere } from '../onnx/networks.ts';
import { smallModels } from '../specs/small-models.ts';

const kernels = await openKernels('fast');

describe('exported and run by onnxruntime, every layer of every model of the zoo gives what the fast kernels give', () => {
  it.each(smallModels())('$model', ({ model, input }) => expectSameEverywhere(model, input, kernels));
});
