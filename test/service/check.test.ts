import { describe, expect, it } from 'vitest';
import { isBroken } from '../../src/analysis/check/result.ts';
import { type Analysis, analyse } from '../../src/analysis/cost.ts';
import { ProblemError } from '../../src/problems/problem.ts';
import { checkModels, type Limits } from '../../src/service/check.ts';
import { expandSpec, parseSpec } from '../../src/spec/model.ts';

/** 9·3·32·32 = 27,648 MACs and 28 parameters for each unit of width. */
const model = (width: number): Analysis =>
  analyse(expandSpec(parseSpec(`name: mine\ninput: [3, 32, 32]\nlayers: [conv: { kernel: 3, out: ${width}, padding: 1 }]`)));

describe('checkModels', () => {
  it.each<[Limits, boolean]>([
    [{}, false],
    [{ macs: '<= 55296' }, false],
    [{ macs: '< 55296' }, true],
    [{ flops: '<= 100k' }, true],
    [{ parameters: '<= 56', macs: '<= 1G' }, false],
    [{ parameters: '<= baseline + 100%' }, false],
    [{ parameters: '<= baseline + 99%' }, true],
  ])('%j', (limits, broken) => expect(isBroken(checkModels([{ analysis: model(2), before: model(1) }], limits))).toBe(broken));

  it('says what changed since before', () => {
    const [checked] = checkModels([{ analysis: model(2), before: model(1) }], {}).models;
    expect(checked?.change?.totals.find(({ metric }) => metric === 'macs')).toEqual({ metric: 'macs', before: 27_648n, after: 55_296n });
    expect(checkModels([{ analysis: model(2) }], {}).models[0]?.change).toBeUndefined();
  });

  it.each<[Limits, string]>([
    [{ macs: '4 apples' }, 'WRONG_UNIT'],
    [{ macs: 'few' }, 'WRONG_VALUE'],
    [{ macs: '<= baseline + 2%' }, 'BASELINE_NEEDED'],
  ])('refuses %j', (limits, code) => {
    expect(() => checkModels([{ analysis: model(2) }], limits)).toThrow(ProblemError);
    expect(() => checkModels([{ analysis: model(2) }], limits)).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code }) }),
    );
  });
});
