import { describe, expect, it } from 'vitest';
import { analyse } from '../../src/analysis/cost.ts';
import { verify } from '../../src/execute/verify.ts';
import type { FlopwiseError } from '../../src/problems/problem.ts';
import { expandSpec, parseSpec } from '../../src/spec/model.ts';

const graphOf = (text: string, settings = {}) => expandSpec(parseSpec(text), settings);

const MIXTURE = `
input: [5, 8]
layers:
  - experts: [linear: { out: 16, bias: false }, silu, linear: { out: 8 }]
    count: 4
    best: 2
    shared: [linear: { out: 8 }]
`;

describe('experts', () => {
  const analysis = analyse(graphOf(MIXTURE));
  const byPath = new Map(analysis.rows.map((row) => [row.path, row]));

  it('are one layer each, however many there are', () => {
    expect(analysis.rows.map(({ path }) => path)).toEqual([
      'experts/router/linear',
      'experts/router/softmax',
      'experts/topk',
      'experts/dispatch',
      'experts/expert/linear[0]',
      'experts/expert/silu',
      'experts/expert/linear[1]',
      'experts/shared/linear',
      'experts/combine',
      'experts/add',
    ]);
  });

  it('have parameters for all of them, and active ones for the best', () => {
    // 4 experts of 8·16 and 16·8 + 8; a router of 8·4; shared 8·8 + 8.
    expect(analysis.totals.parameters).toBe(4n * (128n + 136n) + 32n + 72n);
    expect(analysis.totals.activeParameters).toBe(2n * (128n + 136n) + 32n + 72n);
  });

  it('work as often as they are chosen', () => {
    expect(byPath.get('experts/expert/linear[0]')?.macs).toBe(5n * 2n * 8n * 16n);
    expect(analysis.totals.macs).toBe(5n * (2n * 256n + 32n + 64n));
  });

  it('weigh what they give: one multiply and one add for each of the best', () =>
    expect(byPath.get('experts/combine')?.operations).toEqual({ multiply: 80n, add: 80n }));

  it.each([
    ['as many rows as divide', ''],
    ['more experts than rows', '\n    router: [linear: { out: 4, bias: true }, sigmoid]'],
  ])('run as they are predicted: %s', (_, more) => {
    expect(verify(graphOf(MIXTURE + more)).holds).toBe(true);
    expect(verify(graphOf(MIXTURE.replace('[5, 8]', '[1, 8]') + more), { seed: 3 }).holds).toBe(true);
  });

  it('take their numbers from parameters', () => {
    const text = `with: { e: 4, k: 2 }\n${MIXTURE.replace('count: 4', 'count: $e').replace('best: 2', 'best: $k')}`;
    expect(analyse(graphOf(text, { set: { e: 8, k: 1 } })).totals.activeParameters).toBe(128n + 136n + 64n + 72n);
  });

  it.each([
    ['best: 2', 'best: 5', 'TOO_MANY_EXPERTS', 'The best 5 of 4 experts cannot be chosen.'],
    ['best: 2', 'best: 0', 'WRONG_VALUE', 'at least 1'],
    ['count: 4', 'count: 4\n    router: [linear: { out: 3 }]', 'ROUTER_DIFFERS', '1×5×3'],
    ['[linear: { out: 16, bias: false }, silu,', '[{ experts: [silu], count: 2, best: 1 },', 'EXPERTS_IN_EXPERTS', 'inside of experts'],
    ['count: 4', 'counts: 4', 'UNKNOWN_KEY', 'counts'],
  ])('refuse %s → %s', (from, to, code, says) => {
    expect.assertions(2);
    try {
      graphOf(MIXTURE.replace(from, to));
    } catch (error) {
      const { problems, message } = error as FlopwiseError;
      expect(problems.map((problem) => problem.code)).toContain(code);
      expect(message).toContain(says);
    }
  });
});
