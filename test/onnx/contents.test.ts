import { expect, it } from 'vitest';
import type { Graph } from '../../src/graph/graph.ts';
import type { OnnxTensor } from '../../src/onnx/file/model.ts';
import { contentsOf } from '../../src/onnx/read/contents.ts';
import { translate } from '../../src/onnx/read/translate.ts';
import { read } from './helpers.ts';
import { graph, model, node, opset } from './proto.ts';

// What the file holds, in the order of the operator that holds it.

const matrix: OnnxTensor = { name: 'w', type: 'float32', shape: [3, 2], elements: () => [1, 2, 3, 4, 5, 6] };

function product(): Graph {
  const file = read(model(graph({ nodes: [node('MatMul', ['x', 'w'], ['y'])] }), opset('', 17)));
  const declared = { type: 'float32', shape: [1, 3] } as const;
  const own = {
    ...file.graph,
    inputs: [{ name: 'x', ...declared }],
    outputs: [{ name: 'y', ...declared }],
    initializers: new Map([['w', matrix]]),
  };
  return translate({ ...file, graph: own }, 'net.onnx');
}

it('a matrix [in, out] is the weight [out, in] of a linear layer', () => {
  const [layer] = product().nodes;
  expect(layer?.weights.matrix?.shape).toEqual([2, 3]);
  expect(layer?.weights.matrix && contentsOf(layer.weights.matrix)).toEqual([1, 3, 5, 2, 4, 6]);
});
