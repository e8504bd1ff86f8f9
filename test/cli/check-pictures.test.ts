import { describe, expect, it } from 'vitest';
import { checkPicture } from '../report/drawing/picture.ts';
import { flopwise } from './helpers.ts';

const spec = (layers: readonly string[]): string => `input: [3, 8, 8]\nlayers:\n${layers.map((layer) => `  - ${layer}\n`).join('')}`;

const BEFORE = ['conv: { kernel: 3, out: 8 }', 'relu', 'conv: { kernel: 1, out: 4 }'];

interface Shown {
  readonly markdown: string;
  readonly html: string;
}

/** The reports of a check of files against what they were; of a picture in HTML also whether nothing of it overlaps. */
async function reportsOf(now: Record<string, string>, then: Record<string, string>): Promise<Shown> {
  const world = { files: now, revisions: { main: then } };
  const reportIn = async (format: string): Promise<string> => {
    const { code, out, err } = await flopwise(['check', ...Object.keys(now), '--against', 'git:main', '--format', format], world);
    expect(err).toBe('');
    expect(code).toBe(0);
    return out;
  };
  const html = await reportIn('html');
  for (const [svg] of html.matchAll(/<svg [^>]*class="drawing".*?<\/svg>/gs)) checkPicture(svg);
  return { markdown: await reportIn('markdown'), html };
}

const blocksIn = (markdown: string): string[] => [...markdown.matchAll(/```mermaid\n(.*?)\n```/gs)].map(([, block = '']) => block);
const drawingsIn = (html: string): number => html.split('class="drawing"').length - 1;

describe('what changed since a revision is drawn', () => {
  it.each([
    ['a layer that is added', [...BEFORE, 'conv: { kernel: 1, out: 2 }'], '+ 1×1 conv, 2', ':::added'],
    ['a layer that is gone', BEFORE.slice(0, 2), '− 1×1 conv, 4', ':::removed'],
    ['a layer that costs more', ['conv: { kernel: 5, padding: 1, out: 8 }', ...BEFORE.slice(1)], '+ 5×5 conv, 8', ':::changed'],
    ['another activation', ['conv: { kernel: 3, out: 8 }', 'gelu', 'conv: { kernel: 1, out: 4 }'], '+ gelu', ':::changed'],
  ])('%s', async (_, now, text, state) => {
    const { markdown, html } = await reportsOf({ 'a.yaml': spec(now) }, { 'a.yaml': spec(BEFORE) });
    const [block, ...others] = blocksIn(markdown);
    expect(others).toEqual([]);
    expect(block).toContain(text);
    expect(block).toContain(state);
    expect(drawingsIn(html)).toBe(1);
    expect(html).toContain(`>${text}</text>`);
  });

  it.each([
    ['a model as it was', BEFORE, BEFORE],
    ['a new name of a layer', BEFORE, [...BEFORE.slice(0, 2), 'conv: { kernel: 1, out: 4 }\n    name: last']],
  ])('%s is not', async (_, then, now) => {
    const { markdown, html } = await reportsOf({ 'a.yaml': spec(now) }, { 'a.yaml': spec(then) });
    expect(blocksIn(markdown)).toEqual([]);
    expect(drawingsIn(html)).toBe(0);
  });

  it('nor is a model that was not there', async () => {
    const { markdown, html } = await reportsOf({ 'a.yaml': spec(BEFORE), 'b.yaml': spec(BEFORE) }, { 'b.yaml': spec(BEFORE) });
    expect(blocksIn(markdown)).toEqual([]);
    expect(drawingsIn(html)).toBe(0);
  });

  it('three models of many are drawn in a comment, each within what is read at a glance', async () => {
    const chain = (count: number, kernel: number): string =>
      spec(Array.from({ length: count }, (_, index) => `conv: { kernel: ${kernel}, padding: 1, out: ${4 + index} }`));
    const names = ['a', 'b', 'c', 'd'].map((name) => `${name}.yaml`);
    const all = (kernel: number) => Object.fromEntries(names.map((name) => [name, chain(90, kernel)]));
    const { markdown, html } = await reportsOf(all(3), all(1));
    const blocks = blocksIn(markdown);
    expect(blocks).toHaveLength(3);
    for (const block of blocks) expect(block.match(/^ +m0v\d+[[(]/gm)?.length).toBeLessThanOrEqual(60);
    expect(new TextEncoder().encode(markdown).length).toBeLessThanOrEqual(65_536);
    expect(drawingsIn(html)).toBe(4);
  });
});
