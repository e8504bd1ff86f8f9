import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/problems/problem.ts';
import { PLAIN } from '../../../src/report/kit/terminal.ts';
import { displayWidth } from '../../../src/report/kit/text.ts';
import { renderProblems } from '../../../src/report/problems/problems.ts';
import { COLOURS, screen, withoutColours } from '../helpers.ts';

const groups = { side: 'output', channels: 64, groups: 3, other: 64 } as const;

const at = (text: string, column: number, length: number, line = 14): Problem => ({
  code: 'GROUPS_DO_NOT_DIVIDE',
  data: groups,
  path: 'conv3_x/basic[1]/conv',
  position: { file: 'specs/my.yaml', line, column, length, text },
});

const LINE = '      - conv: { kernel: 3, out: 64, groups: 3 }';

/** What stands above the marks, and the column on the screen where they begin. */
function marked(text: string): { readonly above: string; readonly column: number } {
  const [, line = '', mark = ''] = text.split('\n');
  const column = mark.indexOf('^');
  let above = '';
  let seen = 0;
  for (const character of line) {
    if (seen >= column && seen < mark.length) above += character;
    seen += displayWidth(character);
  }
  return { above, column };
}

describe('a problem', () => {
  it('is told as the design has it', () => {
    expect(renderProblems([at(LINE, 37, 9)], PLAIN)).toBe(
      [
        'specs/my.yaml:14:37  conv3_x/basic[1]/conv  GROUPS_DO_NOT_DIVIDE',
        '   14 |       - conv: { kernel: 3, out: 64, groups: 3 }',
        '      |                                     ^^^^^^^^^',
        '   64 output channels cannot be split into 3 groups. Use a divisor of 64 and of the 64 input channels.',
      ].join('\n'),
    );
  });

  it('without a place names the program, without a path leaves no gap, and says how many are like it', () => {
    expect(renderProblems([{ code: 'FILE_EMPTY', data: { path: 'a.yaml' } }], PLAIN)).toMatch(
      /^flopwise {2}FILE_EMPTY\n {3}a\.yaml is empty\./,
    );
    expect(renderProblems([{ code: 'FILE_EMPTY', data: { path: 'a.yaml' }, path: '', repeats: 3 }], PLAIN)).toMatch(
      /^flopwise {2}FILE_EMPTY {2}\(and 3 more like it\)\n/,
    );
  });

  it('is told once, however many models have it', () => {
    expect(renderProblems([at(LINE, 37, 9), at(LINE, 37, 9)], PLAIN).match(/GROUPS/g)).toHaveLength(1);
    expect(renderProblems([at(LINE, 37, 9), at(LINE, 20, 6)], PLAIN).split('\n\n')).toHaveLength(2);
  });

  it('says the same in colour', () => {
    const text = renderProblems([at(LINE, 37, 9)], COLOURS);
    expect(text).not.toBe(withoutColours(text));
    expect(withoutColours(text)).toBe(renderProblems([at(LINE, 37, 9)], PLAIN));
  });

  it('keeps the lines under each other where their number is long', () => {
    const [, line = '', mark = ''] = renderProblems([at('a: b', 4, 1, 1_234_567)], PLAIN).split('\n');
    expect(line.indexOf('b')).toBe(mark.indexOf('^'));
  });
});

describe('the mark', () => {
  it.each([
    ['an accent', "note: 'e\u0301' x: [bad]", '[bad]'],
    ['wide characters before it', 'name: 漢字 x: [bad]', '[bad]'],
    ['wide characters in it', 'name: "漢字" x: 3', '"漢字"'],
    ['an emoji before it', 'a: 🙂 [bad]', '[bad]'],
    ['a tab before it', 'a:\t[bad]', '[bad]'],
  ])('stands right with %s', (_, text, bad) => {
    expect(marked(renderProblems([at(text, text.indexOf(bad) + 1, bad.length)], PLAIN)).above).toBe(bad);
  });

  it('is one wide where there is nothing to mark', () => {
    expect(
      renderProblems([at('', 1, 0)], PLAIN)
        .split('\n')
        .slice(1, 3),
    ).toEqual(['   14 | ', '      | ^']);
    expect(renderProblems([at('abc', 4, 5)], PLAIN).split('\n')[2]).toBe('      |    ^');
  });

  it('stands under the same characters in a line that is cut to the screen', () => {
    const place = fc.tuple(fc.nat(300), fc.nat(300), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 40, max: 200 }));
    fc.assert(
      fc.property(place, ([before, after, length, columns]) => {
        const text = `${'a'.repeat(before)}${'x'.repeat(length)}${'b'.repeat(after)}`;
        const shown = renderProblems([at(text, before + 1, length)], screen(columns));
        expect(marked(shown).above.replace(/…$/, 'x')).toBe('x'.repeat(length));
        for (const line of shown.split('\n').slice(1, 3)) expect(line.length).toBeLessThanOrEqual(Math.min(columns, 128));
      }),
      { numRuns: 300 },
    );
  });

  it('shows with dots where a line was cut', () => {
    const shown = renderProblems([at(`${'a'.repeat(200)}x${'b'.repeat(200)}`, 201, 1)], PLAIN).split('\n')[1] ?? '';
    expect(shown).toMatch(/\| …a+xb+…$/);
  });
});

describe('what a stranger writes', () => {
  const HOSTILE = ['\u001b[31m', '\u0007', '\u202e', '\u2066', '\u200f', '\u009b', '\r'];

  it.each(HOSTILE)('cannot steer the terminal with %j', (sign) => {
    const problem: Problem = {
      code: 'UNKNOWN_KEY',
      data: { key: `k${sign}`, owner: 'conv', known: [] },
      path: `a${sign}b`,
      position: { file: `f${sign}.yaml`, line: 1, column: 3, length: 2, text: `x ${sign}yz` },
    };
    expect(renderProblems([problem], PLAIN)).not.toContain(sign.charAt(0));
  });

  it('fits the screen, the sentence broken at blanks', () => {
    const text = renderProblems([at(LINE, 37, 9)], screen(60));
    for (const line of text.split('\n').slice(1)) expect(line.length).toBeLessThanOrEqual(60);
    expect(text).toContain('\n   64 output channels');
    expect(text.replace(/\n {3}(?=[a-z])/g, ' ')).toContain('Use a divisor of 64 and of the 64 input channels.');
  });
});
