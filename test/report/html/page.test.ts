import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { html } from '../../../src/report/html/html.ts';
import { page } from '../../../src/report/html/page.ts';

const hash = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;

describe('a page', () => {
  const text = page('<title> & "co"', html`<h1>body</h1>`);
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(text)?.[1] ?? '';

  it('allows its own script and style sheet, by what they say, and nothing else', () => {
    expect(policy).toMatch(/^default-src 'none'; /);
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain(`script-src '${hash(/<script>([\s\S]*?)<\/script>/.exec(text)?.[1] ?? '')}'`);
    expect(policy).toContain(`style-src '${hash(/<style>([\s\S]*?)<\/style>/.exec(text)?.[1] ?? '')}'`);
  });

  it('refers to nothing outside', () => {
    expect(text).not.toMatch(/\b(?:src|href)="|url\(|@import|https?:/);
  });

  it('escapes its title', () => {
    expect(text).toContain('<title>&lt;title&gt; &amp; &quot;co&quot;</title>');
  });
});
