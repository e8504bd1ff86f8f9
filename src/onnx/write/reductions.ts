import type { Shape } from '../../core/shape.ts';
import { axesOf, axisOf } from '../../operators/axes.ts';
import type { LayerWriter } from './emission.ts';
import type { WrittenValue } from './proto.ts';
import { reshaped } from './shaping.ts';

const REDUCTIONS = {
  sum: 'ReduceSum',
  mean: 'ReduceMean',
  max: 'ReduceMax',
  min: 'ReduceMin',
  prod: 'ReduceProd',
  l1: 'ReduceL1',
  l2: 'ReduceL2',
  squares: 'ReduceSumSquare',
  logsum: 'ReduceLogSum',
  logsumexp: 'ReduceLogSumExp',
} as const;

interface Reduction {
  readonly by: keyof typeof REDUCTIONS;
  readonly axis: number | readonly number[];
  readonly keep: boolean;
}

/** In opset 17, only ReduceSum takes its axes as an input. */
export function reduction(writer: LayerWriter, { by, axis, keep }: Reduction): WrittenValue {
  const [x] = writer.inputs as [WrittenValue];
  const over = axesOf(axis, x.shape);
  const output = writer.outputs[0] as Shape;
  // Of a whole tensor, ONNX would leave no axis.
  const isWhole = over.length === x.shape.length;
  const keepdims = { keepdims: { int: keep || isWhole ? 1 : 0 } };
  const shape = isWhole ? x.shape.map(() => 1) : output;
  const result =
    by === 'sum'
      ? writer.node('ReduceSum', [x, writer.ints(...over)], shape, keepdims)
      : writer.node(REDUCTIONS[by], [x], shape, { axes: { ints: over }, ...keepdims });
  return shape.length === output.length ? result : reshaped(writer, result, output);
}

export function runningSum(writer: LayerWriter, { axis }: { readonly axis: number }): WrittenValue {
  const [x] = writer.inputs as [WrittenValue];
  return writer.node('CumSum', [x, writer.int(axisOf(axis, x.shape))], x.shape);
}

const FLOAT32 = 1;

/** Layers have numbers of places as elements like all others. */
export function greatest(writer: LayerWriter, { k, axis }: { readonly k: number; readonly axis: number }): WrittenValue[] {
  const [x] = writer.inputs as [WrittenValue];
  const attributes = { axis: { int: axisOf(axis, x.shape) } };
  const [values, places] = writer.nodes('TopK', [x, writer.ints(k)], writer.outputs, attributes, ['float32', 'int64']) as [
    WrittenValue,
    WrittenValue,
  ];
  return [values, writer.node('Cast', [places], places.shape, { to: { int: FLOAT32 } })];
}
