import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { attribute, external, graph, int, model, node, packed, sized, tensor, value } from '../onnx/proto.ts';
import { codesIn, flopwise } from './helpers.ts';

const folder = mkdtempSync(join(tmpdir(), 'flopwise-onnx-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

const FLOAT = 1;
const HALF = 10;

const ints = (name: string, ...values: number[]) => attribute(name, 7, packed(8, values));

/** A small network as PyTorch exports it: its batch has a name, its weights lie in a file that is absent. */
const NET = model(
  graph({
    nodes: [
      node('Conv', ['x', 'stem.weight', 'stem.bias'], ['a'], {
        name: '/stem/Conv',
        attributes: [ints('kernel_shape', 3, 3), ints('pads', 1, 1, 1, 1)],
      }),
      node('Relu', ['a'], ['b'], { name: '/relu/Relu' }),
      node('Cast', ['body.weight'], ['body.weight32'], { attributes: [attribute('to', 2, int(3, FLOAT))] }),
      node('Conv', ['b', 'body.weight32'], ['c'], { name: '/body/body.0/conv/Conv', attributes: [ints('kernel_shape', 1, 1)] }),
      node('Add', ['b', 'c'], ['d'], { name: '/body/body.0/Add' }),
      node('GlobalAveragePool', ['d'], ['e'], { name: '/pool/GlobalAveragePool' }),
      node('Flatten', ['e'], ['f'], { name: '/Flatten' }),
      node('Gemm', ['f', 'fc.weight', 'fc.bias'], ['y'], { name: '/fc/Gemm', attributes: [attribute('transB', 2, int(3, 1))] }),
    ],
    inputs: [value('x', FLOAT, ['batch', 3, 8, 8])],
    outputs: [value('y', FLOAT, ['batch', 10])],
    initializers: [
      tensor('stem.weight', FLOAT, [4, 3, 3, 3], external({ location: 'net.data' })),
      tensor('stem.bias', FLOAT, [4], external({ location: 'net.data' })),
      tensor('body.weight', HALF, [4, 4, 1, 1], external({ location: 'net.data' })),
      tensor('fc.weight', FLOAT, [10, 4], external({ location: 'net.data' })),
      tensor('fc.bias', FLOAT, [10], external({ location: 'net.data' })),
    ],
  }),
);

/** A network with two operators that nobody knows. */
const STRANGE = model(
  graph({
    nodes: [
      node('Relu', ['x'], ['a'], { name: '/relu/Relu' }),
      node('Mystery', ['a'], ['b'], { name: '/odd/Mystery', more: sized(7, 'com.example') }),
      node('Mystery', ['a'], ['c'], { name: '/odd/Mystery_1', more: sized(7, 'com.example') }),
    ],
    inputs: [value('x', FLOAT, [1, 4])],
    outputs: [value('b', FLOAT, [1, 4])],
    values: [value('b', FLOAT, [1, 4]), value('c', FLOAT, [1, 4])],
  }),
);

/** A network that keeps as many as an input says. */
const OPEN = model(
  graph({
    nodes: [node('TopK', ['x', 'k'], ['v', 'i']), node('Relu', ['v'], ['y'])],
    inputs: [value('x', FLOAT, ['n', 100]), value('k', 7, [1])],
    outputs: [value('y', FLOAT, ['n', 'kept'])],
  }),
);

const net = at('net.onnx');
const openShapes = at('open.onnx');
writeFileSync(openShapes, OPEN);
const strange = at('strange.onnx');
writeFileSync(net, NET);
writeFileSync(strange, STRANGE);
writeFileSync(at('cut.onnx'), NET.subarray(0, 200));
writeFileSync(at('text.onnx'), 'name: net\n');
symlinkSync('net.onnx', at('link.onnx'));

interface Json {
  readonly model: unknown;
  readonly input: number[][];
  readonly output: number[][];
  readonly totals: { readonly macs: number; readonly parameters: number };
  readonly memory: { readonly weightBytes: number; readonly types: string };
  readonly layers: readonly { readonly path: string; readonly operator: string; readonly macs: number }[];
  readonly groups: readonly { readonly name: string }[];
  readonly unknown?: unknown;
}

async function json(...argv: string[]): Promise<Json> {
  const outcome = await flopwise([...argv, '--format', 'json']);
  expect(outcome).toMatchObject({ code: 0, err: '' });
  return JSON.parse(outcome.out);
}

const STEM = 3 * 3 * 3 * 4 * 64;
const BODY = 4 * 4 * 64;
const FC = 4 * 10;
const PARAMETERS = 4 * 27 + 4 + 16 + 40 + 10;

describe('an ONNX file', () => {
  it('is counted layer by layer, under the names of its modules', async () => {
    const { input, output, totals, layers } = await json(net, '--batch', '1');
    expect({ input, output }).toEqual({ input: [[1, 3, 8, 8]], output: [[1, 10]] });
    expect(totals).toMatchObject({ macs: STEM + BODY + FC, parameters: PARAMETERS });
    expect(layers.map(({ path, macs }) => [path, macs])).toEqual([
      ['stem', STEM],
      ['relu', 0],
      ['body/body.0/conv', BODY],
      ['body/body.0/Add', 0],
      ['pool', 0],
      ['Flatten', 0],
      ['fc', FC],
    ]);
  });

  it.each([
    [['--dim', 'batch=2'], [[2, 3, 8, 8]]],
    [['--batch', '2'], [[2, 3, 8, 8]]],
    [['--input', '2x3x8x8'], [[2, 3, 8, 8]]],
    [['--input', 'x=2x3x8x8'], [[2, 3, 8, 8]]],
    [['--input', '3x8x8'], [[1, 3, 8, 8]]],
    [['--input', '3x8x8', '--batch', '2'], [[2, 3, 8, 8]]],
  ])('has its sizes given with %j', async (options, input) => expect((await json(net, ...options)).input).toEqual(input));

  it('has its sizes given behind its name, or behind its part', async () => {
    expect((await json(`${net}:batch=3`)).totals.macs).toBe(3 * (STEM + BODY + FC));
    expect((await json(`${net}/body:batch=3`)).totals.macs).toBe(3 * BODY);
    expect((await json(`${net}/body/body.0/conv`, '--batch', '1')).totals.macs).toBe(BODY);
  });

  it.each([
    [
      ['--by', 'stage'],
      ['stem', 'relu', 'body', 'pool', 'Flatten', 'fc'],
    ],
    [
      ['--by', 'block'],
      ['stem', 'relu', 'body/body.0', 'pool', 'Flatten', 'fc'],
    ],
    [
      ['--depth', '3'],
      ['stem', 'relu', 'body/body.0/conv', 'body/body.0/Add', 'pool', 'Flatten', 'fc'],
    ],
  ])('is grouped with %j', async (options, names) =>
    expect((await json(net, '--batch', '1', ...options)).groups.map(({ name }) => name)).toEqual(names),
  );

  it('has weights in the types of its file', async () => {
    const { memory } = await json(net, '--batch', '1', '--memory');
    expect(memory).toMatchObject({ weightBytes: 4 * (PARAMETERS - 16) + 2 * 16, types: 'weights as in the file, the rest fp32' });
    expect((await json(net, '--batch', '1', '--memory', '--dtype', 'int8')).memory).toMatchObject({
      weightBytes: PARAMETERS,
      types: 'int8',
    });
  });

  it.each([
    [['--receptive-field', '--padding', '--formula', '--exact'], '3×3×3×8×8×4'],
    [['--convention', 'fvcore'], 'fvcore'],
    [['--format', 'csv'], 'stem,conv,'],
    [['--format', 'markdown'], '### '],
    [['--top', '1'], '… 6 more'],
  ])('is shown with %j', async (options, text) => {
    const outcome = await flopwise([net, '--batch', '1', ...options]);
    expect(outcome).toMatchObject({ code: 0, err: '' });
    expect(outcome.out).toContain(text);
  });

  it('is compared, explained and executed like a spec', async () => {
    const compared = await flopwise(['compare', `${net}:batch=1`, 'basic', '--format', 'json']);
    expect(compared).toMatchObject({ code: 0, err: '' });
    const explained = await flopwise(['explain', net, '--batch', '1', '--to', 'fvcore']);
    expect(explained).toMatchObject({ code: 0, err: '' });
    expect(explained.out).toContain('fvcore (MACs)');
    const verified = await flopwise(['verify', net, '--batch', '1']);
    expect(verified).toMatchObject({ code: 0, err: '' });
    expect(verified.out).toContain('stem');
  });

  it('is followed through a link', async () => expect((await json(at('link.onnx'), '--batch', '1')).totals.macs).toBe(STEM + BODY + FC));
});

describe('operators that are not known', () => {
  it('are told under the table, on stderr and in JSON', async () => {
    const told = await flopwise([strange]);
    expect(told.code).toBe(0);
    expect(told.out).toContain('not counted  1 operator in 2 nodes not known');
    expect(told.err).toBe(
      `${strange}: 1 operator in 2 nodes not known, and counted as nothing:\n  2 × com.example.Mystery: odd/Mystery, odd/Mystery_1\n` +
        '  The totals lack what these nodes cost. --strict makes this exit with 1.\n',
    );
    const { out } = await flopwise([strange, '--format', 'json']);
    expect(JSON.parse(out).unknown).toEqual([
      { operator: 'Mystery', domain: 'com.example', count: 2, paths: ['odd/Mystery', 'odd/Mystery_1'] },
    ]);
  });

  it('make the exit code 1 with --strict, after all was printed', async () => {
    const told = await flopwise([strange, '--strict']);
    expect(told.code).toBe(1);
    expect(told.out).toContain('relu');
    expect((await flopwise([net, '--batch', '1', '--strict'])).code).toBe(0);
    expect((await flopwise(['resnet18', '--strict'])).code).toBe(0);
  });

  it('are those of the part that was named', async () => {
    expect(JSON.parse((await flopwise([`${strange}/relu`, '--format', 'json'])).out).unknown).toBeUndefined();
  });
});

describe('a shape that depends on data', () => {
  const outputOf = (out: string): unknown => (JSON.parse(out) as Json).output;

  it('is the most that it can be, with a warning, which --strict makes exit 1', async () => {
    const bound = await flopwise([openShapes, '--dim', 'n=2', '--format', 'json']);
    expect(bound.code).toBe(0);
    expect(outputOf(bound.out)).toEqual([[2, 100]]);
    expect(bound.err).toContain('1 TopK');
    expect((await flopwise([openShapes, '--dim', 'n=2', '--strict'])).code).toBe(1);
  });

  it('is what --value or --dim say', async () => {
    const given = await flopwise([openShapes, '--dim', 'n=2', '--value', 'k=5', '--strict', '--format', 'json']);
    expect([given.code, given.err, outputOf(given.out)]).toEqual([0, '', [[2, 5]]]);
    const empty = await flopwise([openShapes, '--dim', 'n=0', '--value', 'k=5', '--format', 'json']);
    expect(outputOf(empty.out)).toEqual([[0, 5]]);
  });
});

describe('what an ONNX file cannot do', () => {
  it.each([
    [[net, '--set', 'a=1'], 'ONNX_HAS_NONE'],
    [[`${net}#part`], 'ONNX_HAS_NONE'],
    [[net], 'ONNX_OPEN_SHAPE'],
    [[net, '--input', '3x16x16'], 'ONNX_INPUT_DIFFERS'],
    [[net, '--input', 'y=3x8x8', '--batch', '1'], 'ONNX_UNKNOWN_INPUT'],
    [[`${net}:batch=x`], 'WRONG_VALUE'],
    [[`${net}:batch=-1`], 'WRONG_VALUE'],
    [[net, '--dim', 'batch=1', '--dim', 'bacth=1'], 'ONNX_UNKNOWN_DIMENSION'],
    [[net, '--batch', '1', '--value', 'k=1'], 'ONNX_UNKNOWN_VALUE'],
    [[net, '--value', 'k'], 'WRONG_VALUE'],
    [[net, '--value', 'k=many'], 'WRONG_VALUE'],
    [[net, '--dim', 'batch'], 'WRONG_VALUE'],
    [[net, '--dim', 'batch=-1'], 'WRONG_VALUE'],
    [[`${net}/nowhere:batch=1`], 'UNKNOWN_PATH'],
    [['solve', net, '--param', 'a', '--macs', '5'], 'ONNX_HAS_NONE'],
    [['convert', net, '--to', 'basic'], 'ONNX_HAS_NONE'],
    [['compare', `${net}:batch=1`, `${net}:batch=1`, '--symbolic', 'd'], 'ONNX_HAS_NONE'],
    [['resnet18', '--dim', 'batch=1'], 'SPEC_HAS_NO_DIMENSIONS'],
    [[at('none.onnx')], 'FILE_NOT_FOUND'],
    [[folder.concat('.onnx')], 'FILE_NOT_FOUND'],
    [[at('cut.onnx')], 'ONNX_TRUNCATED'],
    [[at('text.onnx')], 'NOT_ONNX'],
  ])('%j', async (argv, code) => {
    const outcome = await flopwise(argv);
    expect(outcome).toMatchObject({ code: 2, out: '' });
    expect(codesIn(outcome.err)).toEqual([code]);
  });
});

const shared = (name: string): string => fileURLToPath(new URL(`../../../shared/onnx-models/${name}`, import.meta.url));

describe('exported networks', () => {
  if (!existsSync(shared('expected.json'))) {
    it.skip('cost what they should: shared/onnx-models is not beside this repository');
    return;
  }
  interface Expected {
    readonly models: Readonly<
      Record<string, { readonly macs: number; readonly float_initializer_elements: number; readonly output: number[][] }>
    >;
  }
  const { models }: Expected = JSON.parse(readFileSync(shared('expected.json'), 'utf8'));

  it.each(Object.entries(models))('%s costs what it should, under names that can be grouped', async (name, { macs, output }) => {
    const counted = await json(shared(`${name}.onnx`), '--by', 'stage');
    expect(counted.totals.macs).toBe(macs);
    expect(counted.output).toEqual(output);
    expect(counted.unknown).toBeUndefined();
    const paths = counted.layers.map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    expect(counted.groups.length).toBeLessThan(counted.layers.length);
    expect(counted.groups.length).toBeGreaterThan(1);
  });
});

describe('flopwise check of ONNX files that only the configuration names', () => {
  const config = (...files: string[]) => ({
    'flopwise.config.yaml': JSON.stringify({ models: files, budget: { macs: '<= 100 MMAC' }, baseline: 'main.json' }),
  });

  it('reads them, holds them against budgets, and writes and reads baselines', async () => {
    const { bytes } = await flopwise(['export', 'basic', '-o', 'basic.onnx']);
    writeFileSync(at('basic.onnx'), bytes['basic.onnx'] as Uint8Array);
    const files = config(at('basic.onnx'));
    const { code, err, written } = await flopwise(['check', '--update'], { files });
    // The building block of Figure 5: 231,211,008 MACs.
    expect({ code, err }).toEqual({ code: 1, err: 'Wrote main.json.\n' });
    const main = written['main.json'] as string;
    expect(JSON.parse(main).models[0].totals.macs).toBe(231_211_008);
    const again = await flopwise(['check'], { files: { ...files, 'main.json': main } });
    expect(again.code).toBe(1);
    expect(again.out).toContain('231,211,008 is 131,211,008 (131.21%) over 100 MMAC');
    expect(again.out).toContain('As in main.json.');
  });

  it('tells of operators that are not known; with --strict that is exit 1', async () => {
    const files = config(strange);
    const lenient = await flopwise(['check', '--update'], { files });
    expect(lenient.code).toBe(0);
    expect(lenient.err).toContain('Mystery');
    expect((await flopwise(['check', '--update', '--strict'], { files })).code).toBe(1);
  });
});
