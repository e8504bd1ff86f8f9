import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Shape } from '../../src/core/shape.ts';
import { numbersOf, type Tensor as Values } from '../../src/core/tensor.ts';
import type { Graph, Weight } from '../../src/graph/graph.ts';
import { exportOnnx } from '../../src/onnx/write/export.ts';

/** Another engine, to hold outputs against: onnxruntime loads a file only if it is whole, and every type and shape in it fits. */

export interface Output {
  readonly shape: Shape;
  readonly numbers: Float32Array;
}

/** All bytes of a file in one piece. */
function joined(chunks: Iterable<Uint8Array>): Uint8Array {
  const parts = [...chunks].map((chunk) => chunk.slice());
  const bytes = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const DATA_FILE = 'model.onnx.data';

/** The exported file of a graph. */
export const modelOf = (graph: Graph, elementsOf: (weight: Weight) => Iterable<Float32Array>): Uint8Array =>
  joined(exportOnnx(graph, { elementsOf, dataFile: DATA_FILE, version: '0' }).model.chunks());

/** The exported file of a graph without its weights, which are to lie in a file beside it. */
export const modelWithoutWeights = (graph: Graph, dataFile: string): Uint8Array =>
  joined(exportOnnx(graph, { elementsOf: () => [], placement: 'nowhere', dataFile, version: '0' }).model.chunks());

/** Writes the exported file of a graph to a folder, with its data beside it where it is too large for one; returns its path. */
export function writeModel(graph: Graph, elementsOf: (weight: Weight) => Iterable<Float32Array>, folder: string): string {
  const { model, data } = exportOnnx(graph, { elementsOf, dataFile: DATA_FILE, version: '0' });
  const write = (name: string, chunks: Iterable<Uint8Array>): string => {
    const path = join(folder, name);
    const file = openSync(path, 'w');
    for (const chunk of chunks) for (let at = 0; at < chunk.length; ) at += writeSync(file, chunk, at);
    closeSync(file);
    return path;
  };
  if (data !== undefined) write(DATA_FILE, data.chunks());
  return write('model.onnx', model.chunks());
}

/** Runs a file, or the one at a path, in onnxruntime. */
export async function runIn(file: Uint8Array | string, inputs: readonly Values[]): Promise<Output[]> {
  const options = { graphOptimizationLevel: 'disabled', intraOpNumThreads: 1, logSeverityLevel: 3 } as const;
  const session = await (typeof file === 'string' ? InferenceSession.create(file, options) : InferenceSession.create(file, options));
  const feeds = Object.fromEntries(
    session.inputNames.map((name, i) => {
      const input = inputs[i] as Values;
      const metadata = session.inputMetadata[i];
      const isWhole = metadata?.isTensor === true && metadata.type === 'int64';
      const numbers = numbersOf(input);
      const elements = isWhole ? BigInt64Array.from(numbers, BigInt) : numbers;
      return [name, new Tensor(isWhole ? 'int64' : 'float32', elements, [...input.shape])];
    }),
  );
  const results = await session.run(feeds);
  const outputs = session.outputNames.map((name) => {
    const { dims, data } = results[name] as Tensor;
    return { shape: [...dims], numbers: Float32Array.from(data as Float32Array) };
  });
  await session.release();
  return outputs;
}

/** Where nothing but padding is pooled, onnxruntime gives the lowest number in place of −∞. */
const LOWEST = -3.4e38;
const isLowest = (number: number): boolean => number < LOWEST;

/** The greatest difference, in parts of the greatest number; NaN against a number, or an infinity against another, is infinitely far. */
export function differenceOf(actual: Float32Array, expected: Float32Array): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let greatest = 0;
  let scale = 1e-3;
  for (const [i, a] of actual.entries()) {
    const b = expected[i] as number;
    if (Object.is(a, b) || (isLowest(a) && isLowest(b))) continue;
    const difference = Math.abs(a - b);
    if (!Number.isFinite(difference)) return Number.POSITIVE_INFINITY;
    greatest = Math.max(greatest, difference);
    scale = Math.max(scale, Math.abs(b));
  }
  return greatest / scale;
}
