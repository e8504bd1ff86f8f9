import type { Shape } from '../../../core/shape.ts';
import { isSeen } from '../../../operators/kit/mask.ts';
import { ropeAngle } from '../../../operators/rope.ts';
import type { WrittenValue } from '../../file/proto.ts';
import type { LayerWriter } from '../../write/emission.ts';
import { cast, concatenated, reshaped, sliced, transposed } from '../../write/shaping.ts';

/** Ids flow as numbers, unless they are an input of the model. */
export function embedding(writer: LayerWriter): WrittenValue {
  const [ids] = writer.inputs as [WrittenValue];
  const whole = ids.type === 'int64' ? ids : cast(writer, ids, 'int64');
  return writer.node('Gather', [writer.weights.table, whole], writer.outputs[0] as Shape, { axis: { int: 0 } });
}

export function positions(writer: LayerWriter, { start }: { readonly start: number }): WrittenValue {
  const output = writer.outputs[0] as Shape;
  const rows = sliced(writer, writer.weights.table as WrittenValue, 0, start, start + (output[1] as number));
  return reshaped(writer, rows, output);
}

export const splitheads = (writer: LayerWriter): WrittenValue => {
  const [n, heads, length, width] = writer.outputs[0] as [number, number, number, number];
  return transposed(writer, reshaped(writer, writer.inputs[0] as WrittenValue, [n, length, heads, width]), [0, 2, 1, 3]);
};

export const mergeheads = (writer: LayerWriter): WrittenValue =>
  reshaped(writer, transposed(writer, writer.inputs[0] as WrittenValue, [0, 2, 1, 3]), writer.outputs[0] as Shape);

/** The positions of earlier steps are those of the input in turn, as when it is run. */
export function cache(writer: LayerWriter, { axis }: { readonly axis: number }): WrittenValue {
  const [x] = writer.inputs as [WrittenValue];
  const output = writer.outputs[0] as Shape;
  const along = axis < 0 ? axis + output.length : axis;
  const length = x.shape[along] as number;
  const kept = (output[along] as number) - length;
  if (kept === 0) return writer.node('Identity', [x], output);
  const places = Array.from({ length: kept + length }, (_, i) => (i < kept ? i % length : i - kept));
  return writer.node('Gather', [x, writer.indices([places.length], places)], output, { axis: { int: along } });
}

interface Rotation {
  readonly dim?: number | undefined;
  readonly theta: number;
  readonly interleaved: boolean;
  readonly start: number;
}

/** Pairs of features, as two tensors, rotated, and put back. */
export function rope(writer: LayerWriter, a: Rotation): WrittenValue {
  const [x] = writer.inputs as [WrittenValue];
  const last = x.shape.length - 1;
  const [length, features] = x.shape.slice(-2) as [number, number];
  const dim = a.dim ?? features;
  const pairs = dim / 2;
  const table = (of: (angle: number) => number): WrittenValue =>
    writer.numbers(
      [length, pairs],
      Array.from({ length: length * pairs }, (_, i) => of(ropeAngle(a, dim, a.start + Math.floor(i / pairs), i % pairs))),
    );
  const [cos, sin] = [table(Math.cos), table(Math.sin)];
  const first = a.interleaved ? sliced(writer, x, last, 0, dim, 2) : sliced(writer, x, last, 0, pairs);
  const second = a.interleaved ? sliced(writer, x, last, 1, dim, 2) : sliced(writer, x, last, pairs, dim);
  const times = (one: WrittenValue, other: WrittenValue): WrittenValue => writer.node('Mul', [one, other], one.shape);
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
}

/** Keys or values for each head of the queries. */
function perQueryHead(writer: LayerWriter, x: WrittenValue, heads: number): WrittenValue {
  const [n, own, length, width] = x.shape as [number, number, number, number];
  if (own === heads) return x;
  const repeated = [n, own, heads / own, length, width];
  const apart = reshaped(writer, x, [n, own, 1, length, width]);
  return reshaped(writer, writer.node('Expand', [apart, writer.ints(...repeated)], repeated), [n, heads, length, width]);
}

/** Far below every score, but no infinity, of which a softmax over a row of nothing else would make NaN. */
const MASKED = -1e30;

export function sdpa(writer: LayerWriter, a: Attention): WrittenValue {
  const [query, key, values, bias] = writer.inputs as [WrittenValue, WrittenValue, WrittenValue, WrittenValue | undefined];
  const [n, heads, queries, width] = query.shape as [number, number, number, number];
  const keys = key.shape[2] as number;
  const scores = [n, heads, queries, keys];
  const step = (operator: string, x: WrittenValue, other: WrittenValue): WrittenValue => writer.node(operator, [x, other], x.shape);
  const products = writer.node('MatMul', [query, transposed(writer, perQueryHead(writer, key, heads), [0, 1, 3, 2])], scores);
  let x = a.scale === 1 ? products : step('Mul', products, writer.number(a.scale ?? 1 / Math.sqrt(width)));
  if (a.softcap !== undefined) {
    const cap = writer.number(a.softcap);
    x = step('Mul', writer.node('Tanh', [step('Div', x, cap)], scores), cap);
  }
  if (bias !== undefined) x = step('Add', x, bias);
  if (a.causal || a.window !== undefined) {
    const offset = Math.max(keys - queries, 0);
    const mask = Array.from({ length: queries * keys }, (_, i) => (isSeen(a, offset, Math.floor(i / keys), i % keys) ? 0 : MASKED));
    x = step('Add', x, writer.numbers([queries, keys], mask));
  }
  const { sinks } = writer.weights;
  const shares = sinks === undefined ? softmax(writer, x) : sliced(writer, softmax(writer, withSinks(writer, x, sinks)), 3, 0, keys);
  return writer.node('MatMul', [shares, perQueryHead(writer, values, heads)], writer.outputs[0] as Shape);
}

const softmax = (writer: LayerWriter, x: WrittenValue): WrittenValue => writer.node('Softmax', [x], x.shape, { axis: { int: 3 } });

/** One score more for each query, the same for all queries of a head. */
function withSinks(writer: LayerWriter, x: WrittenValue, sinks: WrittenValue): WrittenValue {
  const [n, heads, queries, keys] = x.shape as [number, number, number, number];
  const column = [n, heads, queries, 1];
  const expanded = writer.node('Expand', [reshaped(writer, sinks, [1, heads, 1, 1]), writer.ints(...column)], column);
  return concatenated(writer, [x, expanded], 3, [n, heads, queries, keys + 1]);
}
