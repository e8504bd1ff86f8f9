import { describe, expect, it } from 'vitest';
import { analyse } from '../../src/analysis/cost.ts';
import { verify } from '../../src/execute/verify.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node/disk.ts';
import { openKernels } from '../../src/node/kernels.ts';
import { expandSpec } from '../../src/spec/model.ts';
import { runnableModels, smallModels } from '../specs/small-models.ts';

const kernels = await openKernels('fast');

/** Models of more multiply-accumulates take hours, and more memory than most machines have: the slow suite runs them small. */
const MOST_MACS = 100_000_000_000n;

const models = runnableModels()
  .filter(({ spec }) => analyse(expandSpec(spec)).totals.macs <= MOST_MACS)
  .map(({ name }) => name);

describe('every model of the zoo, but for the largest, holds when it is run at full size', () => {
  it.each(models)('%s', (model) => {
    const { holds, layers } = verify(openModel(parseReference(model), diskLibrary), { kernels });
    expect(layers.filter((layer) => !layer.holds)).toEqual([]);
    expect(holds).toBe(true);
  });
});

describe('every model of the zoo holds when it is run on a small input', () => {
  it.each(smallModels())('$model', ({ model, input }) => {
    const { holds, layers } = verify(openModel(parseReference(model), diskLibrary, { input }), { kernels });
    expect(layers.filter((layer) => !layer.holds)).toEqual([]);
    expect(holds).toBe(true);
  });
});
