import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Analysis } from '../../../src/analysis/cost.ts';
import { comparisonText } from '../../../src/report/comparison/comparison.ts';
import { costText } from '../../../src/report/cost/table.ts';
import type { Table } from '../../../src/report/kit/table.ts';
import { PLAIN, renderTable } from '../../../src/report/kit/terminal.ts';
import { displayWidth } from '../../../src/report/kit/text.ts';
import { COLOURS, compared, counted, screen, withoutColours } from '../helpers.ts';

const widest = (text: string): number => Math.max(...text.split('\n').map(displayWidth));
const headerOf = (text: string): string[] => text.split('\n')[0]?.trim().split(/ {2,}/) ?? [];

const TABLE: Table = {
  columns: [
    { header: 'layer', align: 'left', drop: 0 },
    { header: 'operator', align: 'left', drop: 2 },
    { header: 'MACs', align: 'right', drop: 0 },
    { header: 'FLOPs', align: 'right', drop: 3 },
    { header: 'share', align: 'right', drop: 1 },
  ],
  rows: [
    ['conv2_x/bottleneck[0]/shortcut/conv', 'conv', '51.38 M', '102.76 M', '1.26%'],
    ['head', 'linear', '–', '–', '–'],
  ],
  footer: [['total', '', '4.09 G', '8.18 G', '100.00%']],
};

describe('renderTable', () => {
  it('aligns columns, with rules above the rows and the totals', () => {
    expect(renderTable(TABLE, PLAIN)).toBe(
      [
        'layer                                operator     MACs     FLOPs    share',
        '─────────────────────────────────────────────────────────────────────────',
        'conv2_x/bottleneck[0]/shortcut/conv  conv      51.38 M  102.76 M    1.26%',
        'head                                 linear          –         –        –',
        '─────────────────────────────────────────────────────────────────────────',
        'total                                           4.09 G    8.18 G  100.00%',
      ].join('\n'),
    );
  });

  it('leaves out columns in their order as the screen gets narrow, then cuts the path from the left', () => {
    const headers = [73, 72, 62, 53, 52].map((columns) => headerOf(renderTable(TABLE, screen(columns))));
    expect(headers).toEqual([
      ['layer', 'operator', 'MACs', 'FLOPs', 'share'],
      ['layer', 'operator', 'MACs', 'share'],
      ['layer', 'MACs', 'share'],
      ['layer', 'MACs', 'share'],
      ['layer', 'MACs'],
    ]);
    expect(renderTable(TABLE, screen(30))).toContain('\n…eck[0]/shortcut/conv  51.38 M\n');
  });

  it('names the columns that it leaves out, in a dim line that fits too', () => {
    expect(renderTable(TABLE, screen(73))).not.toContain('Too narrow');
    expect(renderTable(TABLE, screen(72)).split('\n').at(-1)).toBe('Too narrow for: FLOPs');
    expect(renderTable(TABLE, screen(52)).split('\n').at(-1)).toBe('Too narrow for: operator, FLOPs, share');
    expect(renderTable(TABLE, { ...COLOURS, columns: 30 })).toContain(`\n${COLOURS.dim('Too narrow for: operator,\n  FLOPs, share')}`);
  });

  it('shows rows that tell of something wrong in red', () => {
    const lines = renderTable({ ...TABLE, bad: [false, true] }, COLOURS).split('\n');
    const [start = ''] = COLOURS.red('|').split('|');
    expect(lines.map((line) => line.startsWith(start))).toEqual([false, false, false, true, false, false]);
  });

  it('puts columns that do not fit and may not be left out in tables below', () => {
    const names = ['resnet18', 'resnet34', 'resnet50'];
    const table: Table = {
      columns: [{ header: 'total', align: 'left', drop: 0 }, ...names.map((header) => ({ header, align: 'right', drop: 0 }) as const)],
      rows: [['MACs', '1,814,073,344', '3,663,761,408', '4,089,184,256']],
      footer: [],
    };
    expect(renderTable(table, screen(40))).toBe(
      [
        'total       resnet18       resnet34',
        '───────────────────────────────────',
        'MACs   1,814,073,344  3,663,761,408',
        '',
        'total       resnet50',
        '────────────────────',
        'MACs   4,089,184,256',
      ].join('\n'),
    );
  });

  it('counts a wide character as two columns', () => {
    const table: Table = {
      columns: [
        { header: 'model', align: 'left', drop: 0 },
        { header: 'n', align: 'right', drop: 0 },
      ],
      rows: [
        ['漢字', '1'],
        ['net', '20'],
      ],
      footer: [],
    };
    expect(renderTable(table, PLAIN).split('\n').slice(2)).toEqual(['漢字    1', 'net    20']);
  });

  const cell = fc.stringMatching(/^[ -~]{0,18}$/);
  const tables = fc.integer({ min: 1, max: 8 }).chain((count) => {
    const row = fc.array(cell, { minLength: count, maxLength: count });
    const path = fc.stringMatching(/^[a-z/]{1,60}$/);
    const withPath = fc.tuple(path, row).map(([first, others]) => [first, ...others]);
    return fc
      .tuple(
        fc.array(fc.nat(3), { minLength: count, maxLength: count }),
        row,
        fc.array(withPath, { maxLength: 5 }),
        fc.array(withPath, { maxLength: 1 }),
      )
      .map(
        ([drops, headers, rows, footer]): Table => ({
          columns: [
            { header: 'layer', align: 'left', drop: 0 },
            ...drops.map((drop, index) => ({ header: headers[index] as string, align: 'right', drop }) as const),
          ],
          rows,
          footer,
        }),
      );
  });

  it('is never wider than a screen of 60 columns or more, and keeps the columns that must stay', () => {
    fc.assert(
      fc.property(tables, fc.integer({ min: 60, max: 200 }), (table, columns) => {
        const text = renderTable(table, screen(columns));
        expect(widest(text)).toBeLessThanOrEqual(columns);
        table.columns.forEach(({ drop }, index) => {
          if (drop === 0 && index > 0) for (const row of table.rows) expect(text).toContain((row[index] as string).trimEnd());
        });
      }),
    );
  });

  it('shows the same text in colour', () => {
    fc.assert(
      fc.property(tables, fc.integer({ min: 20, max: 120 }), (table, columns) => {
        expect(withoutColours(renderTable(table, { ...COLOURS, columns }))).toBe(renderTable(table, screen(columns)));
      }),
    );
  });
});

describe('whole reports', () => {
  const models = ['resnet18', 'bottleneck', 'maxvit_t:layers=[1,1,1,1]', 'vit_b_16:layers=3'].map(counted);
  const widths = [60, 71, 80, 100, 133, 200];

  it.each(widths)('fit a screen of %i columns', (columns) => {
    const [first, ...others] = models;
    for (const analysis of models) {
      for (const options of [
        {},
        { exact: true, formula: true },
        { by: 'stage' },
        { by: 'operator', exact: true },
        { depth: 2, top: 3 },
      ] as const) {
        const text = costText([analysis], options, screen(columns));
        expect(widest(text)).toBeLessThanOrEqual(columns);
      }
      if (first === undefined || analysis === first || analysis.input[0]?.length !== first.input[0]?.length) continue;
      const text = comparisonText(compared(first, analysis), {}, screen(columns));
      expect(widest(text)).toBeLessThanOrEqual(columns);
    }
    expect(widest(comparisonText(compared(...others.slice(0, 2), ...others.slice(0, 2)), {}, screen(columns)))).toBeLessThanOrEqual(
      columns,
    );
    expect(widest(costText(models, {}, screen(columns)))).toBeLessThanOrEqual(columns);
  });

  it('are the same in colour as without', () => {
    const [resnet18, bottleneck] = models as [Analysis, Analysis];
    const colours = { ...COLOURS, columns: 80 };
    for (const options of [{ exact: true, formula: true }, { by: 'stage' }, { depth: 2, top: 3 }] as const)
      expect(withoutColours(costText([resnet18], options, colours))).toBe(costText([resnet18], options, screen(80)));
    const comparison = compared(resnet18, bottleneck);
    expect(withoutColours(comparisonText(comparison, {}, colours))).toBe(comparisonText(comparison, {}, screen(80)));
  });

  it('show parameters and MACs of every model, however narrow', () => {
    for (const columns of [40, 50, 60]) {
      const text = costText(models, {}, screen(columns));
      for (const { name } of models) expect(text).toContain(name);
      expect(headerOf(text)).toEqual(expect.arrayContaining(['model', 'parameters', 'MACs']));
    }
  });
});
