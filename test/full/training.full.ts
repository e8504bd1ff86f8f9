import { describe, expect, it } from 'vitest';
import { verifyTraining } from '../../src/execute/training/verify-training.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node/disk.ts';
import { compileKernels, makeTrainingKernels } from '../../src/node/kernels.ts';
import { smallModels } from '../specs/small-models.ts';

const compiled = await compileKernels('fast');

describe('a training step of every model of the zoo holds, on a small input', () => {
  it.each(smallModels())('$model', ({ model, input }) => {
    const graph = openModel(parseReference(model), diskLibrary, { input });
    const { layers, holds } = verifyTraining(graph, {}, { kernels: makeTrainingKernels(compiled) });
    expect(layers.filter((layer) => !layer.holds).map(({ path, mismatches }) => ({ path, mismatches }))).toEqual([]);
    expect(holds).toBe(true);
  });
});
