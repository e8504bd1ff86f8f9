import { describe, expect, it } from 'vitest';
import { verify } from '../../src/execute/verify.ts';
import { openModel, parseReference, zooModels } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node/disk.ts';
import { openKernels } from '../../src/node/kernels.ts';

const kernels = await openKernels('fast');

describe('every model of the zoo holds when it is run at full size', () => {
  it.each(zooModels(diskLibrary.zoo).map(({ name }) => name))('%s', (model) => {
    const { holds, layers } = verify(openModel(parseReference(model), diskLibrary), { kernels });
    expect(layers.filter((layer) => !layer.holds)).toEqual([]);
    expect(holds).toBe(true);
  });
});
