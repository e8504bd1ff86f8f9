import { expect } from 'vitest';
import { type Shape, sameShape } from '../../src/core/shape.ts';
import { numbersOf } from '../../src/core/tensor.ts';
import { execute } from '../../src/execute/interpreter.ts';
import { syntheticInputs, syntheticWeights } from '../../src/execute/synthetic-weights.ts';
import { diskLibrary } from '../../src/node/disk.ts';
import { openModel, parseReference } from '../../src/spec/reference.ts';
import { differenceOf, modelOf, type Output, runIn } from './onnxruntime.ts';

const SEED = 1;

/**
 * Exports a network, runs it in onnxruntime with every layer's output as an output of the model, and holds each of them against
 * what the reference kernels give: shapes exactly, elements within a thousandth of the greatest.
 */
export async function expectSameEverywhere(model: string, input: Shape): Promise<void> {
  const graph = openModel(parseReference(model), diskLibrary, { input: { input } });
  const open = { ...graph, outputs: graph.nodes.flatMap(({ outputs }) => outputs) };
  const actual = await runIn(modelOf(open, syntheticWeights(graph, SEED)), syntheticInputs(graph, SEED));
  let next = 0;
  const wrong: string[] = [];
  for (const { node, outputs } of execute(graph, { seed: SEED }))
    for (const output of outputs) {
      const { shape, numbers } = actual[next++] as Output;
      if (!sameShape(shape, output.shape) || differenceOf(numbers, numbersOf(output)) > 1e-3) wrong.push(node.path);
    }
  expect(wrong).toEqual([]);
  expect(next).toBe(actual.length);
}
