import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CLI_HINTS } from '../../src/cli/hints.ts';
import { LIBRARY_HINTS } from '../../src/problems/hints.ts';
import { type Problem, sentence, sentenceIn } from '../../src/problems/problem.ts';

/** The rooms below the fronts: what they say is read by callers of the library too. */
const ROOMS = [
  'core',
  'problems',
  'language',
  'operators',
  'graph',
  'spec',
  'library',
  'weights',
  'onnx',
  'gradients',
  'execute',
  'analysis',
];

/** These are about calls of the command line alone. */
const ABOUT_CALLS = join('src', 'problems', 'sentences', 'cli.ts');

const FLAG = /(?:^|[\s'"`(])--[a-z][a-z-]*(?! [=<>])\b/;

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');

const filesOf = (room: string): string[] =>
  readdirSync(join('src', room), { recursive: true, encoding: 'utf8' })
    .map((name) => join('src', room, name))
    .filter((path) => path.endsWith('.ts') && path !== ABOUT_CALLS && !path.includes(join('execute', 'wasm')));

describe('advice', () => {
  it.each(ROOMS)('of %s names no option of the command line', (room) => {
    const flagged = filesOf(room).flatMap((path) =>
      withoutComments(readFileSync(path, 'utf8'))
        .split('\n')
        .filter((line) => FLAG.test(line))
        .map((line) => `${path}: ${line.trim()}`),
    );
    expect(flagged).toEqual([]);
  });

  it('has the same problems in both fronts', () => expect(Object.keys(CLI_HINTS)).toEqual(Object.keys(LIBRARY_HINTS)));

  it.each<[Problem, string, string]>([
    [
      { code: 'ONNX_OPEN_SHAPE', data: { name: 'x', shape: 'n 1×3', open: ['n 1'], example: [1, 3] } },
      'Give sizes with dims: { "n 1": N }, or the whole shape, such as input: { "x": [1, 3] }.',
      "Give sizes with --dim 'n 1=N', or the whole shape, such as --input x=1x3.",
    ],
    [
      { code: 'ONNX_UNRESOLVED', data: { operator: 'Reshape', value: 'k' } },
      'Give it with values: { "k": [N] }, put the file there, or export the model with fixed shapes.',
      'Give it with --value k=N, put the file there, or export the model with fixed shapes.',
    ],
    [{ code: 'FILE_EXISTS', data: { path: 'a' } }, 'left as it is. Name another file.', 'or say --force to replace it.'],
    [{ code: 'UNKNOWN_MODEL', data: { name: 'x', known: ['vgg'] } }, '"x". A path ends in', '"x". "flopwise list" shows the zoo; a path'],
    [{ code: 'UNKNOWN_MODEL', data: { name: 'vgh', known: ['vgg'] } }, '"vgh". Did you mean "vgg"?', '"vgh". Did you mean "vgg"?'],
  ])('%j', (problem, library, cli) => {
    expect(sentence(problem)).toContain(library);
    expect(sentenceIn(CLI_HINTS, problem)).toContain(cli);
  });
});
