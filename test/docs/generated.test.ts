import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pages } from '../../scripts/docs/pages.ts';

describe('generated pages are fresh: "npm run generate" makes them so', () => {
  it.each(Object.entries(pages))('%s', (path, page) => {
    expect(page()).toBe(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));
  });
});
