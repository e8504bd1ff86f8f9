import { describe, expect, it } from 'vitest';
import { numbersOf } from '../../src/core/tensor.ts';
import { execute } from '../../src/execute/interpreter.ts';
import { verify } from '../../src/execute/verify.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { contentsOf } from '../../src/onnx/read/contents.ts';
import { count, int64, node, open, type Parts, scalar, tensor } from './nets.ts';

// What attributes and steering inputs make of values and counts, where no conformance case tells.

/** The elements of the outputs of the last node. */
function run(parts: Parts, ...inputs: readonly (readonly number[])[]): number[][] {
  const graph: Graph = open(parts);
  const given = new Map<unknown, readonly number[] | undefined>(graph.inputs.map(({ tensor: edge }, i) => [edge, inputs[i]]));
  const ran = [...execute(graph, { given: (held) => given.get(held) ?? contentsOf(held) })];
  return (ran.at(-1)?.outputs ?? []).map((output) => [...numbersOf(output)]);
}

const operationsOf = (parts: Parts) => count(parts).totals.operations;

describe('what costs something', () => {
  const weights = { w: tensor([3, 2], [1, 2, 3, 4, 5, 6]), b: tensor([2], [10, 20]) };

  it('factors of a Gemm are a multiply for each element, and give what they say', () => {
    const parts = (attributes: object): Parts => ({
      inputs: { x: [1, 3] },
      initializers: weights,
      nodes: [node('Gemm', 'x, w, b -> y', attributes as never)],
    });
    expect(operationsOf(parts({}))).toEqual({ multiply: 6n, add: 8n });
    expect(operationsOf(parts({ alpha: { float: 2 } }))).toEqual({ multiply: 8n, add: 8n });
    expect(run(parts({ alpha: { float: 2 }, beta: { float: 0.5 } }), [1, 1, 1])).toEqual([[23, 34]]);
    expect(count(parts({ alpha: { float: 2 } })).totals.parameters).toBe(8n);
  });

  it('a zero point of an integer product is a subtract for each element; one of a weight nothing', () => {
    const parts = (flow: string): Parts => ({
      inputs: { x: [1, 3] },
      initializers: { w: tensor([3, 1], [1, 2, 3], 'int8'), z: scalar(2, 'int8'), none: scalar(0, 'int8') },
      nodes: [node('MatMulInteger', flow)],
    });
    expect(operationsOf(parts('x, w, none, z -> y'))).toEqual({ multiply: 3n, add: 3n });
    expect(operationsOf(parts('x, w, z, z -> y'))).toEqual({ multiply: 3n, add: 3n, subtract: 3n });
    expect(run(parts('x, w, z, z -> y'), [3, 4, 5])).toEqual([[-1 + 0 + 3]]);
    expect(count(parts('x, w, z, z -> y')).totals.parameters).toBe(3n);
  });

  it('scattering with a reduction is one operation for each update, and without one none', () => {
    const parts = (reduction: string): Parts => ({
      inputs: { x: [1, 3] },
      initializers: { i: tensor([1, 2], [2, 2], 'int64'), u: tensor([1, 2], [5, 7]) },
      nodes: [node('ScatterElements', 'x, i, u -> y', { axis: 1, reduction })],
    });
    expect(operationsOf(parts('add'))).toEqual({ add: 2n });
    expect(operationsOf(parts('none'))).toEqual({});
    expect(run(parts('add'), [1, 2, 3])).toEqual([[1, 2, 15]]);
    expect(run(parts('none'), [1, 2, 3])).toEqual([[1, 2, 7]]);
  });
});

describe('boxes that are kept', () => {
  const parts: Parts = {
    inputs: { boxes: [1, 3, 4], scores: [1, 1, 3] },
    initializers: { most: scalar(2, 'int64'), overlap: scalar(0.5) },
    nodes: [node('NonMaxSuppression', 'boxes, scores, most, overlap -> y'), node('Identity', 'y -> z')],
    values: { y: [2, 3] },
  };

  it('are as many rows as the file declares', () => {
    const boxes = [0, 0, 1, 1, 0, 0, 1, 0.9, 2, 2, 3, 3];
    expect(run(parts, boxes, [0.5, 0.9, 0.1])).toEqual([[0, 0, 1, 0, 0, 2]]);
    expect(verify(open(parts)).holds).toBe(true);
  });

  it('are at most as many as there may be where it does not, with a warning', () => {
    const bound = open({ ...parts, values: {} });
    expect(bound.outputs.map(({ shape }) => shape)).toEqual([[2, 3]]);
    expect(bound.warnings).toMatchObject([{ code: 'ONNX_BOUND', data: { nodes: [['NonMaxSuppression', 1]] } }]);
  });
});

describe('tensors that are no images', () => {
  it('are resized to the nearest elements', () => {
    const parts = (mode: string): Parts => ({
      inputs: { x: [1, 4] },
      initializers: { none: tensor([0], []), sizes: int64(2, 2) },
      nodes: [node('Resize', 'x, none, none, sizes -> y', { mode: 'nearest', nearest_mode: mode })],
    });
    expect(run(parts('floor'), [1, 2, 3, 4])).toEqual([[1, 3, 1, 3]]);
    expect(run(parts('ceil'), [1, 2, 3, 4])).toEqual([[2, 4, 2, 4]]);
  });
});

describe('padding', () => {
  it('is what it says, infinite too', () => {
    const parts = (value: number): Parts => ({
      inputs: { x: [1, 1, 2] },
      initializers: { pads: int64(0, 0, 1, 0, 0, 0), value: scalar(value) },
      nodes: [node('Pad', 'x, pads, value -> p'), node('MaxPool', 'p -> y', { kernel_shape: [2], strides: [1] })],
    });
    expect(run(parts(7), [-3, -5])).toEqual([[7, -3]]);
    expect(run(parts(Number.NEGATIVE_INFINITY), [-3, -5])).toEqual([[-3, -3]]);
  });
});

describe('known indices', () => {
  it('are no layer, and pick what they say', () => {
    const parts: Parts = {
      inputs: { x: [2, 3] },
      initializers: { i: int64(-1, 0) },
      nodes: [node('Gather', 'x, i -> y', { axis: 1 })],
    };
    expect(count(parts).rows.map(({ operator }) => operator)).toEqual(['move']);
    expect(run(parts, [1, 2, 3, 4, 5, 6])).toEqual([[3, 1, 6, 4]]);
  });

  it('of a Unique are in order, or as they come', () => {
    const parts = (sorted: number): Parts => ({
      initializers: { x: tensor([4], [3, 1, 3, 2], 'int64') },
      inputs: { unused: [1] },
      nodes: [node('Unique', 'x -> y', { sorted })],
    });
    expect(run(parts(1))).toEqual([[1, 2, 3]]);
    expect(run(parts(0))).toEqual([[3, 1, 2]]);
  });
});

describe('whole numbers', () => {
  it('are cast and divide towards 0', () => {
    const parts: Parts = {
      inputs: { x: [1, 3] },
      initializers: { two: scalar(2, 'int64') },
      nodes: [node('Cast', 'x -> whole', { to: 7 }), node('Div', 'whole, two -> y')],
    };
    expect(run(parts, [7.9, -7.9, 1.5])).toEqual([[3, -3, 0]]);
    expect(operationsOf(parts)).toEqual({ divide: 3n });
  });
});
