import { describe, expect, it } from 'vitest';
import { verifyTraining } from '../../src/execute/training/verify-training.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node/disk.ts';
import { compileKernels, makeTrainingKernels } from '../../src/node/kernels.ts';
import { smallModelOfEachFamily } from '../specs/small-models.ts';

const compiled = await compileKernels('fast');

/** Twins and the like are in the fast suite; of what takes longest another network of the kind stands for it. */
const LONG: readonly string[] = ['maxvit', 'ssd300', 'vit_b_16'];

describe('a training step of a model of each family holds, on a small input', () => {
  it.each(smallModelOfEachFamily().filter(({ family }) => !LONG.includes(family)))('$model', ({ model, input }) => {
    const { layers, holds } = verifyTraining(
      openModel(parseReference(model), diskLibrary, { input }),
      {},
      { kernels: makeTrainingKernels(compiled) },
    );
    expect(layers.filter((layer) => !layer.holds).map(({ path, mismatches }) => ({ path, mismatches }))).toEqual([]);
    expect(holds).toBe(true);
  });
});
