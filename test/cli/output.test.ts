import { describe, expect, it } from 'vitest';
import { codesIn, flopwise } from './helpers.ts';

/** Without the command, which a page tells. */
const withoutCommand = (text: string | undefined): string | undefined => text?.replace(/: <code>flopwise .*<\/code>/, '');

const NET =
  'name: net\ninput: [3, 8, 8]\nwith: { width: 4, depth: 1 }\nlayers:\n  - conv: { kernel: 3, out: $width }\n    repeat: $depth\n';
const files = { 'net.yaml': NET };

describe('--output', () => {
  it.each([
    ['a.html', 'html'],
    ['a.HTM', 'html'],
    ['a.json', 'json'],
    ['a.csv', 'csv'],
    ['a.md', 'markdown'],
    ['out.d/a.markdown', 'markdown'],
    ['a.txt', 'table'],
    ['a', 'table'],
  ])('%s is written as %s, which is said', async (path, format) => {
    const plain = await flopwise(['net.yaml', '--format', format], { files });
    for (const option of ['-o', '--output']) {
      const outcome = await flopwise(['net.yaml', option, path], { files });
      expect(outcome).toMatchObject({ code: 0, out: '', err: `Wrote ${path}.\n` });
      expect(withoutCommand(outcome.written[path])).toBe(withoutCommand(plain.out));
    }
  });

  it('yields to --format', async () => {
    const { written } = await flopwise(['net.yaml', '-o', 'a.html', '--format', 'csv'], { files });
    expect(written['a.html']).toMatch(/^model,name,/);
  });

  it.each([
    [['compare', 'basic', 'bottleneck'], 'a.csv', /^total,basic,bottleneck\n/],
    [['list', 'resnet18'], 'a.md', /^### image classification\n/],
    [['explain', 'resnet18'], 'a.json', /^\{/],
    [['conventions'], 'a.json', /^\[/],
    [['check', 'resnet18', '--max-macs', '4G'], 'a.sarif', /sarif/],
    [['check', 'resnet18', '--max-macs', '4G'], 'a.xml', /^<\?xml/],
    [['solve', 'net.yaml', '--param', 'width', '--parameters', '<= 500'], 'a.json', /^\{/],
    [['verify', 'net.yaml'], 'a.csv', /^model,/],
    [['schema'], 'a.json', /^\{/],
    [['export', 'net.yaml', '--to', 'spec'], 'a.yaml', /\nname: net\n/],
  ])('of %j takes the ending of %s', async (argv, path, begins) => {
    const outcome = await flopwise([...argv, '-o', path], { files });
    expect(outcome).toMatchObject({ code: 0, out: '', err: `Wrote ${path}.\n` });
    expect(outcome.written[path]).toMatch(begins);
  });

  it('with the ending of a format that the command has not is refused before anything runs', async () => {
    const outcome = await flopwise(['list', '-o', 'zoo.html'], { files });
    expect(outcome).toMatchObject({ code: 2, out: '', written: {} });
    expect(codesIn(outcome.err)).toEqual(['WRONG_ENDING']);
    expect(outcome.err).toContain('table, json, csv, markdown');
  });
});

describe('formats', () => {
  it('have short names', async () => {
    const of = async (...argv: string[]) => (await flopwise(['net.yaml', ...argv], { files })).out;
    expect(await of('--format', 'md')).toBe(await of('--format', 'markdown'));
    expect(await of('--json')).toBe(await of('--format', 'json'));
    expect(JSON.parse(await of('--json')).model.name).toBe('net');
  });
});

describe('--json', () => {
  it.each([
    ['list', 'resnet18'],
    ['explain', 'resnet18'],
    ['compare', 'basic', 'bottleneck'],
    ['check', 'resnet18', '--max-macs', '4G'],
    ['conventions'],
    ['verify', 'net.yaml'],
    ['solve', 'net.yaml', '--param', 'width', '--parameters', '<= 500'],
  ])('%s %s', async (...argv) => {
    const { code, out } = await flopwise([...argv, '--json'], { files });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toBeTypeOf('object');
  });
});

describe('-', () => {
  it('is the spec on the standard input', async () => {
    const piped = await flopwise(['-', '--json'], { files: { '-': NET } });
    expect(JSON.parse(piped.out)).toMatchObject({ model: { name: 'net', source: '-' }, output: [[1, 4, 6, 6]] });
    expect(JSON.parse((await flopwise(['-', '--set', 'width=2', '--json'], { files: { '-': NET } })).out).output).toEqual([[1, 2, 6, 6]]);
    const family = { '-': `${NET}variants: { small: { width: 1 }, large: { width: 9 } }\n` };
    expect((await flopwise(['-'], { files: family })).out).toMatch(/\nsmall .*\nlarge /);
    expect((await flopwise(['compare', '-', 'basic'], { files: { '-': NET } })).code).toBe(0);
    expect((await flopwise(['check', '-', '--max-macs', '1'], { files: { '-': NET } })).code).toBe(1);
  });

  it('has problems with a place', async () => {
    const { code, err } = await flopwise(['-'], { files: { '-': 'input: [3]\nlayers: [rellu]\n' } });
    expect(code).toBe(2);
    expect(err).toMatch(/^-:2:10 {2}UNKNOWN_OPERATOR\n/);
  });
});

describe('--set', () => {
  it.each([
    [
      ['--set', 'width=6,depth=2'],
      [1, 6, 4, 4],
    ],
    [
      ['--set', 'width=6, depth=2'],
      [1, 6, 4, 4],
    ],
    [
      ['--set', 'width=6', '--set', 'depth=2'],
      [1, 6, 4, 4],
    ],
  ])('%j sets several', async (argv, output) => {
    expect(JSON.parse((await flopwise(['net.yaml', ...argv, '--json'], { files })).out).output).toEqual([output]);
  });

  it('keeps the commas of lists', async () => {
    const { out } = await flopwise(['resnet50', '--set', 'repeats=[1,1,1,1],classes=7', '--json']);
    expect(JSON.parse(out).output).toEqual([[1, 7]]);
  });
});

describe('--input', () => {
  const two = { 'two.yaml': 'input: { a: [3, 8, 8], b: [3, 8, 8] }\nlayers: [{ add: {}, from: [a, b] }]\n' };

  it.each([
    [['--input', 'a=3x4x4,b=1x4x4']],
    [['--input', 'a=3x4x4, b=1x4x4']],
    [['--input', 'a=3,4,4,b=1,4,4']],
    [['--input', 'a=3x4x4', '--input', 'b=1x4x4']],
  ])('%j gives several', async (argv) => {
    expect(JSON.parse((await flopwise(['two.yaml', ...argv, '--json'], { files: two })).out)).toMatchObject({
      input: [
        [1, 3, 4, 4],
        [1, 1, 4, 4],
      ],
      output: [[1, 3, 4, 4]],
    });
  });
});

describe('--help', () => {
  it.each([[['nosuch', '--help']], [['nosuch', '-h']]])('%j is refused', async (argv) => {
    const { code, out, err } = await flopwise(argv);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(codesIn(err)).toEqual(['UNKNOWN_COMMAND']);
  });

  it('of a word near a command suggests it', async () => {
    expect((await flopwise(['comapre', '--help'])).err).toContain('Did you mean "compare"?');
    expect((await flopwise(['nosuch', '--help'])).err).toContain('The commands: check, schema, help');
  });

  it.each(['resnet50', 'resnet', 'basic', 'net.yaml', 'net.onnx', '-'])('after the model %s is that of a table', async (model) => {
    const { code, out } = await flopwise([model, '--help'], { files });
    expect(code).toBe(0);
    expect(out).toMatch(/^Usage: flopwise /);
  });
});
