import type { Shape } from '../../core/shape.ts';
import { TYPES, type WrittenType, type WrittenValue } from '../file/proto.ts';
import type { LayerWriter } from './emission.ts';

/** Nodes that give elements other places, as several layers need them. */

const isInOrder = (order: readonly number[]): boolean => order.every((axis, place) => axis === place);

/** The axes in another order; nothing where it is the order that they have. */
export const transposed = (writer: LayerWriter, x: WrittenValue, order: readonly number[]): WrittenValue =>
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
export const cast = (writer: LayerWriter, x: WrittenValue, type: WrittenType): WrittenValue =>
  writer.nodes('Cast', [x], [x.shape], { to: { int: TYPES[type] } }, [type])[0] as WrittenValue;

export const reshaped = (writer: LayerWriter, x: WrittenValue, shape: Shape): WrittenValue =>
  writer.node('Reshape', [x, writer.ints(...shape)], shape);

/** Elements `from` up to, but not including, `to` along an axis. */
export const sliced = (writer: LayerWriter, x: WrittenValue, axis: number, from: number, to: number, step = 1): WrittenValue =>
  writer.node(
    'Slice',
    [x, writer.ints(from), writer.ints(to), writer.ints(axis), writer.ints(step)],
    x.shape.with(axis, Math.ceil((to - from) / step)),
  );

/** A vector with one element for each channel, in a shape that broadcasts to `[n, c, …]` of so many axes. */
export const perChannel = (writer: LayerWriter, vector: WrittenValue, rank: number): WrittenValue =>
  reshaped(writer, vector, [vector.shape[0] as number, ...new Array<number>(rank - 2).fill(1)]);

export const concatenated = (writer: LayerWriter, parts: readonly WrittenValue[], axis: number, shape: Shape): WrittenValue =>
  parts.length === 1 ? (parts[0] as WrittenValue) : writer.node('Concat', parts, shape, { axis: { int: axis } });
