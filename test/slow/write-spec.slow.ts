import { describe, it } from 'vitest';
import { diskLibrary } from '../../src/node/disk.ts';
import { zooModels } from '../../src/spec/reference.ts';
import { expectSameAgain } from '../spec/written.ts';

describe('every model of the zoo, written as a spec and read again, is the same, layer by layer', () => {
  it.each(zooModels(diskLibrary.zoo).map(({ name, spec }) => [name, spec] as const))('%s', (_, spec) => expectSameAgain(spec));
});
