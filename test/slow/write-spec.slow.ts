import { describe, it } from 'vitest';
import { zooModels } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node/disk.ts';
import { expectSameAgain } from '../spec/written.ts';

describe('every model of the zoo, written as a spec and read again, is the same, layer by layer', () => {
  it.each(zooModels(diskLibrary.zoo).map(({ name, spec }) => [name, spec] as const))('%s', (_, spec) => expectSameAgain(spec));
});
