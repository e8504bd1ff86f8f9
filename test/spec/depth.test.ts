import fc from 'fast-check';
import { expect, it } from 'vitest';
import { tooDeepAt } from '../../src/spec/depth.ts';

const LIMIT = 3;

it('finds where a text nests too deeply', () => {
  expect(tooDeepAt('a: [[[1]]]', LIMIT)).toBeUndefined();
  expect(tooDeepAt('a: [[[[1]]]]', LIMIT)).toBe(6);
  expect(tooDeepAt('- - - - 1', LIMIT)).toBe(6);
});

it('finds the same where it need not look at all', () => {
  const text = fc
    .array(fc.constantFrom('[', ']', '{', '}', '- ', '-', '? ', ' ', 'a', ': ', ',', '\n', '"'))
    .map((parts) => parts.join(''));
  // A comment nests nothing, but has so many signs that the lexer is asked.
  fc.assert(
    fc.property(text, (yaml) => {
      expect(tooDeepAt(yaml, LIMIT)).toBe(tooDeepAt(`${yaml}\n# ${'['.repeat(LIMIT + 1)}`, LIMIT));
    }),
    { numRuns: 1000 },
  );
});
