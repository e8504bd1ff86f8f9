import { describe, expect, it } from 'vitest';
import { zooModels } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node/disk.ts';
import { expandSpec } from '../../src/spec/model.ts';
import { expectSameOrTooLong } from '../spec/written.ts';

describe('every model of the zoo, written as a spec and read again, is the same, layer by layer', () => {
  it.each(zooModels(diskLibrary.zoo).map(({ name, spec }) => [name, spec] as const))('%s', (_, spec) => expectSameOrTooLong(spec));
});

describe('no model of the zoo is warned of', () => {
  it.each([1, 2])('with a batch of %s', (batch) => {
    const warned = zooModels(diskLibrary.zoo).flatMap(({ name, spec }) =>
      (expandSpec(spec, { batch }).warnings ?? []).map(({ code, path }) => [name, code, path]),
    );
    expect(warned).toEqual([]);
  });
});
