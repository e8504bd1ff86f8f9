import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyse } from '../../src/analysis/cost.ts';
import { openModel, parseReference, zooModels } from '../../src/library/reference.ts';
import { diskFile, diskFolder, diskLibrary, zoo } from '../../src/node.ts';
import { FlopwiseError, type Problem, ProblemError, sentence } from '../../src/problems/problem.ts';
import { expandSpec, parseSpec, readSpec } from '../../src/spec/model.ts';

const SPEC = 'name: small\ninput: [3]\nlayers:\n  - linear: { out: 4 }\n';
const BLOCK = 'blocks:\n  b: { layers: [relu] }\n';

let folder: string;
const at = (path: string): string => join(folder, path);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'flopwise-'));
  mkdirSync(at('models/blocks'), { recursive: true });
  mkdirSync(at('models/folder.yaml'));
  const write = (path: string, text: string | Uint8Array) => writeFileSync(at(path), text);
  write('outside.yaml', SPEC);
  write('secret.env', 'PASSWORD=1\n');
  write('models/good.yaml', SPEC);
  write('models/good.json', JSON.stringify({ input: [3], layers: [{ linear: { out: 4 } }] }, null, '\t'));
  write('models/blocks/b.yaml', BLOCK);
  write('models/blocks/up.yaml', 'use: ../more.yaml\nblocks:\n  c: { layers: [b] }\n');
  write('models/more.yaml', BLOCK);
  write('models/empty.yaml', '');
  write('models/binary.yaml', Uint8Array.from([0x69, 0x00, 0x01, 0xff]));
  write('models/nul.yaml', 'name: a\0b\n');
  write('models/latin.yaml', Uint8Array.from([0x6e, 0x61, 0x6d, 0x65, 0x3a, 0x20, 0xe9]));
  write('models/large.yaml', '#'.repeat(2 ** 17 + 1));
  write('models/bom.yaml', `\ufeff${SPEC}`);
  write('models/a.yaml', 'use: b.yaml\n');
  write('models/b.yaml', 'extends: a.yaml\n');
  write('models/twice.yaml', `use: [none.yaml, none.yaml, blocks/b.yaml]\n${SPEC}`);
  symlinkSync(at('outside.yaml'), at('models/out.yaml'));
  symlinkSync(at('secret.env'), at('models/secret.yaml'));
  symlinkSync(at('models/loop.yaml'), at('models/loop.yaml'));
  symlinkSync(at('models/good.yaml'), at('models/inside.yaml'));
  execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', at('models/pipe.yaml')]);
});

afterAll(() => rmSync(folder, { recursive: true }));

function problemsOf(run: () => unknown): readonly Problem[] {
  try {
    run();
  } catch (error) {
    if (error instanceof FlopwiseError) return error.problems;
    if (error instanceof ProblemError) return [error.problem];
    throw error;
  }
  return [];
}

const open = (path: string) => openModel(parseReference(at(path)), diskLibrary);

describe('files', () => {
  it.each(['models/good.yaml', 'models/good.json', 'models/bom.yaml', 'models/inside.yaml', 'models/out.yaml'])('reads %s', (path) => {
    expect(analyse(open(path)).totals.macs).toBe(12n);
  });

  it.each([
    ['models/none.yaml', 'FILE_NOT_FOUND', 'There is no file'],
    ['models/good.yaml/x.yaml', 'FILE_NOT_FOUND', 'There is no file'],
    ['models/folder.yaml', 'NOT_A_FILE', 'is a folder'],
    ['models/empty.yaml', 'FILE_EMPTY', 'Write a spec into it'],
    ['models/binary.yaml', 'NOT_TEXT', 'not text in UTF-8'],
    ['models/nul.yaml', 'NOT_TEXT', 'not text in UTF-8'],
    ['models/latin.yaml', 'NOT_TEXT', 'not text in UTF-8'],
    ['models/large.yaml', 'FILE_TOO_LARGE', 'has 129 KiB, and may have 128 KiB'],
    ['models/loop.yaml', 'FILE_UNREADABLE', 'its links form a circle'],
    ['models/pipe.yaml', 'FILE_UNREADABLE', 'a device or a pipe'],
    ['models/secret.yaml', 'NOT_A_SPEC', 'does not end in .yaml'],
    ['models/a\0.yaml', 'FILE_UNREADABLE', 'characters that no file name can have'],
    [`models/${'a'.repeat(5000)}.yaml`, 'FILE_UNREADABLE', 'too long'],
    ['models/a.yaml', 'CIRCLE', 'b.yaml → '],
  ])('refuses %s: %s', (path, code, says) => {
    const problems = problemsOf(() => open(path));
    expect(problems.map((problem) => problem.code)).toEqual([code]);
    expect(sentence(problems[0] as Problem)).toContain(says);
  });

  it.skipIf(process.getuid?.() === 0)('refuses what it may not read', () => {
    const path = at('models/locked.yaml');
    writeFileSync(path, SPEC);
    chmodSync(path, 0);
    expect(problemsOf(() => open('models/locked.yaml')).map(({ code }) => code)).toEqual(['FILE_UNREADABLE']);
  });

  it('tells of the same missing file twice, not of a circle', () => {
    expect(problemsOf(() => open('models/twice.yaml')).map(({ code, position }) => `${code} ${position?.column}`)).toEqual([
      'FILE_NOT_FOUND 7',
      'FILE_NOT_FOUND 18',
    ]);
  });
});

describe('references from one file to another', () => {
  const use = (reference: string) =>
    problemsOf(() => {
      writeFileSync(at('models/user.yaml'), `use: ${JSON.stringify(reference)}\n${SPEC}`);
      return open('models/user.yaml');
    }).map(({ code }) => code);

  it.each(['blocks/b.yaml', './blocks/../blocks/b.yaml', 'blocks/up.yaml'])('follows %s', (reference) =>
    expect(use(reference)).toEqual([]),
  );

  it.each([
    ['../outside.yaml', 'OUTSIDE_FOLDER'],
    ['blocks/../../outside.yaml', 'OUTSIDE_FOLDER'],
    ['/etc/hosts.yaml', 'OUTSIDE_FOLDER'],
    ['C:/windows.yaml', 'OUTSIDE_FOLDER'],
    ['blocks\\b.yaml', 'OUTSIDE_FOLDER'],
    ['https://example.com/b.yaml', 'OUTSIDE_FOLDER'],
    ['file:///etc/hosts.yaml', 'OUTSIDE_FOLDER'],
    ['out.yaml', 'OUTSIDE_FOLDER'],
    ['secret.yaml', 'NOT_A_SPEC'],
    ['secret.env', 'NOT_A_SPEC'],
    ['.env', 'NOT_A_SPEC'],
    ['blocks/b', 'NOT_A_SPEC'],
    ['folder.yaml', 'NOT_A_FILE'],
    ['nothing', 'UNKNOWN_MODEL'],
    ['', 'UNKNOWN_MODEL'],
    ['constructor', 'UNKNOWN_MODEL'],
    ['user.yaml', 'CIRCLE'],
  ])('refuses %s: %s', (reference, code) => expect(use(reference)).toEqual([code]));

  it('refuses a circle of extends', () => {
    const files = { 'b.yaml': 'extends: c.yaml\n', 'c.yaml': 'extends: a.yaml\n' };
    const problems = problemsOf(() => parseSpec('extends: b.yaml\n', { file: 'a.yaml', files }));
    expect(problems.map(sentence)).toEqual([
      'These files form a circle: a.yaml → b.yaml → c.yaml → a.yaml. One of them must not use the next.',
    ]);
    expect(problems[0]?.position).toMatchObject({ file: 'c.yaml', line: 1, column: 10 });
  });

  it('refuses a chain without end', () => {
    const files = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`${i}.yaml`, `use: ${i + 1}.yaml\n`]));
    expect(problemsOf(() => parseSpec('use: 0.yaml\n', { files })).map(({ code }) => code)).toEqual(['TOO_MANY_FILES']);
  });

  it('tells of all files at once', () => {
    const files = { 'a.yaml': 'blocks:\n  a: { layers: [rellu] }\n', 'b.yaml': 'blocks:\n  b: { layers: [conf] }\n' };
    const problems = problemsOf(() => parseSpec('use: [a.yaml, b.yaml]\ninput: [3]\nlayers: [lineer]\n', { files }));
    expect(problems.map(({ position }) => `${position?.file}:${position?.line}`)).toEqual(['a.yaml:2', 'b.yaml:2', 'spec.yaml:3']);
  });
});

describe('the zoo', () => {
  it('does not take the JSON Schema for a model', () => {
    expect(zoo.list().filter((path) => path.endsWith('.json'))).toEqual([]);
    expect(zooModels(zoo).map(({ name }) => name)).toContain('resnet50');
  });

  it('can be extended and used by name', () => {
    const spec = parseSpec('extends: resnet18\nuse: bottleneck\nname: mine\nwith: { classes: 10 }\n', { zoo });
    expect(analyse(expandSpec(spec)).output).toEqual([[1, 10]]);
  });

  it('suggests what can be extended', () => {
    const [problem] = problemsOf(() => parseSpec('extends: resnat\n', { zoo }));
    expect(problem && sentence(problem)).toContain('Did you mean "resnet"?');
  });

  it('reads a folder as a library does', () => {
    const spec = readSpec({ folder: diskFolder(at('models'), ''), path: 'good.yaml' });
    expect(spec).toMatchObject({ name: 'small', file: 'good.yaml' });
    expect(diskFile(at('models/good.yaml')).path).toBe('good.yaml');
  });
});
