import type { Shape } from '../../core/shape.ts';
import { type OnnxOutput, TYPES, type WrittenType } from '../file/proto.ts';
import type { LayerWriter } from './emission.ts';

/** Nodes that give elements other places, as several layers need them. */

const isInOrder = (order: readonly number[]): boolean => order.every((axis, place) => axis === place);

/** The axes in another order; nothing where it is the order that they have. */
export const transposed = (writer: LayerWriter, x: OnnxOutput, order: readonly number[]): OnnxOutput =>
  isInOrder(order)
    ? x
    : writer.node(
        'Transpose',
        [x],
        order.map((axis) => x.shape[axis] as number),
        { perm: { ints: order } },
      );

/** The order that undoes another. */
export const inverse = (order: readonly number[]): number[] => order.map((_, axis) => order.indexOf(axis));

/** The same numbers as another type has them. */
export const cast = (writer: LayerWriter, x: OnnxOutput, type: WrittenType): OnnxOutput =>
  writer.nodes('Cast', [x], [x.shape], { to: { int: TYPES[type] } }, [type])[0] as OnnxOutput;

export const reshaped = (writer: LayerWriter, x: OnnxOutput, shape: Shape): OnnxOutput =>
  writer.node('Reshape', [x, writer.ints(...shape)], shape);

/** Elements `from` up to, but not including, `to` along an axis. */
export const sliced = (writer: LayerWriter, x: OnnxOutput, axis: number, from: number, to: number, step = 1): OnnxOutput =>
  writer.node(
    'Slice',
    [x, writer.ints(from), writer.ints(to), writer.ints(axis), writer.ints(step)],
    x.shape.with(axis, Math.ceil((to - from) / step)),
  );

/** A vector with one element for each channel, in a shape that broadcasts to `[n, c, …]` of so many axes. */
export const perChannel = (writer: LayerWriter, vector: OnnxOutput, rank: number): OnnxOutput =>
  reshaped(writer, vector, [vector.shape[0] as number, ...new Array<number>(rank - 2).fill(1)]);

export const concatenated = (writer: LayerWriter, parts: readonly OnnxOutput[], axis: number, shape: Shape): OnnxOutput =>
  parts.length === 1 ? (parts[0] as OnnxOutput) : writer.node('Concat', parts, shape, { axis: { int: axis } });
