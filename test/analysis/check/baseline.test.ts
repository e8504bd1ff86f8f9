import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baselineText, parseBaseline } from '../../../src/analysis/check/baseline.ts';
import { recordOf } from '../../../src/analysis/check/record.ts';
import { analyse } from '../../../src/analysis/cost.ts';
import { ProblemError } from '../../../src/problems/problem.ts';
import { expandSpec, parseSpec } from '../../../src/spec/model.ts';

const hash = (text: string): string => `sum:${[...text].reduce((sum, sign) => (sum * 31 + (sign.codePointAt(0) ?? 0)) % 1_000_000_007, 7)}`;

const record = (width: number, name = `w${width}`) =>
  recordOf(analyse(expandSpec(parseSpec(`input: [3]\nlayers: [linear: { out: ${width} }, relu]`))), name, `nets/${name}.yaml`);

const codeOf = (text: string): string | undefined => {
  try {
    parseBaseline(text, 'main.json', hash);
  } catch (error) {
    if (error instanceof ProblemError) return error.problem.code;
    throw error;
  }
  return undefined;
};

describe('the file of a baseline', () => {
  it('holds what was written, of any size', () => {
    const widths = fc.array(fc.integer({ min: 1, max: 2 ** 53 - 1 }), { maxLength: 4 });
    fc.assert(
      fc.property(widths, (all) => {
        const records = [...new Set(all)]
          .toSorted((a, b) => (`nets/w${a}.yaml` < `nets/w${b}.yaml` ? -1 : 1))
          .map((width) => record(width));
        expect(parseBaseline(baselineText(records, hash), 'main.json', hash)).toEqual(records);
      }),
    );
  });

  it('does not depend on the order of the models', () => {
    const records = [record(3), record(1), record(2)];
    expect(baselineText(records.toReversed(), hash)).toBe(baselineText(records, hash));
  });

  it('has a line for each layer', () => {
    const lines = baselineText([record(3)], hash).split('\n');
    expect(lines.filter((line) => line.includes('"path"'))).toHaveLength(2);
  });

  const text = baselineText([record(3)], hash);
  it.each([
    ['no JSON', '{', 'NOT_A_BASELINE'],
    ['another JSON', '[]', 'NOT_A_BASELINE'],
    ['of another version', text.replace('"version": 1', '"version": 2'), 'BASELINE_VERSION'],
    ['changed by hand', text.replace('"macs": 9', '"macs": 8'), 'BASELINE_CHANGED'],
    ['with a negative count', text.replace('"macs": 9', '"macs": -9'), 'NOT_A_BASELINE'],
    ['with a key too many', text.replace('"path"', '"more": 1, "path"'), 'NOT_A_BASELINE'],
    ['formatted otherwise', JSON.stringify(JSON.parse(text)), undefined],
  ])('%s', (_, changed, code) => {
    expect(changed === text).toBe(false);
    expect(codeOf(changed)).toBe(code);
  });
});
