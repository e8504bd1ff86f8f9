import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withoutControls } from '../../../src/problems/text.ts';
import { displayWidth, wrap } from '../../../src/report/kit/text.ts';

describe('displayWidth', () => {
  it.each([
    ['', 0],
    ['conv1/basic[0]', 14],
    ['7×7×3', 5],
    ['… 3 more –', 10],
    ['漢字', 4],
    ['가나', 4],
    ['ｆｕｌｌ', 8],
    ['e\u0301', 1],
    [withoutControls('a\u200bb'), 3],
    ['🙂!', 3],
    ['ВГГ', 3],
  ])('%j fills %i columns', (text, width) => expect(displayWidth(text)).toBe(width));
});

describe('wrap', () => {
  it('breaks at blanks and indents what follows', () => {
    expect(wrap('aaa bbb ccc', 7, '  ')).toBe('aaa bbb\n  ccc');
    expect(wrap('aaa bbb ccc', undefined, '  ')).toBe('aaa bbb ccc');
  });

  it('keeps blanks at the start and in the middle', () => {
    expect(wrap('   aaa   bbb', 20, '   ')).toBe('   aaa   bbb');
    expect(wrap('   aaaaaa bbb', 8, '   ')).toBe('   aaaaaa\n   bbb');
  });

  it('loses no word, and makes no line too long that has a blank to break at', () => {
    const words = fc.array(fc.stringMatching(/^[a-z漢]{1,12}$/), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 40 }), (list, width) => {
        const lines = wrap(list.join(' '), width, '  ').split('\n');
        expect(lines.flatMap((line) => line.trim().split(' '))).toEqual(list);
        for (const line of lines) if (line.trim().includes(' ')) expect(displayWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});
