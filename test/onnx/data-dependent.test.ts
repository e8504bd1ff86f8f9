import { describe, expect, it } from 'vitest';
import { sizeOfExpression } from '../../src/onnx/read/dimension.ts';
import { count, int64, node, open, type Parts, scalar, tensor } from './nets.ts';

const shapesOf = (parts: Parts, settings = {}) => open(parts, 17, settings).outputs.map(({ shape }) => shape.join('×'));
const codesOf = (parts: Parts, settings = {}) => open(parts, 17, settings).warnings?.map(({ code }) => code) ?? [];

describe('shapes that depend on data', () => {
  it.each<[string, Parts, string]>([
    ['Reshape', { inputs: { x: [4, 16], s: [2] }, nodes: [node('Reshape', 'x, s -> y')], values: { y: [8, 8] } }, '8×8'],
    ['Expand', { inputs: { x: [1, 3, 1, 1], s: [4] }, nodes: [node('Expand', 'x, s -> y')], values: { y: [1, 3, 16, 16] } }, '1×3×16×16'],
    [
      'TopK',
      { inputs: { x: [2, 100], k: [1] }, nodes: [node('TopK', 'x, k -> y, i')], values: { y: [2, 10], i: [2, 10] }, outputs: ['y'] },
      '2×10',
    ],
    ['NonZero', { inputs: { x: [10] }, nodes: [node('NonZero', 'x -> y')], values: { y: [1, 7] } }, '1×7'],
    ['Compress', { inputs: { x: [10, 8], c: [10] }, nodes: [node('Compress', 'x, c -> y', { axis: 0 })], values: { y: [6, 8] } }, '6×8'],
    ['Slice', { inputs: { x: [10, 8], a: [1], b: [1] }, nodes: [node('Slice', 'x, a, b -> y')], values: { y: [3, 8] } }, '3×8'],
    ['Tile', { inputs: { x: [2, 3], r: [2] }, nodes: [node('Tile', 'x, r -> y')], values: { y: [4, 9] } }, '4×9'],
    [
      'Range',
      {
        inputs: { n: [] },
        initializers: { z: scalar(0, 'int64'), o: scalar(1, 'int64') },
        nodes: [node('Range', 'z, n, o -> r'), node('Neg', 'r -> y')],
        values: { r: [12] },
      },
      '12',
    ],
    [
      'ConstantOfShape',
      { inputs: { x: [1], s: [2] }, nodes: [node('ConstantOfShape', 's -> r'), node('Add', 'r, x -> y')], values: { r: [3, 4] } },
      '3×4',
    ],
  ])('of %s are what the file declares', (_, parts, shape) => {
    expect(shapesOf(parts)).toEqual([shape]);
    expect(codesOf(parts)).toEqual([]);
  });

  it('that the file declares by a name are what "dims" gives', () => {
    const parts: Parts = { inputs: { x: [10] }, nodes: [node('NonZero', 'x -> y')], values: { y: [1, 'found'] } };
    expect(shapesOf(parts, { dims: { found: 3 } })).toEqual(['1×3']);
  });

  it('that it declares larger than they can be are not believed', () => {
    const parts: Parts = { inputs: { x: [10] }, nodes: [node('NonZero', 'x -> y')], values: { y: [1, 99] } };
    expect(shapesOf(parts)).toEqual(['1×10']);
    expect(() => open({ inputs: { x: [4, 16], s: [2] }, nodes: [node('Reshape', 'x, s -> y')], values: { y: [8, 9] } })).toThrow(/8×9/);
  });

  it.each<[string, Parts, string]>([
    ['NonZero', { inputs: { x: [4, 5] }, nodes: [node('NonZero', 'x -> y')] }, '2×20'],
    ['TopK', { inputs: { x: [2, 100], k: [1] }, nodes: [node('TopK', 'x, k -> y, i')], outputs: ['y'] }, '2×100'],
    ['Compress', { inputs: { x: [10, 8], c: [6] }, nodes: [node('Compress', 'x, c -> y')] }, '6'],
    ['Unique', { inputs: { x: [10] }, nodes: [node('Unique', 'x -> y')] }, '10'],
    ['Slice', { inputs: { x: [10, 8], a: [1], b: [1] }, nodes: [node('Slice', 'x, a, b -> y')] }, '10×8'],
    [
      'NonMaxSuppression',
      { inputs: { b: [1, 100, 4], s: [1, 80, 100] }, initializers: { m: int64(10) }, nodes: [node('NonMaxSuppression', 'b, s, m -> y')] },
      '800×3',
    ],
  ])('of %s are at most what its input allows, with one warning', (_, parts, shape) => {
    expect(shapesOf(parts)).toEqual([shape]);
    expect(codesOf(parts)).toEqual(['ONNX_BOUND']);
  });

  it('are what --value gives, of inputs and of what nodes make', () => {
    const parts: Parts = {
      inputs: { x: [2, 100], k: [1], m: [1] },
      types: { k: 'int64', m: 'int64' },
      nodes: [node('Add', 'k, m -> sum'), node('TopK', 'x, sum -> y, i')],
      outputs: ['y'],
    };
    expect(shapesOf(parts, { values: { k: [3], m: [4] } })).toEqual(['2×7']);
    expect(shapesOf(parts, { values: { sum: [9] } })).toEqual(['2×9']);
    expect(() => open(parts, 17, { values: { k: [1, 2] } })).toThrow(/"k" is 1, but 2 numbers/);
    expect(() => open(parts, 17, { values: { q: [1] } })).toThrow(/no value "q"/);
  });

  it('leave out what follows from them, and only that; its weights count', () => {
    const parts: Parts = {
      inputs: { x: [4, 16], s: [2] },
      initializers: { v: tensor([16, 8]), w: tensor([8, 4]), b: tensor([4]) },
      nodes: [
        node('MatMul', 'x, v -> z'),
        node('Reshape', 'x, s -> r'),
        node('MatMul', 'r, w -> m'),
        node('Add', 'm, b -> y'),
        node('Conv', 'r, b -> q'),
      ],
      outputs: ['y', 'z'],
    };
    const { totals, graph, rows } = count(parts);
    expect(totals.macs).toBe(4n * 16n * 8n);
    expect(totals.parameters).toBe(128n + 32n + 4n);
    expect(rows.map(({ operator }) => operator)).toEqual(['linear', 'unknown', 'unknown', 'unknown', 'unknown']);
    expect(graph.warnings).toMatchObject([{ code: 'ONNX_LEFT_OUT', data: { values: ['s'] } }]);
    expect(graph.outputs.map(({ shape }) => shape)).toEqual([[4, 8]]);
  });

  it('are taken up again where a shape is declared', () => {
    const parts: Parts = {
      inputs: { x: [4, 16], s: [2] },
      initializers: { w: tensor([8, 4]) },
      nodes: [node('Reshape', 'x, s -> r'), node('Relu', 'r -> f'), node('MatMul', 'f, w -> y')],
      values: { f: [8, 8] },
    };
    expect(count(parts).totals.macs).toBe(256n);
  });
});

describe('an operator that is not known, of which nothing is declared', () => {
  const parts = (w: readonly number[]): Parts => ({
    inputs: { x: [1, 4] },
    initializers: { w: tensor(w), v: tensor([4, 4]), own: tensor([5, 7]) },
    nodes: [node('Fancy', 'x, own -> f', {}, 'com.example'), node('MatMul', 'f, w -> y'), node('MatMul', 'x, v -> z')],
    outputs: ['z'],
  });

  it('keeps the shape of its input where that fits, and counts its weights', () => {
    const { totals, graph } = count(parts([4, 2]));
    expect([totals.macs, totals.parameters]).toEqual([8n + 16n, 8n + 16n + 35n]);
    expect(graph.warnings?.map(({ code }) => code)).toEqual(['ONNX_ASSUMED']);
  });

  it('leaves out what follows where it does not', () => {
    const { totals, graph } = count(parts([9, 2]));
    expect([totals.macs, totals.parameters]).toEqual([16n, 18n + 16n + 35n]);
    expect(graph.warnings?.map(({ code }) => code)).toEqual(['ONNX_LEFT_OUT']);
  });
});

describe('sizes', () => {
  it.each([
    ['past + seq', 12],
    ['past_sequence_length + sequence_length', undefined],
    ['8*seq', 32],
    ['((seq - 1)//2) + 1', 2],
    ['Max(past, seq)', 8],
    ['floor(seq/3)', 1],
    ['seq/3', undefined],
    ['seq - past', undefined],
    ['seq', undefined],
    ['(seq', undefined],
    ['n 1', undefined],
    ['past/seq', undefined],
  ])('written as "%s" are %s', (text, size) => {
    const sizes = new Map([
      ['past', 8],
      ['seq', 4],
    ]);
    expect(sizeOfExpression(text, (name) => sizes.get(name))).toBe(size);
  });

  const cache: Parts = {
    inputs: { x: ['b', 'seq', 8], past: ['b', 'past', 8], mask: ['b', 'past + seq', 1] },
    initializers: { w: tensor([8, 8]) },
    nodes: [node('Concat', 'past, x -> k', { axis: 1 }), node('MatMul', 'k, w -> y'), node('Add', 'y, mask -> z')],
  };

  it('that are expressions follow from the names in them', () => {
    expect(shapesOf(cache, { dims: { b: 1, seq: 4, past: 3 } })).toEqual(['1×7×8']);
    expect(() => open(cache, 17, { dims: { b: 1, seq: 4 } })).toThrow(/dims: \{ "past": N \}/);
  });

  it('may be 0: an empty cache', () => {
    expect(shapesOf(cache, { dims: { b: 1, seq: 4, past: 0 } })).toEqual(['1×4×8']);
  });

  it('that no name has are an error, with what there is', () => {
    expect(() => open(cache, 17, { dims: { b: 1, sq: 4, past: 3 } })).toThrow(/no dimension "sq". Did you mean "seq"/);
  });

  it('of a batch may be given where one input has it already', () => {
    const fixed: Parts = { inputs: { x: [1, 4], s: [6] }, nodes: [node('Relu', 'x -> y')] };
    expect(shapesOf(fixed, { batch: 1 })).toEqual(['1×4']);
    expect(() => open(fixed, 17, { batch: 2 })).toThrow(/batch of 2/);
  });

  it('are shown by their names, whatever signs are in them', () => {
    expect(() => open({ inputs: { x: ['b', 'n 1'] }, nodes: [node('Relu', 'x -> y')] })).toThrow(/dims: \{ "b": N, "n 1": N \}/);
  });
});
