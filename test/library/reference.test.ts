import { describe, expect, it } from 'vitest';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node/disk.ts';
import { FlopwiseError } from '../../src/problems/problem.ts';

const open = (text: string) => openModel(parseReference(text), diskLibrary);

describe('a part of a model of the zoo', () => {
  it('is a block that its file knows', () => {
    expect(open('resnet50#bottleneck').nodes).toEqual(open('bottleneck').nodes.map((node) => ({ ...node, locate: expect.any(Function) })));
  });

  it.each(['resnet50#typo', 'basic#typo'])('%s is refused: it must not be counted as the whole', (text) => {
    expect(() => open(text)).toThrow(FlopwiseError);
    expect(() => open(text)).toThrow(/UNKNOWN_PART.*"typo"/);
  });
});
