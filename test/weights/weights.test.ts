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

/** A Llama small enough to add up by hand: 2 layers of 8 features, 4 heads, 2 for keys; 10 words. */
const CONFIG = {
  model_type: 'llama',
  vocab_size: 10,
  hidden_size: 8,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  intermediate_size: 12,
};

type Stored = Readonly<Record<string, readonly number[]>>;

const layer = (number: number): Stored => {
  const name = (rest: string) => `model.layers.${number}.${rest}.weight`;
  return {
    [name('input_layernorm')]: [8],
    [name('mlp.down_proj')]: [8, 12],
    [name('mlp.gate_proj')]: [12, 8],
    [name('mlp.up_proj')]: [12, 8],
    [name('post_attention_layernorm')]: [8],
    [name('self_attn.k_proj')]: [4, 8],
    [name('self_attn.o_proj')]: [8, 8],
    [name('self_attn.q_proj')]: [8, 8],
    [name('self_attn.v_proj')]: [4, 8],
  };
};
const LLAMA: Stored = {
  'lm_head.weight': [10, 8],
  'model.embed_tokens.weight': [10, 8],
  ...layer(0),
  ...layer(1),
  'model.norm.weight': [8],
};
const PARAMETERS = 2 * 80 + 8 + 2 * (2 * 8 + 3 * 96 + 2 * 32 + 2 * 64);

/** A file with these tensors, all of a type of so many bytes. */
function fileOf(stored: Stored, dtype = 'BF16', each = 2): Uint8Array {
  let end = 0;
  const header = Object.entries(stored).map(([tensor, shape]) => {
    const from = end;
    end += each * shape.reduce((product, size) => product * size, 1);
    return [tensor, { dtype, shape, data_offsets: [from, end] }];
  });
  return safetensors(Object.fromEntries(header), end);
}

describe('weights beside a configuration', () => {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  /** Counts a configuration in a folder with these files. */
  function count(files: Readonly<Record<string, Uint8Array | string>>, config: object = CONFIG, ...more: string[]) {
    const folder = mkdtempSync(join(tmpdir(), 'flopwise-model-'));
    folders.push(folder);
    for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content);
    const path = join(folder, 'config.json');
    return flopwise([path, ...more], { files: { [path]: JSON.stringify(config) } });
  }
  const weightsOf = async (files: Readonly<Record<string, Uint8Array | string>>, config: object = CONFIG) => {
    const { out, err } = await count(files, config, '--json');
    expect(err).toBe('');
    return JSON.parse(out).weights;
  };

  test('are held against its layers, each one', async () => {
    const weights = await weightsOf({ 'model.safetensors': fileOf(LLAMA) });
    expect(weights).toMatchObject({
      tensors: 21,
      matched: 21,
      alone: [],
      missing: [],
      parameters: PARAMETERS,
      bytes: 2 * PARAMETERS,
      bytesByType: { BF16: 2 * PARAMETERS },
    });
    const { out } = await count({ 'model.safetensors': fileOf(LLAMA) });
    expect(out).toMatch(/weights +.*model\.safetensors: 21 tensors, .*all are held by its layers/);
  });

  test('are found by their index, or as the only file of their kind', async () => {
    const names = Object.keys(LLAMA);
    const part = (from: number, to: number): Stored => Object.fromEntries(Object.entries(LLAMA).slice(from, to));
    const map = Object.fromEntries(names.map((one, index) => [one, index < 9 ? 'a.safetensors' : 'b.safetensors']));
    const files = {
      'model.safetensors.index.json': JSON.stringify({ weight_map: map }),
      'a.safetensors': fileOf(part(0, 9)),
      'b.safetensors': fileOf(part(9, 21)),
    };
    expect(await weightsOf(files)).toMatchObject({ tensors: 21, matched: 21 });
    expect(await weightsOf({ 'a.safetensors': fileOf(LLAMA) })).toMatchObject({ matched: 21 });
    expect(await weightsOf({ 'a.safetensors': fileOf(LLAMA), 'b.safetensors': fileOf(LLAMA) })).toBeUndefined();
    expect(await weightsOf({})).toBeUndefined();
  });

  test('may have what no layer holds: it is named', async () => {
    const more = { ...LLAMA, 'model.layers.0.self_attn.rotary_emb.inv_freq': [1, 2] };
    expect(await weightsOf({ 'model.safetensors': fileOf(more) })).toMatchObject({
      tensors: 22,
      matched: 21,
      alone: ['model.layers.0.self_attn.rotary_emb.inv_freq'],
    });
  });

  test('of experts may be stored one by one, or stacked and the other way round', async () => {
    const config = { ...CONFIG, model_type: 'mixtral', num_local_experts: 3, num_experts_per_tok: 2 };
    const withoutMlp = Object.entries(LLAMA).filter(([one]) => !one.includes('.mlp.'));
    const moe = (number: number): Stored => {
      const expert = (index: number): Stored => ({
        [`model.layers.${number}.moe.experts.${index}.w1.weight`]: [12, 8],
        [`model.layers.${number}.moe.experts.${index}.w2.weight`]: [8, 12],
        [`model.layers.${number}.moe.experts.${index}.w3.weight`]: [12, 8],
      });
      return { [`model.layers.${number}.moe.gate.weight`]: [3, 8], ...expert(0), ...expert(1), ...expert(2) };
    };
    const stacked = (number: number): Stored => ({
      [`model.layers.${number}.moe.gate.weight`]: [3, 8],
      [`model.layers.${number}.moe.up`]: [3, 8, 12],
      [`model.layers.${number}.moe.gates`]: [3, 8, 12],
      [`model.layers.${number}.moe.down`]: [3, 12, 8],
    });
    for (const layers of [
      { ...moe(0), ...moe(1) },
      { ...stacked(0), ...stacked(1) },
    ]) {
      const weights = await weightsOf({ 'model.safetensors': fileOf({ ...Object.fromEntries(withoutMlp), ...layers }) }, config);
      expect(weights).toMatchObject({ alone: [], missing: [] });
    }
  });

  test('contradict a configuration with other heads: both shapes are told, and what it says', async () => {
    const { code, err } = await count({ 'model.safetensors': fileOf(LLAMA) }, { ...CONFIG, num_key_value_heads: 4 });
    expect(code).toBe(2);
    expect(codesIn(err)).toEqual(['WEIGHTS_DO_NOT_FIT']);
    const text = err.replace(/\s+/g, ' ');
    expect(text).toContain('key/linear is 8×8, but model.layers.0.self_attn.k_proj.weight is 4×8');
    expect(text).toContain('kv_heads = 4');
    expect(text).toMatch(/config\.json/);
  });

  test.each<[string, Stored, object]>([
    ['a layer too few', Object.fromEntries(Object.entries(LLAMA).filter(([one]) => !one.includes('layers.1.'))), CONFIG],
    ['another vocabulary', { ...LLAMA, 'lm_head.weight': [11, 8], 'model.embed_tokens.weight': [11, 8] }, CONFIG],
    ['heads of another width', LLAMA, { ...CONFIG, head_dim: 4 }],
  ])('are refused with %s', async (_, stored, config) => {
    const { code, err } = await count({ 'model.safetensors': fileOf(stored) }, config);
    expect([code, codesIn(err)]).toEqual([2, ['WEIGHTS_DO_NOT_FIT']]);
  });

  test('tell nothing where numbers are packed', async () => {
    const packed = { ...LLAMA, 'model.layers.0.mlp.down_proj.weight': [8, 6] };
    const { missing, isPacked } = await weightsOf({ 'model.safetensors': fileOf(packed, 'U8', 1) });
    expect([isPacked, missing.length]).toEqual([true, 1]);
  });

  test('are not asked where another size was given', async () => {
    const { code, out } = await count({ 'model.safetensors': fileOf(LLAMA) }, CONFIG, '--set', 'layers=3', '--json');
    expect([code, JSON.parse(out).weights]).toEqual([0, undefined]);
  });

  test('that are damaged are an error', async () => {
    const { code, err } = await count({ 'model.safetensors': fileOf(LLAMA).subarray(0, 900) });
    expect([code, codesIn(err)]).toEqual([2, ['WEIGHTS_TRUNCATED']]);
  });
});
