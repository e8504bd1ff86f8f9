import { InferenceSession, Tensor } from 'onnxruntime-node';
import { analyse } from '../../src/analysis/cost.ts';
import { bufferSource } from '../../src/onnx/file/bytes.ts';
import { readOnnx } from '../../src/onnx/file/read-model.ts';
import { translate } from '../../src/onnx/read/translate.ts';
import { FlopwiseError, sentence } from '../../src/problems/problem.ts';
import type { OddFile } from './odd-files.ts';

/** What flopwise and onnxruntime make of one small file. */

type Shapes = Readonly<Record<string, string>>;

interface Read {
  readonly shapes: Shapes;
  /** Warnings, and operators that are not known. */
  readonly notes: readonly string[];
}

/** The shapes of all values, or why there are none. */
export function readHere(bytes: Uint8Array): Read | string {
  const shapes: Record<string, string> = {};
  try {
    const onValue = (name: string, shape: readonly number[]): void => {
      shapes[name] = shape.join('×');
    };
    const graph = translate(readOnnx(bufferSource(bytes), 'odd.onnx'), 'odd.onnx', { onValue });
    analyse(graph);
    const notes = [...(graph.warnings ?? []).map(sentence), ...(graph.unknown ?? []).map(({ operator }) => `${operator} is not known`)];
    return { shapes, notes };
  } catch (error) {
    if (error instanceof FlopwiseError) return error.problems.map(sentence).join(' ');
    throw error;
  }
}

const ARRAYS = { float: Float32Array, int32: Int32Array, bool: Uint8Array, uint8: Uint8Array, int8: Int8Array } as const;

function feedOf({ type, shape }: OddFile['inputs'][number]): Tensor {
  const total = shape.reduce((all, size) => all * size, 1);
  if (type === 'int64') return new Tensor('int64', new BigInt64Array(total).fill(1n), [...shape]);
  return new Tensor(type === 'float' ? 'float32' : type, new ARRAYS[type](total).fill(1) as never, [...shape]);
}

/** The shapes of the outputs, or what onnxruntime says. */
export async function runThere(file: OddFile, bytes: Uint8Array): Promise<Shapes | string> {
  let session: InferenceSession | undefined;
  try {
    session = await InferenceSession.create(bytes, {
      graphOptimizationLevel: 'disabled',
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 4,
    });
    const fed = file.inputs.filter(({ name }) => !file.initializers.some((one) => one.name === name));
    const results = await session.run(Object.fromEntries(fed.map((input) => [input.name, feedOf(input)])));
    return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, (value as Tensor).dims.join('×')]));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await session?.release();
  }
}

/** What onnxruntime's own kernels cannot do, though ONNX allows it; and what it lets pass by an accident. */
const LIMITS: readonly RegExp[] = [
  /NOT_IMPLEMENTED|Could not find an implementation/,
  // Kernels that take images alone, odd sizes, or no dilation.
  /lrn\.(cc|h)/,
  /Dilation not supported for AutoPadType/,
  /Batchwise recurrent operations \(layout == 1\) are not supported/,
  /padding values must be non-negative/,
  /Ellipsis represents incompatible dimensions/,
  // Which whole numbers an operator takes is not told apart.
  /Type 'tensor\(u?int\d+\)' of input parameter \(x0\) of operator \((MaxPool|Reduce\w+)\)/,
  // Axes of size 0, or none.
  /(left|right) operand cannot broadcast on dim|Input rank was 0/,
  /SetOutputSize|must be at least 1, got 0|Invalid bias shape|zero effective input extent/,
  /running Arg(Max|Min) node/,
];

export const isLimit = (message: string): boolean => LIMITS.some((limit) => limit.test(message));

/**
 * Reductions over axes of size 0 have the shape of their input there, and the axes of MeanVarianceNormalization are not looked at. A
 * transposed convolution with SAME and a window shorter than its stride has fewer elements than ONNX says, and so has an average of a
 * dilated window with SAME.
 */
const isAccident = ({ nodes, inputs }: OddFile): boolean => {
  const operator = nodes.find(({ name }) => name === 'first')?.operator ?? '';
  const isPadded = nodes.some((node) => 'auto_pad' in node.attributes);
  if (operator === 'MeanVarianceNormalization' || (/^ConvTranspose|^AveragePool/.test(operator) && isPadded)) return true;
  return /^(Reduce|Arg)/.test(operator) && inputs.some(({ shape }) => shape.includes(0));
};

/** How the two differ; `undefined` where they agree. */
export async function differenceIn(file: OddFile, bytes: Uint8Array): Promise<string | undefined> {
  const here = readHere(bytes);
  const there = await runThere(file, bytes);
  if (typeof there === 'string') {
    if (isLimit(there) || typeof here === 'string' || here.notes.length > 0) return undefined;
    return `onnxruntime refuses it, and flopwise counts it in silence: ${there}`;
  }
  if (isAccident(file)) return undefined;
  if (typeof here === 'string' && file.inputs.some(({ shape }) => shape.includes(0))) return undefined;
  if (typeof here === 'string') return `onnxruntime runs it, and flopwise refuses it: ${here}`;
  for (const [name, shape] of Object.entries(there)) {
    const own = here.shapes[name];
    if (own !== undefined && own !== shape) return `${name} is ${shape} in onnxruntime, and ${own} here`;
  }
  return undefined;
}
