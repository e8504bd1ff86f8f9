import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codesIn, flopwise } from './helpers.ts';

describe('flopwise docs', () => {
  it('lists the pages', async () => {
    const { code, out } = await flopwise(['docs']);
    expect(code).toBe(0);
    expect(out).toMatch(/\nspec +The spec language\n/);
    expect(out).not.toContain('README');
  });

  it('prints one', async () => {
    expect((await flopwise(['docs', 'spec'])).out).toBe(readFileSync(new URL('../../docs/spec.md', import.meta.url), 'utf8'));
  });

  it.each([
    ['specc', 'Did you mean "spec"?'],
    ['../README', 'pages'],
    ['README', 'pages'],
  ])('knows no page %s', async (name, says) => {
    const { code, out, err } = await flopwise(['docs', name]);
    expect({ code, out, codes: codesIn(err) }).toEqual({ code: 2, out: '', codes: ['UNKNOWN_PAGE'] });
    expect(err).toContain(says);
  });
});
