import { describe, expect, it } from 'vitest';
import { FlopwiseError } from '../../src/problems/problem.ts';
import { expandSpec, parseSpec } from '../../src/spec/model.ts';

const spec = parseSpec('input: [3, 32, 32]\nlayers: [relu]');

describe('the input that a caller gives', () => {
  it.each([
    [{ input: { input: [3, 8, 8] } }, [1, 3, 8, 8]],
    [{ input: { input: [3, 8, 8] }, batch: 4 }, [4, 3, 8, 8]],
    [{ input: { input: [2, 3, 8, 8] } }, [2, 3, 8, 8]],
  ])('%j is %j', (settings, shape) => {
    expect(expandSpec(spec, settings).inputs[0]?.tensor.shape).toEqual(shape);
  });

  it.each([{ input: { input: [2, 3, 8, 8] }, batch: 4 }, { input: { input: [8, 8] } }, { input: { input: [1, 1, 3, 8, 8] } }])(
    '%j is refused: a model of images does not become one of volumes',
    (settings) => {
      expect(() => expandSpec(spec, settings)).toThrow(FlopwiseError);
      expect(() => expandSpec(spec, settings)).toThrow(/must be 3 sizes/);
    },
  );
});
