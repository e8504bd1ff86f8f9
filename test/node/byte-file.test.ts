import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { elements } from '../../src/core/shape.ts';
import { besideModel, openBytes } from '../../src/node/byte-file.ts';
import type { OnnxModel } from '../../src/onnx/file/model.ts';
import { readOnnx } from '../../src/onnx/file/read-model.ts';
import { problemOf } from '../onnx/helpers.ts';
import { graph, node, opset, packed, sized, tensor, varint } from '../onnx/proto.ts';

const folder = mkdtempSync(join(tmpdir(), 'flopwise-bytes-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

/** Reads a model of a disk, and tells how many bytes of it were read. */
function readFile(path: string): { model: OnnxModel; bytes: number } {
  const file = openBytes(path);
  let bytes = 0;
  const source = {
    size: file.size,
    read(offset: number, into: Uint8Array) {
      bytes += into.length;
      return file.read(offset, into);
    },
  };
  try {
    return { model: readOnnx(source, path), bytes };
  } finally {
    file.close();
  }
}

describe('a file in windows', () => {
  it('gives what there is, from anywhere', () => {
    writeFileSync(at('ten'), '0123456789');
    const file = openBytes(at('ten'));
    const into = new Uint8Array(4);
    expect(file.size).toBe(10);
    expect([file.read(3, into), new TextDecoder().decode(into)]).toEqual([4, '3456']);
    expect(file.read(8, into)).toBe(2);
    expect(file.read(1e15, into)).toBe(0);
    file.close();
  });

  it.each([
    ['nothing there', 'none.onnx', 'FILE_NOT_FOUND'],
    ['a folder', '.', 'NOT_A_FILE'],
    ['a name that no file has', 'a\0b', 'FILE_UNREADABLE'],
    ['below a file', 'ten/b', 'FILE_NOT_FOUND'],
  ])('refuses %s', (_, name, code) => expect(problemOf(() => openBytes(join(folder, name)))).toMatch(new RegExp(`^${code}: `)));

  if (existsSync('/dev/zero'))
    it('refuses a device', () => expect(problemOf(() => openBytes('/dev/zero'))).toMatch(/^FILE_UNREADABLE: .*device/));
  else it.skip('refuses a device: there is no /dev/zero here');
});

describe('a file beside a model', () => {
  mkdirSync(at('models/parts'), { recursive: true });
  writeFileSync(at('secret'), '');
  writeFileSync(at('models/net.data'), '');
  writeFileSync(at('models/parts/net.data'), '');
  symlinkSync('../secret', at('models/out'));
  symlinkSync('net.data', at('models/in'));

  it.each([
    ['net.data', 'models/net.data'],
    ['./parts/net.data', 'models/parts/net.data'],
    ['parts/../net.data', 'models/net.data'],
    ['in', 'models/net.data'],
    ['out', undefined],
    ['../secret', undefined],
    ['parts/../../secret', undefined],
    [at('models/net.data'), undefined],
    ['absent', undefined],
    ['parts', undefined],
    ['', undefined],
    ['a\0b', undefined],
  ])('%j is %s', (location, expected) => expect(besideModel(at('models'), location)?.slice(-(expected ?? '').length)).toBe(expected));
});

describe('a file of more than 4 GiB', () => {
  const path = at('large.onnx');
  const WEIGHTS = 5 * 2 ** 30;

  /** A graph whose weights are a hole in the file; nodes come after them. */
  function write(): void {
    const shape = [5, 2 ** 28];
    const head = tensor('w', 1, shape);
    const rawTag = [...varint(9 * 8 + 2), ...varint(WEIGHTS)];
    const tensorLength = head.length + rawTag.length + WEIGHTS;
    const start = [...varint(5 * 8 + 2), ...varint(tensorLength), ...head, ...rawTag];
    const end = graph({ nodes: [node('MatMul', ['x', 'w'], ['y'])], initializers: [tensor('s', 7, [1], packed(7, [5]))] });
    const graphLength = start.length + WEIGHTS + end.length;
    const first = Uint8Array.from([...varint(7 * 8 + 2), ...varint(graphLength), ...start]);
    const last = Uint8Array.from([...end, ...opset('', 17), ...sized(2, 'behind')]);
    const file = openSync(path, 'w');
    ftruncateSync(file, first.length + WEIGHTS + last.length);
    writeSync(file, first, 0, first.length, 0);
    writeSync(file, last, 0, last.length, first.length + WEIGHTS);
    closeSync(file);
  }

  it('is read, but for its weights', () => {
    write();
    const { model, bytes } = readFile(path);
    expect(model.producer).toBe('behind');
    expect(model.graph.nodes).toMatchObject([{ operator: 'MatMul', inputs: ['x', 'w'] }]);
    expect(model.graph.initializers.get('w')?.shape).toEqual([5, 2 ** 28]);
    expect(model.graph.initializers.get('w')?.elements()).toBeUndefined();
    expect(bytes).toBeLessThan(20_000);
  });
});

const shared = (name: string): string => fileURLToPath(new URL(`../../../shared/onnx-models/${name}`, import.meta.url));

describe('exported models', () => {
  if (!existsSync(shared('expected.json'))) {
    it.skip('have the nodes and weights that they should: shared/onnx-models is not beside this repository');
    return;
  }
  interface Expected {
    readonly models: Readonly<
      Record<string, { readonly nodes: number; readonly float_initializer_elements: number; readonly output: number[][] }>
    >;
  }
  const { models }: Expected = JSON.parse(readFileSync(shared('expected.json'), 'utf8'));
  it.each(Object.entries(models))('%s has the nodes and weights that it should', (name, expected) => {
    const { graph: main } = readFile(shared(`${name}.onnx`)).model;
    const floats = [...main.initializers.values()].filter(({ type }) => type === 'float32');
    expect(main.nodes).toHaveLength(expected.nodes);
    expect(main.outputs.map(({ shape }) => shape)).toEqual(expected.output);
    expect(floats.reduce((total, { shape }) => total + elements(shape), 0n)).toBe(BigInt(expected.float_initializer_elements));
  });
});
