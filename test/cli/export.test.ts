import { describe, expect, it } from 'vitest';
import { analyse } from '../../src/analysis/cost.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { bufferSource } from '../../src/onnx/file/bytes.ts';
import type { OnnxModel } from '../../src/onnx/file/model.ts';
import { readOnnx } from '../../src/onnx/file/read-model.ts';
import { translate } from '../../src/onnx/read/translate.ts';
import { expandSpec, parseSpec } from '../../src/spec/model.ts';
import { codesIn, flopwise } from './helpers.ts';

const SPEC = `
name: small
input: [3, 8, 8]
stages:
  body:
    - conv: { kernel: 3, out: 4, padding: 1 }
    - batchnorm
    - relu
  head: [globalavgpool, flatten, linear: { out: 10 }]
`;
const files = { 'small.yaml': SPEC };
const original = expandSpec(parseSpec(SPEC));

const read = (bytes: Uint8Array | undefined): OnnxModel => readOnnx(bufferSource(bytes as Uint8Array), 'small.onnx');
const rows = (graph: Graph) => analyse(graph).rows.map(({ path, parameters, macs, output }) => [path, parameters, macs, output]);

describe('flopwise export', () => {
  it('writes an ONNX file that is counted like the spec', async () => {
    const { code, out, bytes } = await flopwise(['export', 'small.yaml', '-o', 'small.onnx'], { files });
    expect(code).toBe(0);
    expect(out).toBe(`Wrote small.onnx: ${bytes['small.onnx']?.length.toLocaleString('en')} bytes.\n`);
    const model = read(bytes['small.onnx']);
    expect(model.producer).toMatch(/^flopwise \d/);
    expect(model.opsets.get('')).toBe(17);
    expect(rows(translate(model, 'small.onnx'))).toEqual(rows(original));
  });

  it('writes a spec to a file that ends so', async () => {
    const { written } = await flopwise(['export', 'small.yaml', '-o', 'flat.yaml'], { files });
    expect(rows(expandSpec(parseSpec(written['flat.yaml'] ?? '')))).toEqual(rows(original));
  });

  it('gives every value its shape, and every node the path of its layer', async () => {
    const { bytes } = await flopwise(['export', 'small.yaml', '-o', 'small.onnx'], { files });
    const { graph } = read(bytes['small.onnx']);
    const described = new Map([...graph.values, ...graph.outputs].map(({ name, shape }) => [name, shape]));
    for (const { outputs } of graph.nodes) for (const output of outputs) expect(described.get(output)).toBeDefined();
    expect(graph.nodes.map(({ name }) => name).slice(0, 3)).toEqual([
      '/body/conv/Conv',
      '/body/batchnorm/BatchNormalization',
      '/body/relu/Relu',
    ]);
    expect(graph.initializers.get('body/conv.kernel')?.shape).toEqual([4, 3, 3, 3]);
  });

  it('makes weights up from the seed', async () => {
    const made = async (seed: string) => {
      const { bytes } = await flopwise(['export', 'small.yaml', '-o', 'a.onnx', '--seed', seed], { files });
      return read(bytes['a.onnx']).graph.initializers.get('head/linear.matrix')?.elements();
    };
    const one = await made('1');
    expect(await made('1')).toEqual(one);
    expect(await made('2')).not.toEqual(one);
    expect(one?.every((element) => Math.abs(element as number) <= 1)).toBe(true);
  });

  it('writes weights beside the model, or none', async () => {
    const beside = await flopwise(['export', 'small.yaml', '-o', 'out/small.onnx', '--external'], { files });
    expect(Object.keys(beside.bytes)).toEqual(['out/small.onnx.data', 'out/small.onnx']);
    const weights = original.nodes.flatMap((node) => Object.values(node.weights));
    const elements = weights.reduce((sum, { shape }) => sum + shape.reduce((total, size) => total * size, 1), 0);
    expect(beside.bytes['out/small.onnx.data']?.length).toBe(4 * elements);
    const none = await flopwise(['export', 'small.yaml', '-o', 'small.onnx', '--no-weights'], { files });
    expect(Object.keys(none.bytes)).toEqual(['small.onnx']);
    expect(rows(translate(read(none.bytes['small.onnx']), 'small.onnx'))).toEqual(rows(original));
  });

  it('writes a flat spec, to the terminal or to a file', async () => {
    const { code, out } = await flopwise(['export', 'small.yaml', '--to', 'spec'], { files });
    expect(code).toBe(0);
    expect(rows(expandSpec(parseSpec(out)))).toEqual(rows(original));
    const { written } = await flopwise(['export', 'small.yaml', '--to', 'spec', '-o', 'flat.yaml'], { files });
    expect(written['flat.yaml']).toBe(out);
  });

  it('tells where an ONNX file cannot go, and what it cannot be', async () => {
    const { code, err } = await flopwise(['export', 'small.yaml'], { files });
    expect(code).toBe(2);
    expect(codesIn(err)).toEqual(['WRONG_CALL']);
    expect(err).toContain('-o model.onnx');
    expect(codesIn((await flopwise(['export', 'small.yaml', '--to', 'pytorch'], { files })).err)).toEqual(['UNKNOWN_CHOICE']);
  });
});
