import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderCsv } from '../../src/report/kit/csv.ts';
import { toJson } from '../../src/report/kit/json-text.ts';
import { escaped, renderMarkdown } from '../../src/report/kit/markdown.ts';
import { parseCsv } from './helpers.ts';

describe('Markdown', () => {
  it('is a table with aligned columns and a strong last row', () => {
    const text = renderMarkdown({
      columns: [
        { header: 'layer', align: 'left', drop: 0 },
        { header: 'MACs', align: 'right', drop: 0 },
      ],
      rows: [['conv2_x/conv[0]', '1|2']],
      footer: [['total', '']],
    });
    expect(text).toBe('| layer | MACs |\n| :-- | --: |\n| conv2\\_x/conv\\[0\\] | 1\\|2 |\n| **total** |  |');
  });

  it.each([
    ['a|b', 'a\\|b'],
    ['*a* _b_ `c` ~d~', '\\*a\\* \\_b\\_ \\`c\\` \\~d\\~'],
    ['<script>&amp;', '\\<script\\>\\&amp;'],
    ['[a](b)\\', '\\[a\\](b)\\\\'],
    ['a\n\nb\tc', 'a b c'],
  ])('escapes %j', (text, shown) => expect(escaped(text)).toBe(shown));

  it('leaves no sign in a cell that could end it or mean something', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const shown = escaped(text);
        expect(shown.replace(/\\./g, '')).not.toMatch(/[\\|`*_~&[\]<>\n\r]/);
        expect(shown.replace(/\\(.)/g, '$1')).toBe(text.replace(/\s+/g, ' '));
      }),
    );
  });
});

describe('CSV', () => {
  it('quotes what it must', () => {
    expect(renderCsv(['a', 'b'], [['1,2', 'say "x"']])).toBe('a,b\n"1,2","say ""x"""');
    expect(renderCsv(['a'], [[2n ** 64n], [3], ['x\ny']])).toBe('a\n18446744073709551616\n3\n"x\ny"');
  });

  it('reads back as it was', () => {
    const row = fc.array(fc.string(), { minLength: 2, maxLength: 2 });
    fc.assert(
      fc.property(row, fc.array(row), (header, rows) => {
        const asText = (cell: string): string => (/^[=+\-@:\t\r]/.test(cell) ? `'${cell}` : cell);
        expect(parseCsv(renderCsv(header, rows))).toEqual([header, ...rows].map((cells) => cells.map(asText)));
      }),
    );
  });

  it.each(['=HYPERLINK("http:evil","x")', '+1', '-1', '@SUM(A1)', '::error::x', '\t=1'])(
    'has %j as text, and numbers as numbers',
    (cell) => {
      expect(parseCsv(renderCsv(['name', 'count'], [[cell, -1]]))).toEqual([
        ['name', 'count'],
        [`'${cell}`, '-1'],
      ]);
    },
  );
});

describe('JSON', () => {
  it('parses back to the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(toJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('writes whole numbers of any length to the last digit', () => {
    fc.assert(
      fc.property(fc.bigInt(), (count) => {
        expect(toJson({ count })).toBe(`{\n  "count": ${count}\n}`);
      }),
    );
    expect(toJson([2n ** 53n + 1n])).toContain('9007199254740993');
  });

  it('keeps shapes on one line and leaves out what is undefined', () => {
    expect(toJson({ input: [[1, 3, 224, 224]], none: undefined, list: [{ a: 1 }], empty: {}, nothing: [] })).toBe(
      '{\n  "input": [[1, 3, 224, 224]],\n  "list": [\n    {\n      "a": 1\n    }\n  ],\n  "empty": {},\n  "nothing": []\n}',
    );
  });
});
