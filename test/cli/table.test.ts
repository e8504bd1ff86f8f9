import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCsv } from '../report/helpers.ts';
import { codesIn, flopwise } from './helpers.ts';

const TINY = `name: tiny
input: [3, 8, 8]
with: { width: 4, sizes: [1, 2] }
blocks:
  twice:
    with: { d: required }
    layers:
      - conv: { kernel: 3, out: $d, padding: 1 }
      - relu
    example: { input: [3, 8, 8], with: { d: 2 } }
stages:
  stem:
    - conv: { kernel: 3, out: $width, bias: false }
  body:
    - twice: { d: 8 }
      repeat: 2
`;
const TWO_INPUTS = `name: two
input: { left: [2, 4, 4], right: [2, 4, 4] }
layers:
  - add: {}
    from: [left, right]
`;
const BAD = 'name: bad\ninput: [3, 8, 8]\nlayers:\n  - conv: { kernel: 3, kernal: 3, out: 4 }\n  - rellu\n';
const files = { 'tiny.yaml': TINY, 'two.yaml': TWO_INPUTS, 'bad.yaml': BAD, 'bad2.yaml': 'input: [1]\nlayers: 3\n', 'empty.yaml': '' };

const told = (...argv: string[]) => flopwise(argv, { files });
const json = async (...argv: string[]) => {
  const outcome = await told(...argv, '--format', 'json');
  expect(outcome).toMatchObject({ code: 0, err: '' });
  return JSON.parse(outcome.out);
};

describe('a model', () => {
  it('is named by path, by zoo name, as a block, with parameters', async () => {
    expect((await json('tiny.yaml')).model).toEqual({ name: 'tiny', source: 'tiny.yaml' });
    expect((await json('table', 'resnet18')).totals.macs).toBe(1_814_073_344);
    expect((await json('tiny.yaml#twice')).totals.parameters).toBe(3 * 3 * 3 * 2 + 2);
    expect((await json('tiny.yaml#twice:d=5')).output).toEqual([[1, 5, 8, 8]]);
    expect((await json('tiny.yaml:width=6')).layers[0].output).toEqual([[1, 6, 6, 6]]);
    expect((await json('bottleneck:d=128')).output).toEqual([[1, 512, 56, 56]]);
  });

  it('says what it costs in all formats', async () => {
    expect((await told('tiny.yaml')).out).toContain('\nMACs         34.99 kMAC\n');
    expect((await told('tiny.yaml', '--format', 'markdown')).out).toMatch(/^### tiny\n/);
    expect(parseCsv((await told('tiny.yaml', '--format', 'csv')).out.trimEnd())).toHaveLength(7);
  });

  it.each([
    ['--formula', /formula/, /3×3×3×6×6×4/],
    ['--exact', /MACs/, /34,992 MAC/],
  ])('with %s', async (option, ...patterns) => {
    const { out } = await told('tiny.yaml', option);
    for (const pattern of patterns) expect(out).toMatch(pattern);
  });

  it('fits the terminal', async () => {
    const { out } = await flopwise(['resnet50', '--formula', '--exact'], { columns: 80 });
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('is in colour where the terminal is, but not in a file', async () => {
    expect((await flopwise(['tiny.yaml'], { files, colour: true })).out).toContain('\u001b[1mtiny\u001b[22m (tiny.yaml)');
    const { written, out } = await flopwise(['tiny.yaml', '--output', 'a.txt'], { files, colour: true, columns: 40 });
    expect(out).toBe('');
    expect(written['a.txt']).toBe((await told('tiny.yaml')).out);
  });
});

describe('--input', () => {
  it.each(['3x16x16', '3×16×16', '3X16X16', '3,16,16', ' 3 x 16 x 16 ', '1x3x16x16', 'input=3x16x16'])('%j is a shape', async (shape) => {
    expect((await json('tiny.yaml', '--input', shape)).input).toEqual([[1, 3, 16, 16]]);
  });

  it('names one input of several', async () => {
    const { input } = await json('two.yaml', '--input', 'left=2x6x6', '--input', 'right=2x6x6');
    expect(input).toEqual([
      [1, 2, 6, 6],
      [1, 2, 6, 6],
    ]);
    const outcome = await told('two.yaml', '--input', 'lefd=2x6x6');
    expect(outcome.err).toContain('left, right');
    expect(outcome.code).toBe(2);
  });

  it.each(['', 'x', '3x', '0x3', '3x-1', '3x1.5', '3xx3', 'axb', 'input=', '9999999999999999x3', '3x224x224x'])(
    '%j is none',
    async (shape) => {
      const outcome = await told('tiny.yaml', '--input', shape);
      expect(codesIn(outcome.err)).toEqual(['WRONG_VALUE']);
      expect(outcome.err).toContain('as in 3x224x224');
    },
  );
});

describe('--batch', () => {
  it('is a factor', async () => {
    const [one, many] = [await json('tiny.yaml'), await json('tiny.yaml', '--batch', '8')];
    expect(many.input).toEqual([[8, 3, 8, 8]]);
    expect(many.totals.macs).toBe(8 * one.totals.macs);
    expect(many.totals.parameters).toBe(one.totals.parameters);
  });

  it('may be huge, and the counts are exact', async () => {
    const { out } = await told('tiny.yaml', '--batch', '999999999999999', '--exact');
    expect(out).toContain(`MACs         ${(34_992n * 999_999_999_999_999n).toLocaleString('en')} MAC`);
  });

  it.each(['0', '-1', '1.5', '1e3', '', ' 8', '10000000000000000', 'NaN', '٣'])('%j is none', async (batch) => {
    expect(codesIn((await told('tiny.yaml', '--batch', batch)).err)).toEqual(['WRONG_VALUE']);
  });
});

describe('--set', () => {
  it.each([
    ['width=6', 6],
    ['width=2*3', 6],
    [' width = 6', 6],
    ['width=(1+2)*2', 6],
  ])('%j', async (setting, width) => {
    expect((await json('tiny.yaml', '--set', setting)).layers[0].output[0][1]).toBe(width);
  });

  it('may be repeated, and the last counts; what stands with the name counts more', async () => {
    expect((await json('tiny.yaml', '--set', 'width=2', '--set', 'width=6')).layers[0].output[0][1]).toBe(6);
    expect((await json('tiny.yaml:width=5', '--set', 'width=6')).layers[0].output[0][1]).toBe(5);
    expect((await json('resnet50', '--set', 'repeats=[1,1,1,1]')).layers.length).toBeLessThan(100);
  });

  it.each([
    ['widht=3', 'UNKNOWN_PARAMETER', 'Did you mean "width"?'],
    ['__proto__=3', 'UNKNOWN_PARAMETER', '"__proto__"'],
    ['constructor=3', 'UNKNOWN_PARAMETER', '"constructor"'],
    ['width', 'WRONG_VALUE', 'name=value, as in classes=10'],
    ['=3', 'WRONG_VALUE', 'name=value'],
    ['', 'WRONG_VALUE', 'name=value'],
    ['width=', 'WRONG_VALUE', 'whole number'],
    ['width=1.5', 'WRONG_VALUE', '1.5'],
    ['width=[1,2]', 'WRONG_VALUE', '[1,2]'],
    ['width=1/0', 'DIVISION_BY_ZERO', '1/0'],
  ])('%j is told as %s', async (setting, code, says) => {
    const outcome = await told('tiny.yaml', '--set', setting);
    expect(outcome).toMatchObject({ code: 2, out: '' });
    expect(codesIn(outcome.err)).toEqual([code]);
    expect(outcome.err).toContain(says);
  });
});

describe('several models', () => {
  it('have a row each', async () => {
    const { out } = await told('resnet18', 'tiny.yaml');
    expect(out.split('\n').map((line) => line.split(' ')[0])).toEqual(['model', expect.stringMatching('─'), 'resnet18', 'tiny', '']);
    expect((await json('resnet18', 'tiny.yaml')).map((one: { model: { name: string } }) => one.model.name)).toEqual(['resnet18', 'tiny']);
  });

  it('of one name are called as they were asked for', async () => {
    const { out } = await told('resnet18', 'resnet18:shortcut=A', 'tiny.yaml');
    expect(out).toMatch(/\nresnet18 .*\nresnet18:shortcut=A .*\ntiny /);
  });

  it('tell all their problems at once', async () => {
    const outcome = await told('bad.yaml', 'tiny.yaml', 'bad2.yaml', 'nope', 'none.yaml', 'empty.yaml', 'bad.yaml');
    expect(outcome).toMatchObject({ code: 2, out: '' });
    expect(codesIn(outcome.err)).toEqual([
      'UNKNOWN_KEY',
      'UNKNOWN_OPERATOR',
      'WRONG_VALUE',
      'UNKNOWN_MODEL',
      'FILE_NOT_FOUND',
      'FILE_EMPTY',
    ]);
    expect(outcome.err).toContain(
      'bad.yaml:4:24  UNKNOWN_KEY\n    4 |   - conv: { kernel: 3, kernal: 3, out: 4 }\n      |                        ^^^^^^\n   conv has no attribute "kernal"',
    );
  });
});

describe('--tree', () => {
  it('has a row for each step, and equal ones as one', async () => {
    const { out } = await flopwise(['resnet50', '--tree', '--depth', '2', '--exact'], { columns: 200 });
    const rows = out.split('\n').filter((line) => line.includes('bottleneck') || line.startsWith('conv5_x'));
    expect(rows.slice(-3).map((line) => line.trimEnd().split(/ {2,}/).filter(Boolean).slice(0, 2))).toEqual([
      ['conv5_x', '32'],
      ['bottleneck[0]', '12'],
      ['bottleneck[1–2] ×2', '20'],
    ]);
    // Twice 1·1·2048·512·7·7 + 3·3·512·512·7·7 + 1·1·512·2048·7·7.
    expect(rows.at(-1)).toContain('436,731,904');
  });

  it('has whole paths for programs', async () => {
    const { out } = await flopwise(['resnet50', '--tree', '--depth', '2', '--json']);
    expect(JSON.parse(out).groups.map(({ name }: { name: string }) => name)).toContain('conv5_x/bottleneck[1–2]');
  });

  it('is in no other order, and not cut', async () => {
    const { code, err } = await flopwise(['resnet50', '--tree', '--top', '3']);
    expect([code, err]).toEqual([2, expect.stringContaining('Leave --top out, or --tree')]);
  });
});

describe('rows', () => {
  const METRICS = ['parameters', 'macs', 'flops', 'activations'] as const;
  const models = ['tiny.yaml', 'resnet18', 'bottleneck', 'squeezenet1_0', 'two.yaml'];
  const options = fc.record({
    by: fc.option(fc.constantFrom('layer', 'block', 'stage', 'operator')),
    depth: fc.option(fc.integer({ min: 1, max: 5 })),
    sort: fc.option(fc.constantFrom(...METRICS, 'name')),
    top: fc.option(fc.integer({ min: 1, max: 80 })),
  });

  it('add up to the totals, whatever they are grouped, sorted and cut by', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...models), options, async (model, chosen) => {
        const argv = Object.entries(chosen).flatMap(([name, value]) => (value === null ? [] : [`--${name}`, String(value)]));
        const { totals, layers } = await json(model, ...argv);
        const [header = [], ...all] = parseCsv((await told(model, ...argv, '--format', 'csv')).out.trimEnd());
        const rows = all.slice(0, -1);
        const last = all.at(-1) ?? [];
        const sum = (name: string) => rows.reduce((total, row) => total + Number(row[header.indexOf(name)]), 0);
        for (const metric of METRICS) expect([sum(metric), Number(last[header.indexOf(metric)])]).toEqual([totals[metric], totals[metric]]);
        for (const [kind, count] of Object.entries(totals.operations)) expect(sum(kind)).toBe(count);
        expect(sum('layers')).toBe(layers.length);
        if (chosen.top !== null) expect(rows.length).toBeLessThanOrEqual(chosen.top + 1);
        if (chosen.sort !== null && chosen.sort !== 'name') {
          const shown = rows.slice(0, chosen.top ?? rows.length).map((row) => Number(row[header.indexOf(chosen.sort as string)]));
          expect(shown).toEqual(shown.toSorted((a, b) => b - a));
        }
        // The table says the same.
        const table = (await told(model, ...argv, '--exact')).out.split('\n');
        expect(table).toHaveLength(rows.length + 13);
      }),
      { numRuns: 60 },
    );
  });
});
