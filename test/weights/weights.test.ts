import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { bufferSource } from '../../src/onnx/file/bytes.ts';
import { FlopwiseError, ProblemError } from '../../src/problems/problem.ts';
import { readGguf } from '../../src/weights/gguf.ts';
import { byName, byType, total } from '../../src/weights/name-tree.ts';
import { readSafetensors } from '../../src/weights/safetensors.ts';
import { codesIn, flopwise } from '../cli/helpers.ts';

type Entry = Readonly<Record<string, unknown>>;

/** A safetensors file with this header, and as many bytes of data; `length` is what it says of its header. */
function safetensors(header: Readonly<Record<string, Entry>> | string, data: number, length?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

/** Two layers of 2×3 in bf16 and a bias of 4 in fp32: 12 + 12 + 16 bytes. */
const GOOD = {
  __metadata__: { format: 'pt' },
  'model.layers.0.weight': { dtype: 'BF16', shape: [2, 3], data_offsets: [0, 12] },
  'model.layers.1.weight': { dtype: 'BF16', shape: [2, 3], data_offsets: [12, 24] },
  'head.bias': { dtype: 'F32', shape: [4], data_offsets: [24, 40] },
};

const number = (value: number | bigint, bytes: 4 | 8): number[] => {
  const view = new DataView(new ArrayBuffer(bytes));
  if (bytes === 4) view.setUint32(0, Number(value), true);
  else view.setBigUint64(0, BigInt(value), true);
  return [...new Uint8Array(view.buffer)];
};
const name = (text: string): number[] => [...number(text.length, 8), ...new TextEncoder().encode(text)];

interface Gguf {
  readonly type?: number;
  readonly sizes?: readonly (number | bigint)[];
  readonly offsets?: readonly number[];
  readonly count?: bigint;
  readonly data?: number;
  readonly version?: number;
  readonly words?: bigint;
}

/** A GGUF file with a list of two words, and a tensor for each offset. */
function gguf({ type = 12, sizes = [256, 2], offsets = [0], count, data = 288, version = 3, words = 2n }: Gguf = {}): Uint8Array {
  const header = [
    ...new TextEncoder().encode('GGUF'),
    ...number(version, 4),
    ...number(count ?? BigInt(offsets.length), 8),
    ...number(1, 8),
    ...[...name('tokenizer.ggml.tokens'), ...number(9, 4), ...number(8, 4), ...number(words, 8), ...name('a'), ...name('bc')],
    ...offsets.flatMap((offset, index) => [
      ...name(`blk.${index}.weight`),
      ...number(sizes.length, 4),
      ...sizes.flatMap((size) => number(size, 8)),
      ...number(type, 4),
      ...number(offset, 8),
    ]),
  ];
  return Uint8Array.from([...header, ...new Array(((32 - (header.length % 32)) % 32) + data).fill(0)]);
}

const problemOf = (run: () => unknown): string => {
  try {
    run();
    return 'none';
  } catch (error) {
    if (error instanceof ProblemError) return error.problem.code;
    if (error instanceof FlopwiseError) return error.problems.map(({ code }) => code).join();
    throw error;
  }
};

describe('a safetensors file', () => {
  test('has parameters and bytes by name and type', () => {
    const { tensors } = readSafetensors(bufferSource(safetensors(GOOD, 40)), 'a');
    expect(total(tensors)).toMatchObject({ elements: 16n, bytes: 40n });
    expect(byName(tensors, 2).map(({ name, elements, bytes }) => [name, elements, bytes])).toEqual([
      ['model.layers', 12n, 24n],
      ['head.bias', 4n, 16n],
    ]);
    expect(byType(tensors).map(({ name, bytes }) => [name, bytes])).toEqual([
      ['BF16', 24n],
      ['F32', 16n],
    ]);
  });

  const one = (entry: Entry, data = 8) => safetensors({ a: entry }, data);
  test.each<[string, Uint8Array, string]>([
    ['a file that is cut off in its data', safetensors(GOOD, 30), 'WEIGHTS_TRUNCATED'],
    ['a file that is cut off in its header', safetensors(GOOD, 40).subarray(0, 60), 'WEIGHTS_TRUNCATED'],
    ['an empty file', new Uint8Array(0), 'WEIGHTS_TRUNCATED'],
    ['a length past any header', safetensors(GOOD, 40, 2n ** 63n), 'WEIGHTS_MALFORMED'],
    ['a length past the end', safetensors(GOOD, 40, 99_999n), 'WEIGHTS_TRUNCATED'],
    [
      'tensors that overlap',
      safetensors({ ...GOOD, 'head.bias': { dtype: 'F32', shape: [4], data_offsets: [20, 36] } }, 36),
      'WEIGHTS_MALFORMED',
    ],
    ['bytes of no tensor', safetensors(GOOD, 48), 'WEIGHTS_MALFORMED'],
    ['a shape that does not fit its bytes', one({ dtype: 'F32', shape: [3], data_offsets: [0, 8] }), 'WEIGHTS_MALFORMED'],
    ['a type that there is not', one({ dtype: 'toString', shape: [2], data_offsets: [0, 8] }), 'WEIGHTS_MALFORMED'],
    ['a size below zero', one({ dtype: 'F32', shape: [-2], data_offsets: [0, 8] }), 'WEIGHTS_MALFORMED'],
    ['offsets that fall', one({ dtype: 'F32', shape: [2], data_offsets: [8, 0] }), 'WEIGHTS_MALFORMED'],
    ['null for a tensor', safetensors('{"a":null}', 0), 'WEIGHTS_MALFORMED'],
    ['a header that is a list', safetensors('[]', 0), 'WEIGHTS_MALFORMED'],
    ['a header that is no JSON', safetensors('{"a', 0), 'WEIGHTS_MALFORMED'],
    ['a header of brackets', safetensors('['.repeat(1_000_000), 0), 'WEIGHTS_MALFORMED'],
  ])('is refused with %s', (_, bytes, code) => {
    expect(problemOf(() => readSafetensors(bufferSource(bytes), 'a.safetensors'))).toBe(code);
  });
});

describe('a GGUF file', () => {
  test.each([
    // 512 elements: two blocks of 256 as Q4_K, of 144 bytes; sixteen of 32 as Q8_0, of 34.
    [12, 'Q4_K', 288n],
    [14, 'Q6_K', 420n],
    [8, 'Q8_0', 544n],
    [39, 'MXFP4', 272n],
    [0, 'F32', 2048n],
  ])('has blocks of type %i: %s', (type, typeName, bytes) => {
    const { tensors } = readGguf(bufferSource(gguf({ type, data: Number(bytes) })), 'a');
    expect(tensors).toEqual([{ name: 'blk.0.weight', type: typeName, shape: [2, 256], elements: 512n, bytes }]);
  });

  test.each<[string, Uint8Array, string]>([
    ['another magic number', new TextEncoder().encode('GGML00000000'), 'WEIGHTS_MALFORMED'],
    ['an old version', gguf({ version: 1 }), 'WEIGHTS_MALFORMED'],
    ['more tensors than there may be', gguf({ count: 2n ** 60n }), 'WEIGHTS_MALFORMED'],
    ['more tensors than there are', gguf({ count: 900_000n }), 'WEIGHTS_TRUNCATED'],
    ['more words than there are', gguf({ words: 2n ** 62n }), 'WEIGHTS_TRUNCATED'],
    ['a type that is not known', gguf({ type: 99 }), 'WEIGHTS_MALFORMED'],
    ['rows that blocks do not divide', gguf({ sizes: [100, 2] }), 'WEIGHTS_MALFORMED'],
    ['an axis past 2^53', gguf({ sizes: [2n ** 60n] }), 'WEIGHTS_MALFORMED'],
    ['tensors that overlap', gguf({ offsets: [0, 32], data: 400 }), 'WEIGHTS_MALFORMED'],
    ['an offset between places', gguf({ offsets: [3] }), 'WEIGHTS_MALFORMED'],
    ['half of its data', gguf({ data: 100 }), 'WEIGHTS_TRUNCATED'],
    ['half of its header', gguf().subarray(0, 50), 'WEIGHTS_TRUNCATED'],
  ])('is refused with %s', (_, bytes, code) => {
    const outcome = problemOf(() => readGguf(bufferSource(bytes), 'a.gguf'));
    expect(outcome).toBe(code);
  });
});

test('whatever is changed in a file, there is an answer or a problem', () => {
  const files = [
    { bytes: safetensors(GOOD, 40), read: readSafetensors },
    { bytes: gguf(), read: readGguf },
  ];
  fc.assert(
    fc.property(fc.constantFrom(...files), fc.nat(), fc.integer({ min: 0, max: 255 }), ({ bytes, read }, at, value) => {
      const changed = Uint8Array.from(bytes);
      changed[at % changed.length] = value;
      problemOf(() => read(bufferSource(changed), 'a'));
    }),
    { numRuns: 500 },
  );
});

describe('on the command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'flopwise-weights-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const put = (file: string, content: Uint8Array | string): string => {
    writeFileSync(join(folder, file), content);
    return join(folder, file);
  };

  test('a file of weights is shown, named alone', async () => {
    const { code, out } = await flopwise([put('model.safetensors', safetensors(GOOD, 40))]);
    expect(code).toBe(0);
    expect(out).toMatch(/model\.layers +BF16 +2 +12 +24/);
    expect(out).toMatch(/total +BF16, F32 +3 +16 +40/);
  });

  test('an index is shown with the files that it names', async () => {
    put('a.safetensors', safetensors({ x: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }, 8));
    put('b.safetensors', safetensors({ y: { dtype: 'F16', shape: [2], data_offsets: [0, 4] } }, 4));
    const index = (map: object) => put('m.safetensors.index.json', JSON.stringify({ weight_map: map }));
    const { out } = await flopwise([index({ x: 'a.safetensors', y: 'b.safetensors' }), '--format', 'json']);
    expect(JSON.parse(out).totals).toEqual({ tensors: 2, parameters: 4, bytes: 12 });
    for (const map of [
      { x: 'a.safetensors', z: 'b.safetensors' },
      { y: 'a.safetensors' },
      { x: 'c.safetensors' },
      { x: '../a.safetensors' },
      {},
      { x: 1 },
    ]) {
      const { code, err } = await flopwise([index(map)]);
      expect(code).toBe(2);
      expect(codesIn(err).join()).toMatch(/^(WEIGHTS_MALFORMED|FILE_NOT_FOUND)$/);
    }
    expect(codesIn((await flopwise([put('n.safetensors.index.json', '{"')])).err)).toEqual(['WEIGHTS_MALFORMED']);
  });

  test('a damaged one, or none, is an error', async () => {
    const { code, err } = await flopwise([put('bad.gguf', gguf({ data: 10 }))]);
    expect(code).toBe(2);
    expect(codesIn(err)).toEqual(['WEIGHTS_TRUNCATED']);
    expect(codesIn((await flopwise([join(folder, 'none.gguf')])).err)).toEqual(['FILE_NOT_FOUND']);
  });
});
