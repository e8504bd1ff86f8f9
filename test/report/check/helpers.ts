import type { CheckedLimit, CheckedModel, CheckResult } from '../../../src/analysis/check/result.ts';
import type { Position } from '../../../src/problems/problem.ts';
import { PLAIN } from '../../../src/report/kit/terminal.ts';
import { counted } from '../helpers.ts';

/** What stands in a file that someone means ill with. */
export const HOSTILE = '"><script>alert(1)</script>|`@all` &amp; ]]>\u001b[31m\u202e\u0000\ud800\uffff\r\n::error::%0A*_~#1 <!--';

export const position = (file = 'nets/a.yaml', line = 4): Position => ({ file, line, column: 9, length: 11, text: '  macs: 1 GMAC' });

export const limit = (given: Partial<CheckedLimit> = {}): CheckedLimit => ({
  metric: 'macs',
  label: 'MACs',
  scope: undefined,
  convention: undefined,
  written: '<= 200 MMAC',
  limit: 200_000_000n,
  unit: 'count',
  actual: 231_211_008n,
  over: 31_211_008n,
  severity: 'error',
  broken: true,
  position: position(),
  origin: 'budget of nets/a.yaml',
  heaviest: [{ path: 'conv[0]', value: 115_605_504n, position: position('nets/a.yaml', 9) }],
  ...given,
});

const kept = limit({
  metric: 'parameters',
  label: 'parameters',
  written: '<= 80k',
  limit: 80_000n,
  actual: 73_984n,
  over: -6_016n,
  broken: false,
});
const warning = limit({
  metric: 'depth',
  label: 'depth',
  written: '<= 1',
  limit: 1n,
  actual: 2n,
  over: 1n,
  severity: 'warning',
  heaviest: [],
});

const basic = counted('basic');

export const model = (given: Partial<CheckedModel> = {}): CheckedModel => ({
  name: 'basic',
  source: 'nets/a.yaml',
  totals: basic.totals,
  count: () => basic,
  position: position('nets/a.yaml', 1),
  limits: [limit(), kept, warning],
  warnings: [],
  change: undefined,
  ...given,
});

const record = (path: string, macs: bigint) => ({
  path,
  operator: 'conv',
  input: [[1, 3, 8, 8]],
  output: [[1, 4, 8, 8]],
  parameters: 0n,
  macs,
  activations: 0n,
  operations: 2n * macs,
});

export const result = (given: Partial<CheckResult> = {}): CheckResult => ({
  models: [
    model({
      change: {
        kind: 'changed',
        totals: [{ metric: 'macs', before: 200_000_000n, after: 231_211_008n }],
        layers: [
          { kind: 'changed', path: 'conv[0]', before: record('conv[0]', 1n), after: record('conv[0]', 3n) },
          { kind: 'renamed', path: 'new', before: record('old', 1n), after: record('new', 1n) },
        ],
      },
    }),
  ],
  removed: [],
  problems: [{ code: 'FILE_NOT_FOUND', data: { path: 'nets/missing.yaml' } }],
  baseline: 'git:origin/main (abc1234)',
  ...given,
});

export const clean = (): CheckResult => result({ models: [model({ limits: [kept] })], problems: [], baseline: undefined });

/** All that a stranger can name is hostile. */
export function hostile(text = HOSTILE): CheckResult {
  const at = position(text);
  const broken = limit({
    label: text,
    scope: text,
    written: text,
    origin: text,
    position: at,
    heaviest: [{ path: text, value: 1n, position: at }],
  });
  const analysis = { ...basic, name: text, source: text, rows: basic.rows.map((row) => ({ ...row, path: `${text}/${row.path}` })) };
  return {
    models: [
      model({
        name: text,
        source: text,
        count: () => analysis,
        position: at,
        limits: [broken, { ...broken, severity: 'warning' }, { ...broken, broken: false }],
        change: {
          kind: 'changed',
          totals: [{ metric: 'macs', before: 1n, after: 2n }],
          layers: [{ kind: 'renamed', path: text, before: record(text, 1n), after: record(text, 1n) }],
        },
      }),
    ],
    removed: [],
    problems: [{ code: 'FILE_NOT_FOUND', data: { path: text }, path: text, position: at }],
    baseline: text,
  };
}

export const context = { screen: PLAIN, version: '1.2.3' };
