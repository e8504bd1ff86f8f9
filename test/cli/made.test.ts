import { describe, expect, it } from 'vitest';
import { commandText } from '../../src/cli/made.ts';
import { version } from '../../src/cli/version.ts';
import { flopwise } from './helpers.ts';

const files = {
  'net.yaml': 'name: net\ninput: [3, 8, 8]\nbudget: { parameters: < 1k }\nlayers:\n  - conv: { kernel: 3, out: 4 }\n',
  'wide net.yaml': 'name: wide\ninput: [3, 8, 8]\nlayers:\n  - conv: { kernel: 3, out: 8 }\n',
};
const changed = { 'net.yaml': '2026-01-02T03:04:05Z', 'wide net.yaml': '2025-06-07T08:09:10Z', 'specs/resnet.yaml': '2020-01-01' };
const revisions = { main: { 'net.yaml': files['net.yaml'].replace('out: 4', 'out: 2') } };

const footerOf = (text: string): string => /<footer>([\s\S]*?)<\/footer>/.exec(text)?.[1] ?? '';
const datesIn = (footer: string): string[] => [...footer.matchAll(/<p>(.* was last changed .*)<\/p>/g)].map(([, line = '']) => line);

const NET = '<code>net.yaml</code> was last changed on 2026-01-02 03:04 UTC';
const WIDE = '<code>wide net.yaml</code> was last changed on 2025-06-07 08:09 UTC';

describe('the footer of a page', () => {
  it.each([
    [['net.yaml'], [NET]],
    [
      ['table', 'net.yaml', 'wide net.yaml'],
      [NET, WIDE],
    ],
    [['table', 'net.yaml', '--layout', 'stages'], [NET]],
    [
      ['compare', 'net.yaml', 'wide net.yaml'],
      [NET, WIDE],
    ],
    [
      ['compare', 'net.yaml', '--training', 'wide net.yaml'],
      [NET, WIDE],
    ],
    [['draw', 'net.yaml'], [NET]],
    // What git has is of its revision.
    [['draw', 'net.yaml', '--against', 'git:main'], [NET]],
    [['plot', 'wide net.yaml'], [WIDE]],
    [['train', 'net.yaml'], [NET]],
    [['check', 'net.yaml'], [NET]],
    [['check', 'net.yaml', '--against', 'git:main'], [NET]],
    // Models of the zoo are those of the version.
    [['resnet18'], []],
    [['compare', 'resnet18', 'basic'], []],
  ])('of %j has the version, the command, and when its models were changed', async (argv, dates) => {
    const called = [...argv, '--format', 'html'];
    const { out, err, code } = await flopwise(called, { files, changed, revisions });
    expect({ err, code }).toEqual({ err: '', code: 0 });
    const footer = footerOf(out);
    expect(footer).toContain(`<p>Made by flopwise ${version}: <code>${commandText(called).replaceAll("'", '&#39;')}</code></p>`);
    expect(datesIn(footer)).toEqual(dates);
    expect(await flopwise(called, { files, changed, revisions })).toMatchObject({ out });
  });

  it('keeps hostile words of a command as text', async () => {
    const { out } = await flopwise(['resnet18', '--format', 'html', '-o', '</code><script>alert(1)</script>\u0007\n"'], {});
    expect(out).not.toContain('alert');
    const { written } = await flopwise(['resnet18', '--format', 'html', '-o', '</code><script>alert(1)</script>\u0007\n"'], {});
    const [text = ''] = Object.values(written);
    expect(text.match(/<script/g)).toHaveLength(1);
    expect(footerOf(text)).not.toContain('\u0007');
  });
});

describe('a command line', () => {
  it.each([
    [['resnet50', '-o', 'a/b.html'], 'flopwise resnet50 -o a/b.html'],
    [['bottleneck:d=128', '--input', '3x8x8'], 'flopwise bottleneck:d=128 --input 3x8x8'],
    [['my net.yaml', "it's", '$HOME', '', '#x', 'a#b', '~'], String.raw`flopwise 'my net.yaml' 'it'\''s' '$HOME' '' '#x' a#b '~'`],
  ])('of %j is written so that a shell reads it', (argv, text) => expect(commandText(argv)).toBe(text));
});
