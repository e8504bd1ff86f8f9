import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { glob } from '../../src/language/glob.ts';

describe('a pattern', () => {
  it.each([
    ['nets/*.yaml', 'nets/a.yaml', true],
    ['nets/*.yaml', 'nets/b/a.yaml', false],
    ['nets/**/*.yaml', 'nets/a.yaml', true],
    ['nets/**/*.yaml', 'nets/b/c/a.yaml', true],
    ['**/a.yaml', 'a.yaml', true],
    ['**', 'x/y/z', true],
    ['conv3_x/**', 'conv3_x', true],
    ['conv3_x/**', 'conv3_xy/conv', false],
    ['conv3_x/bottleneck[0]/*', 'conv3_x/bottleneck[0]/conv[1]', true],
    ['*/bottleneck[?]', 'conv3_x/bottleneck[1]', true],
    ['*/conv[1]', 'stem/conv1', false],
    ['{stem,head}/*', 'head/linear', true],
    ['{stem,head}/*', 'body/conv', false],
    ['./nets/*.yaml', 'nets/a.yaml', true],
    ['a{', 'a{', true],
  ])('%s and %s: %s', (pattern, path, fits) => expect(glob(pattern)(path)).toBe(fits));

  it('without signs of a pattern fits itself and nothing else', () => {
    const path = fc.array(fc.stringMatching(/^[a-z[\]0-9_-]{1,8}$/), { minLength: 1, maxLength: 5 }).map((steps) => steps.join('/'));
    fc.assert(
      fc.property(path, path, (one, other) => {
        expect(glob(one)(one)).toBe(true);
        expect(glob(one)(other)).toBe(one === other);
      }),
    );
  });

  it('takes no time that grows with every star', () => {
    const before = performance.now();
    expect(glob(`${'*a'.repeat(490)}b`)('a'.repeat(20_000))).toBe(false);
    expect(glob(`${'**/a/'.repeat(199)}b`)('a/'.repeat(5_000))).toBe(false);
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  it.each([['{a,b}'.repeat(9)], ['{a,b}'.repeat(40)], ['*a'.repeat(501)]])('%s is too much', (pattern) => {
    expect(() => glob(pattern)).toThrow('of at most 1,000 characters, with at most 256 choices in its braces');
  });
});
