import type { Shape } from '../../../core/shape.ts';
import { alibiBias } from '../../../operators/kit/alibi.ts';
import { placeOf } from '../../../operators/kit/experts.ts';
import { isSeen } from '../../../operators/kit/mask.ts';
import { bucketOf } from '../../../operators/relativebias.ts';
import { ropeAngle } from '../../../operators/rope.ts';
import type { OnnxOutput } from '../../file/proto.ts';
import { computed } from '../../write/computed.ts';
import type { LayerWriter } from '../../write/emission.ts';
import { cast, concatenated, inverse, reshaped, sliced, transposed } from '../../write/shaping.ts';

/** Ids flow as numbers, unless they are an input of the model. */
export function embedding(writer: LayerWriter): OnnxOutput {
  const [ids] = writer.inputs as [OnnxOutput];
  const whole = ids.type === 'int64' ? ids : cast(writer, ids, 'int64');
  return writer.node('Gather', [writer.weights.table, whole], writer.outputs[0] as Shape, { axis: { int: 0 } });
}

export function positions(writer: LayerWriter, { start }: { readonly start: number }): OnnxOutput {
  const output = writer.outputs[0] as Shape;
  const rows = sliced(writer, writer.weights.table as OnnxOutput, 0, start, start + (output[1] as number));
  return reshaped(writer, rows, output);
}

export const splitheads = (writer: LayerWriter): OnnxOutput => {
  const [n, heads, length, width] = writer.outputs[0] as [number, number, number, number];
  return transposed(writer, reshaped(writer, writer.inputs[0] as OnnxOutput, [n, length, heads, width]), [0, 2, 1, 3]);
};

export const mergeheads = (writer: LayerWriter): OnnxOutput =>
  reshaped(writer, transposed(writer, writer.inputs[0] as OnnxOutput, [0, 2, 1, 3]), writer.outputs[0] as Shape);

/** The positions of earlier steps are those of the input in turn, as when it is run. */
export function cache(writer: LayerWriter, { axis }: { readonly axis: number }): OnnxOutput {
  const [x] = writer.inputs as [OnnxOutput];
  const output = writer.outputs[0] as Shape;
  const along = axis < 0 ? axis + output.length : axis;
  const length = x.shape[along] as number;
  const kept = (output[along] as number) - length;
  if (kept === 0) return writer.node('Identity', [x], output);
  const places = computed(kept + length, (i) => (i < kept ? i % length : i - kept));
  return writer.node('Gather', [x, writer.indices([places.length], places)], output, { axis: { int: along } });
}

interface Rotation {
  readonly dim?: number | undefined;
  readonly theta: number;
  readonly interleaved: boolean;
  readonly start: number;
}

/** Pairs of features, as two tensors, rotated, and put back. */
export function rope(writer: LayerWriter, a: Rotation): OnnxOutput {
  const [x] = writer.inputs as [OnnxOutput];
  const last = x.shape.length - 1;
  const [length, features] = x.shape.slice(-2) as [number, number];
  const dim = a.dim ?? features;
  const pairs = dim / 2;
  const table = (of: (angle: number) => number): OnnxOutput =>
    writer.numbers(
      [length, pairs],
      computed(length * pairs, (i) => of(ropeAngle(a, dim, a.start + Math.floor(i / pairs), i % pairs))),
    );
  const [cos, sin] = [table(Math.cos), table(Math.sin)];
  const first = a.interleaved ? sliced(writer, x, last, 0, dim, 2) : sliced(writer, x, last, 0, pairs);
  const second = a.interleaved ? sliced(writer, x, last, 1, dim, 2) : sliced(writer, x, last, pairs, dim);
  const times = (one: OnnxOutput, other: OnnxOutput): OnnxOutput => writer.node('Mul', [one, other], one.shape);
  const turned = [
    writer.node('Sub', [times(first, cos), times(second, sin)], first.shape),
    writer.node('Add', [times(second, cos), times(first, sin)], first.shape),
  ];
  const rest = dim < features ? [sliced(writer, x, last, dim, features)] : [];
  if (!a.interleaved) return concatenated(writer, [...turned, ...rest], last, x.shape);
  const apart = [...first.shape, 1];
  const pair = concatenated(
    writer,
    turned.map((one) => reshaped(writer, one, apart)),
    last + 1,
    [...first.shape, 2],
  );
  return concatenated(writer, [reshaped(writer, pair, x.shape.with(last, dim)), ...rest], last, x.shape);
}

interface Attention {
  readonly causal: boolean;
  readonly window?: number | undefined;
  readonly scale?: number | undefined;
  readonly softcap?: number | undefined;
  readonly alibi: boolean;
}

/** Keys or values for each head of the queries. */
function perQueryHead(writer: LayerWriter, x: OnnxOutput, heads: number): OnnxOutput {
  const [n, own, length, width] = x.shape as [number, number, number, number];
  if (own === heads) return x;
  const repeated = [n, own, heads / own, length, width];
  const apart = reshaped(writer, x, [n, own, 1, length, width]);
  return reshaped(writer, writer.node('Expand', [apart, writer.ints(...repeated)], repeated), [n, heads, length, width]);
}

/** Far below every score, but no infinity, of which a softmax over a row of nothing else would make NaN. */
const MASKED = -1e30;

export function sdpa(writer: LayerWriter, a: Attention): OnnxOutput {
  const [query, key, values, bias] = writer.inputs as [OnnxOutput, OnnxOutput, OnnxOutput, OnnxOutput | undefined];
  const [n, heads, queries, width] = query.shape as [number, number, number, number];
  const keys = key.shape[2] as number;
  const scores = [n, heads, queries, keys];
  const step = (operator: string, x: OnnxOutput, other: OnnxOutput): OnnxOutput => writer.node(operator, [x, other], x.shape);
  const products = writer.node('MatMul', [query, transposed(writer, perQueryHead(writer, key, heads), [0, 1, 3, 2])], scores);
  let x = a.scale === 1 ? products : step('Mul', products, writer.number(a.scale ?? 1 / Math.sqrt(width)));
  if (a.softcap !== undefined) {
    const cap = writer.number(a.softcap);
    x = step('Mul', writer.node('Tanh', [step('Div', x, cap)], scores), cap);
  }
  if (bias !== undefined) x = step('Add', x, bias);
  if (a.alibi) {
    const offset = Math.max(keys - queries, 0);
    const distances = computed(heads * queries * keys, (i) => {
      const [head, query] = [Math.floor(i / (queries * keys)), Math.floor(i / keys) % queries];
      return alibiBias(head, heads, offset + query - (i % keys));
    });
    x = step('Add', x, writer.numbers([heads, queries, keys], distances));
  }
  if (a.causal || a.window !== undefined) {
    const offset = Math.max(keys - queries, 0);
    const mask = computed(queries * keys, (i) => (isSeen(a, offset, Math.floor(i / keys), i % keys) ? 0 : MASKED));
    x = step('Add', x, writer.numbers([queries, keys], mask));
  }
  const { sinks } = writer.weights;
  const shares = sinks === undefined ? softmax(writer, x) : sliced(writer, softmax(writer, withSinks(writer, x, sinks)), 3, 0, keys);
  return writer.node('MatMul', [shares, perQueryHead(writer, values, heads)], writer.outputs[0] as Shape);
}

const softmax = (writer: LayerWriter, x: OnnxOutput): OnnxOutput => writer.node('Softmax', [x], x.shape, { axis: { int: 3 } });

/** One score more for each query, the same for all queries of a head. */
function withSinks(writer: LayerWriter, x: OnnxOutput, sinks: OnnxOutput): OnnxOutput {
  const [n, heads, queries, keys] = x.shape as [number, number, number, number];
  const column = [n, heads, queries, 1];
  const expanded = writer.node('Expand', [reshaped(writer, sinks, [1, heads, 1, 1]), writer.ints(...column)], column);
  return concatenated(writer, [x, expanded], 3, [n, heads, queries, keys + 1]);
}

/** The rows of experts, those of each together: they are dealt as in a run. */
const placesOfRows = (experts: number, rows: number): number[] => computed(rows, (row) => placeOf(row, experts, rows));

export function dispatch(writer: LayerWriter, { experts }: { readonly experts: number }): OnnxOutput {
  const [x, chosen] = writer.inputs as [OnnxOutput, OnnxOutput];
  const output = writer.outputs[0] as [number, number];
  const [rows, features] = output;
  const best = chosen.shape.at(-1) as number;
  const flat = reshaped(writer, x, [rows / best, features]);
  const from = inverse(placesOfRows(experts, rows)).map((row) => Math.floor(row / best));
  return writer.node('Gather', [flat, writer.indices([rows], from)], output, { axis: { int: 0 } });
}

export function combine(writer: LayerWriter, { experts }: { readonly experts: number }): OnnxOutput {
  const [x, gates] = writer.inputs as [OnnxOutput, OnnxOutput];
  const [rows, features] = x.shape as [number, number];
  const best = gates.shape.at(-1) as number;
  const inOrder = writer.node('Gather', [x, writer.indices([rows], placesOfRows(experts, rows))], x.shape, { axis: { int: 0 } });
  const weighed = writer.node('Mul', [inOrder, reshaped(writer, gates, [rows, 1])], x.shape);
  const perPosition = reshaped(writer, weighed, [rows / best, best, features]);
  const sum = writer.node('ReduceSum', [perPosition, writer.ints(1)], [rows / best, features], { keepdims: { int: 0 } });
  return reshaped(writer, sum, writer.outputs[0] as Shape);
}

/** Position by position, as ONNX of this version has no recurrence without gates. */
export function scan(writer: LayerWriter): OnnxOutput {
  const [decay, x] = writer.inputs as [OnnxOutput, OnnxOutput];
  const axis = 1;
  const shape = x.shape.with(axis, 1);
  const axisOfDecay = axis + decay.shape.length - x.shape.length;
  const at = (from: OnnxOutput, along: number, position: number): OnnxOutput =>
    (from.shape[along] ?? 1) === 1 ? from : sliced(writer, from, along, position, position + 1, 1);
  const all: OnnxOutput[] = [];
  for (let position = 0; position < (x.shape[axis] as number); position++) {
    const before = all.at(-1);
    const own = at(x, axis, position);
    const kept = before && writer.node('Mul', [at(decay, axisOfDecay, position), before], shape);
    all.push(kept === undefined ? own : writer.node('Add', [kept, own], shape));
  }
  return writer.node('Concat', all, x.shape, { axis: { int: axis } });
}

/** Position by position, whatever the chunk: the values are the same. */
export function deltaRule(writer: LayerWriter): OnnxOutput {
  const [query, key, values, decay, rate] = writer.inputs as [OnnxOutput, OnnxOutput, OnnxOutput, OnnxOutput, OnnxOutput];
  const [n, heads, length, features] = values.shape as [number, number, number, number];
  const width = key.shape[3] as number;
  const [queries, keys] = [perQueryHead(writer, query, heads), perQueryHead(writer, key, heads)];
  const [matrix, one] = [
    [n, heads, width, features],
    [n, heads, 1, features],
  ];
  const all: OnnxOutput[] = [];
  let state: OnnxOutput | undefined;
  for (let position = 0; position < length; position++) {
    const at = (from: OnnxOutput) => sliced(writer, from, 2, position, position + 1, 1);
    const factorOf = (from: OnnxOutput) => reshaped(writer, at(from), [n, heads, 1, 1]);
    const own = at(keys);
    const kept = state && writer.node('Mul', [state, writer.node('Exp', [factorOf(decay)], [n, heads, 1, 1])], matrix);
    const more = kept ? writer.node('Sub', [at(values), writer.node('MatMul', [own, kept], one)], one) : at(values);
    const taken = writer.node('MatMul', [transposed(writer, own, [0, 1, 3, 2]), writer.node('Mul', [more, factorOf(rate)], one)], matrix);
    state = kept ? writer.node('Add', [kept, taken], matrix) : taken;
    all.push(writer.node('MatMul', [at(queries), state], one));
  }
  return writer.node('Concat', all, values.shape, { axis: { int: 2 } });
}

/** Ones, as in a run. */
export const recall = (writer: LayerWriter): OnnxOutput => {
  const output = writer.outputs[0] as Shape;
  return writer.node('ConstantOfShape', [writer.ints(...output)], output, { value: { one: 'float32' } });
};

interface RelativeBias {
  readonly buckets: number;
  readonly distance: number;
  readonly both: boolean;
}

export function relativeBias(writer: LayerWriter, a: RelativeBias): OnnxOutput {
  const [, heads, queries, keys] = writer.outputs[0] as [number, number, number, number];
  const pairs = computed(queries * keys, (i) => bucketOf(a, (i % keys) - Math.floor(i / keys) - (keys - queries)));
  const looked = writer.node('Gather', [writer.weights.table, writer.indices([queries, keys], pairs)], [queries, keys, heads], {
    axis: { int: 0 },
  });
  return reshaped(writer, transposed(writer, looked, [2, 0, 1]), writer.outputs[0] as Shape);
}
