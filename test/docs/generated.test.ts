import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fenced, refreshed } from '../../scripts/docs/console.ts';
import { PICTURES, pages, pagesWithOutput } from '../../scripts/docs/pages.ts';
import { commandsOf, pictureOf } from '../../scripts/docs/pictures.ts';
import { sectionOf } from '../../scripts/docs/zoo.ts';
import { zooModels } from '../../src/library/reference.ts';
import { zoo } from '../../src/node/disk.ts';

const fileOf = (path: string): URL => new URL(`../../${path}`, import.meta.url);
const read = (path: string): string => readFileSync(fileOf(path), 'utf8');

const ZOO = 'docs/zoo.md';

describe('"npm run generate" makes pages fresh:', () => {
  const { [ZOO]: _, ...others } = pages;

  it.each(Object.entries(others))('%s', async (path, page) => expect(await page()).toBe(read(path)));

  // To count all of the zoo takes seconds: the slow suite does.
  it.each(['resnet', 'swin', 'yolov8', 'gpt2', 'mixtral', 'mamba', 'whisper'])(`${ZOO}: %s`, (family) =>
    expect(read(ZOO)).toContain(`\n\n${sectionOf(family)}\n\n`),
  );

  it(`${ZOO}: every model, family by family`, () => {
    const listed = [...(read(ZOO).split('## Family by family')[1] ?? '').matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name);
    expect(listed).toEqual(zooModels(zoo).map(({ name }) => name));
  });
});

describe('commands print what stands on', () => {
  it.each(pagesWithOutput)('%s', async (path) => expect(read(path)).toBe(await refreshed(read(path))));

  it('these pages, and on no others', () => {
    const all = [
      'README.md',
      ...readdirSync(fileOf('docs'))
        .filter((name) => name.endsWith('.md'))
        .map((name) => `docs/${name}`),
    ];
    expect(all.filter((path) => fenced(read(path), 'console').length > 0).sort()).toEqual([...pagesWithOutput].sort());
  });

  it('a page with lines left out', async () => {
    const page = '```console\n$ flopwise resnet50 --by stage\nfirst\n…\nlast\n```\n';
    const lines = (await refreshed(page)).split('\n');
    expect(lines).toHaveLength(7);
    expect(lines[2]).toMatch(/^resnet50 /);
    expect(lines[3]).toBe('…');
    expect(lines[4]).toMatch(/^operations /);
  });
});

describe('commands draw the pictures beside them:', () => {
  const page = read(PICTURES);
  const commands = commandsOf(page);

  it.each([...commands])('%s', async (file, argv) => expect(await pictureOf(argv)).toBe(read(`docs/${file}`)));

  it('every picture of the page', () => {
    const shown = [...page.matchAll(/!\[[^\]]*\]\((images\/[^)]+)\)/g)].map(([, file]) => file);
    expect(shown.length).toBeGreaterThan(0);
    expect([...commands.keys()].sort()).toEqual(shown.sort());
  });
});

describe('links between pages', () => {
  const all = [
    'README.md',
    'CHANGELOG.md',
    ...readdirSync(fileOf('docs'))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  ];

  it.each(all)('of %s lead to files', (path) => {
    const targets = [...read(path).matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(([, target]) => target as string);
    const missing = targets.filter((target) => !existsSync(new URL(target, fileOf(path))));
    expect(missing).toEqual([]);
  });
});
