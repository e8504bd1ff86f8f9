import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { describe, expect, it } from 'vitest';
import { numbersOf } from '../../src/core/tensor.ts';
import { FastKernels } from '../../src/execute/fast/fast-kernels.ts';
import { Machine } from '../../src/execute/fast/machine.ts';
import { execute } from '../../src/execute/interpreter.ts';
import { graphOf } from '../execute/graph-of.ts';

// No self-deception: whatever is broken in the fast kernels, their counts or their numbers must differ from those of the
// reference kernels.

const SOURCES = fileURLToPath(new URL('../../src/execute/wasm/', import.meta.url));
const FLAGS = [
  '--outFile',
  'kernels.wasm',
  '-O3',
  '--enable',
  'simd',
  '--runtime',
  'stub',
  '--noAssert',
  '--noExportMemory',
  '--importMemory',
];

/** Eight filters, four and one; four positions and fewer; windows over borders and within them; channels in lanes and beside them. */
const layers = [
  { name: 'conv', attributes: { out: 13, kernel: 3, padding: 1, stride: [2, 1] }, inputs: [[2, 3, 7, 9]] },
  { name: 'conv', attributes: { out: 26, kernel: [2, 3, 1], groups: 2, dilation: 2, padding: 1 }, inputs: [[1, 4, 5, 6, 3]] },
  { name: 'conv', attributes: { out: 13, kernel: 3, padding: 1, groups: 13 }, inputs: [[2, 13, 5, 6]] },
  { name: 'conv', attributes: { out: 13, kernel: [2, 2, 2], padding: 1, groups: 13, bias: false }, inputs: [[1, 13, 3, 3, 3]] },
  { name: 'linear', attributes: { out: 13 }, inputs: [[5, 7]] },
  {
    name: 'matmul',
    attributes: {},
    inputs: [
      [2, 5, 3],
      [2, 3, 13],
    ],
  },
  { name: 'maxpool', attributes: { kernel: [2, 3, 2], stride: 1, padding: 1 }, inputs: [[2, 6, 4, 5, 3]] },
  { name: 'globalavgpool', attributes: {}, inputs: [[2, 6, 3, 3]] },
  { name: 'batchnorm', attributes: {}, inputs: [[2, 6, 3, 3]] },
  { name: 'relu', attributes: {}, inputs: [[2, 3, 3, 3]] },
  {
    name: 'add',
    attributes: {},
    inputs: [
      [2, 3, 3, 3],
      [2, 3, 3, 3],
    ],
  },
  {
    name: 'concat',
    attributes: {},
    inputs: [
      [2, 3, 3, 3],
      [2, 2, 3, 3],
    ],
  },
  {
    name: 'multiply',
    attributes: {},
    inputs: [
      [2, 3, 3, 3],
      [2, 3, 3, 3],
    ],
  },
  { name: 'gelu', attributes: {}, inputs: [[3, 13]] },
  { name: 'gelu', attributes: { approximate: 'tanh' }, inputs: [[3, 13]] },
  { name: 'silu', attributes: {}, inputs: [[3, 13]] },
  { name: 'softmax', attributes: {}, inputs: [[3, 14]] },
  { name: 'softmax', attributes: {}, inputs: [[3, 3]] },
  { name: 'layernorm', attributes: {}, inputs: [[3, 2, 14]] },
  { name: 'layernorm', attributes: { affine: false }, inputs: [[3, 2, 3]] },
  { name: 'rmsnorm', attributes: {}, inputs: [[3, 2, 14]] },
  { name: 'rope', attributes: { dim: 6, start: 2 }, inputs: [[2, 3, 5, 8]] },
  { name: 'rope', attributes: { interleaved: true }, inputs: [[2, 3, 5, 6]] },
  { name: 'splitheads', attributes: { heads: 3 }, inputs: [[2, 5, 6]] },
  { name: 'mergeheads', attributes: {}, inputs: [[2, 3, 5, 2]] },
  { name: 'split', attributes: { sizes: [2, 3], axis: -1 }, inputs: [[2, 4, 5]] },
  { name: 'cache', attributes: { past: 7 }, inputs: [[2, 3, 2, 5]] },
  {
    name: 'sdpa',
    attributes: { causal: true, window: 3, softcap: 2, alibi: true, sinks: true },
    inputs: [
      [2, 4, 6, 5],
      [2, 2, 9, 5],
      [2, 2, 9, 7],
      [1, 4, 6, 9],
    ],
  },
  {
    name: 'sdpa',
    attributes: { window: 2 },
    inputs: [
      [1, 2, 6, 4],
      [1, 2, 6, 4],
      [1, 2, 6, 4],
    ],
  },
] as const;

const graphs = layers.map(graphOf);
const expected = graphs.map((graph) => [...execute(graph)]);
const ROUNDING = 1e-5;

/** Whether kernels do and count what the reference kernels do. */
function agrees(wasm: Uint8Array): boolean {
  return graphs.every((graph, index) => {
    try {
      const kernels = new FastKernels(new Machine(new WebAssembly.Module(wasm)));
      return [...execute(graph, { kernels })].every(({ counts, outputs }, place) => {
        const reference = expected[index]?.[place];
        const close = outputs.every((output, i) => {
          const numbers = numbersOf(reference?.outputs[i] as typeof output);
          return numbersOf(output).every((one, at) => one === numbers[at] || Math.abs(one - (numbers[at] as number)) < ROUNDING);
        });
        const isSame = JSON.stringify(counts, plain) === JSON.stringify(reference?.counts, plain);
        return close && isSame;
      });
    } catch (error) {
      // Out of bounds: a trap, which Node's types do not know.
      if ((error as Error).constructor.name === 'RuntimeError') return false;
      throw error;
    }
  });
}

const plain = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

/** The module of the sources, of which one may be replaced. */
async function compiled(replaced: Readonly<Record<string, string>> = {}): Promise<Uint8Array> {
  let binary = new Uint8Array();
  const { error, stderr } = await asc.main([join(SOURCES, 'module.ts'), ...FLAGS], {
    readFile: (name) => replaced[basename(name)] ?? (existsSync(name) ? readFileSync(name, 'utf8') : null),
    writeFile: (_, contents) => {
      binary = contents as Uint8Array<ArrayBuffer>;
    },
    listFiles: () => [],
  });
  if (error) throw new Error(`${error.message}\n${stderr}`);
  return binary;
}

interface Mutant {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Loops that end one early, and counters that count one too many. */
const MUTATIONS: readonly (readonly [RegExp, string])[] = [
  [/; (\w+) < ([\w.]+); (\w+)(\+\+| \+= taps)\)/, '; $1 < $2 - 1; $3$4)'],
  [/const end = w \+ bytes;/, 'const end = w + bytes - 32;'],
  [/; (\w+) \+ 4 <= (\w+); /, '; $1 + 1 <= $2; '],
  [/\b(products|multiplies|adds|subtracts|compares|divides|exps|tanhs|erfs|masked) \+= (\d+);/, '$1 += $2 + 1;'],
  [/\b(products|multiplies|adds|subtracts|compares|divides|exps|tanhs|erfs|masked)\+\+;/, '$1 += 2;'],
  [/\bcount(Subtracts|Divides|Compares|Exps|Sqrts)\(1\);/, 'count$1(2);'],
  [/\bcountMasked\((.+)\);/, 'countMasked(1 + $1);'],
  [/\bonPadding \+= (.+);/, 'onPadding += 1 + $1;'],
  [/\bcountAdds\((.+)\);/, 'countAdds(1 + $1);'],
];

function mutants(file: string): Mutant[] {
  const lines = readFileSync(join(SOURCES, file), 'utf8').split('\n');
  return lines.flatMap((line, index) =>
    MUTATIONS.flatMap(([pattern, replacement]) => {
      const mutated = line.replace(pattern, replacement);
      return mutated === line ? [] : [{ file, line: index + 1, text: lines.with(index, mutated).join('\n') }];
    }),
  );
}

describe('fast kernels', () => {
  it('agree with the reference kernels as they are', async () => {
    expect(agrees(await compiled())).toBe(true);
  });

  it.each(['activations.ts', 'conv.ts', 'elements.ts', 'matrix.ts', 'pool.ts', 'vectors.ts', 'window.ts'])(
    'do not where a loop or a counter of %s is broken',
    { timeout: 600_000 },
    async (file) => {
      const all = mutants(file);
      expect(all.length).toBeGreaterThan(2);
      const survivors: string[] = [];
      for (const { line, text } of all) if (agrees(await compiled({ [file]: text }))) survivors.push(`${file}:${line}`);
      expect(survivors).toEqual([]);
    },
  );
});
