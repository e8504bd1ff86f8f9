import type { Shape } from '../../../core/shape.ts';
import { axesOf, axisOf } from '../../../operators/kit/axes.ts';
import type { OnnxOutput } from '../../file/proto.ts';
import type { LayerWriter } from '../../write/emission.ts';
import { cast, reshaped, transposed } from '../../write/shaping.ts';

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

const SEARCHES = { argmax: 'ArgMax', argmin: 'ArgMin' } as const;

interface Reduction {
  readonly by: keyof typeof REDUCTIONS | keyof typeof SEARCHES;
  readonly axis: number | readonly number[];
  readonly keep: boolean;
  readonly last: boolean;
}

/** Where an element stands: in ONNX along one axis, so that several become one. */
function place(writer: LayerWriter, by: keyof typeof SEARCHES, over: readonly number[], last: boolean): OnnxOutput {
  const [x] = writer.inputs as [OnnxOutput];
  const order = [...[...x.shape.keys()].filter((axis) => !over.includes(axis)), ...over];
  const behind = transposed(writer, x, order);
  const kept = behind.shape.slice(0, x.shape.length - over.length);
  const flat = reshaped(writer, behind, [...kept, over.reduce((size, axis) => size * (x.shape[axis] as number), 1)]);
  const attributes = { axis: { int: kept.length }, select_last_index: { int: last ? 1 : 0 } };
  const [found] = writer.nodes(SEARCHES[by], [flat], [[...kept, 1]], attributes, ['int64']) as [OnnxOutput];
  return reshaped(writer, cast(writer, found, 'float32'), writer.outputs[0] as Shape);
}

const isSearch = (by: Reduction['by']): by is keyof typeof SEARCHES => Object.hasOwn(SEARCHES, by);

/** In opset 17, only ReduceSum takes its axes as an input. */
export function reduction(writer: LayerWriter, { by, axis, keep, last }: Reduction): OnnxOutput {
  const [x] = writer.inputs as [OnnxOutput];
  const over = axesOf(axis, x.shape);
  const output = writer.outputs[0] as Shape;
  if (isSearch(by)) return place(writer, by, over, last);
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

interface RunningSum {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

export function runningSum(writer: LayerWriter, { axis, exclusive, reverse }: RunningSum): OnnxOutput {
  const [x] = writer.inputs as [OnnxOutput];
  return writer.node('CumSum', [x, writer.int(axisOf(axis, x.shape))], x.shape, {
    exclusive: { int: exclusive ? 1 : 0 },
    reverse: { int: reverse ? 1 : 0 },
  });
}

/** Layers have numbers of places as elements like all others. */
export function greatest(
  writer: LayerWriter,
  { k, axis, smallest }: { readonly k: number; readonly axis: number; readonly smallest: boolean },
): OnnxOutput[] {
  const [x] = writer.inputs as [OnnxOutput];
  const attributes = { axis: { int: axisOf(axis, x.shape) }, largest: { int: smallest ? 0 : 1 } };
  const [values, places] = writer.nodes('TopK', [x, writer.ints(k)], writer.outputs, attributes, ['float32', 'int64']) as [
    OnnxOutput,
    OnnxOutput,
  ];
  return [values, cast(writer, places, 'float32')];
}
