import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { sameShape } from '../../src/core/shape.ts';
import { numbersOf } from '../../src/core/tensor.ts';
import { execute } from '../../src/execute/interpreter.ts';
import type { Kernels } from '../../src/execute/kernels.ts';
import { syntheticInputs, syntheticWeights } from '../../src/execute/synthetic-weights.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node/disk.ts';
import type { Settings } from '../../src/spec/expand.ts';
import { differenceOf, type Output, runIn, writeModel } from './onnxruntime.ts';

const SEED = 1;

/** What onnxruntime gives for a graph that is exported to a file. */
async function runInOnnxruntime(graph: Graph): Promise<Output[]> {
  const folder = mkdtempSync(join(tmpdir(), 'flopwise-export-'));
  try {
    return await runIn(writeModel(graph, syntheticWeights(graph, SEED), folder), syntheticInputs(graph, SEED));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Exports a network, runs it in onnxruntime with every layer's output as an output of the model, and holds each of them against
 * what the kernels give, the reference kernels if none are given: shapes exactly, elements within a thousandth of the greatest.
 */
export async function expectSameEverywhere(model: string, input: Settings['input'], kernels?: Kernels): Promise<void> {
  const graph = openModel(parseReference(model), diskLibrary, { input });
  const actual = await runInOnnxruntime({ ...graph, outputs: graph.nodes.flatMap(({ outputs }) => outputs) });
  let next = 0;
  const wrong: string[] = [];
  for (const { node, outputs } of execute(graph, { seed: SEED, kernels }))
    for (const output of outputs) {
      const { shape, numbers } = actual[next++] as Output;
      if (!sameShape(shape, output.shape) || differenceOf(numbers, numbersOf(output)) > 1e-3) wrong.push(node.path);
    }
  expect(wrong).toEqual([]);
  expect(next).toBe(actual.length);
}
