import { elementCount, type Shape } from '../../../core/shape.ts';
import { tapsOf } from '../../../operators/kit/columns.ts';
import { type WindowAttributes, type WindowAxis, windowAxes } from '../../../operators/kit/window.ts';
import { charge } from '../../../problems/allowance.ts';
import type { OnnxOutput } from '../../file/proto.ts';
import type { LayerWriter } from '../../write/emission.ts';
import { reshaped, sliced, transposed } from '../../write/shaping.ts';

/** Where the taps of a window lie along an axis, padding before it included: for each tap, at every position. */
const placesAlong = ({ kernel, stride, dilation, out }: WindowAxis): number[] =>
  Array.from({ length: kernel * out }, (_, i) => Math.floor(i / out) * dilation + (i % out) * stride);

const paddedSize = ({ before, size, after }: WindowAxis): number => before + size + after;

/** Along each axis the taps at every position are gathered. */
export function toColumns(writer: LayerWriter, a: WindowAttributes): OnnxOutput {
  const [x] = writer.inputs as [OnnxOutput];
  const axes = windowAxes('unfold', a, x.shape);
  charge('elements', elementCount(writer.outputs[0] as Shape));
  const pads = writer.ints(0, 0, ...axes.map(({ before }) => before), 0, 0, ...axes.map(({ after }) => after));
  const isPadded = axes.some(({ before, after }) => before + after > 0);
  const whole = isPadded ? writer.node('Pad', [x, pads], [...x.shape.slice(0, 2), ...axes.map(paddedSize)]) : x;
  // From the last axis, so that those before it stay where they are.
  const gathered = [...axes.keys()].reduceRight<OnnxOutput>((value, index) => {
    const axis = axes[index] as WindowAxis;
    const places = writer.indices([axis.kernel, axis.out], placesAlong(axis));
    return writer.node('Gather', [value, places], value.shape.toSpliced(index + 2, 1, axis.kernel, axis.out), { axis: { int: index + 2 } });
  }, whole);
  const order = [0, 1, ...axes.map((_, index) => 2 + 2 * index), ...axes.map((_, index) => 3 + 2 * index)];
  return reshaped(writer, transposed(writer, gathered, order), writer.outputs[0] as Shape);
}

interface Fold extends WindowAttributes {
  readonly size: readonly number[];
}

/** Where each tap of each position lies in the padded image of one channel. */
function placesIn(axes: readonly WindowAxis[]): number[] {
  const rows = axes.map((axis) => {
    const along = placesAlong(axis);
    return Array.from({ length: axis.kernel }, (_, tap) => along.slice(tap * axis.out, (tap + 1) * axis.out));
  });
  const joined = (outer: readonly number[], inner: readonly number[], size: number): number[] =>
    outer.flatMap((place) => inner.map((one) => place * size + one));
  return rows
    .reduce<number[][]>(
      (taps, own, index) => taps.flatMap((outer) => own.map((inner) => joined(outer, inner, paddedSize(axes[index] as WindowAxis)))),
      [[0]],
    )
    .flat();
}

/** Opset 17 has no Col2Im: what windows have is scattered to a padded image, channel by channel, and added. */
export function fromColumns(writer: LayerWriter, a: Fold): OnnxOutput {
  const [x] = writer.inputs as [OnnxOutput];
  const output = writer.outputs[0] as Shape;
  const [n, channels] = output as [number, number];
  const axes = windowAxes('fold', a, output);
  const [taps, positions, padded] = [tapsOf(axes), x.shape[2] as number, axes.map(paddedSize)];
  charge('elements', taps * positions);
  const apart = reshaped(writer, x, [n * channels, taps * positions]);
  const places = writer.indices([taps * positions, 1], placesIn(axes));
  const zeros = writer.node(
    'Expand',
    [writer.number(0), writer.ints(elementCount(padded), n * channels)],
    [elementCount(padded), n * channels],
  );
  const updates = transposed(writer, apart, [1, 0]);
  const sums = writer.node('ScatterND', [zeros, places, updates], zeros.shape, { reduction: { text: 'add' } });
  const image = reshaped(writer, transposed(writer, sums, [1, 0]), [n, channels, ...padded]);
  return axes.reduce<OnnxOutput>(
    (value, axis, index) =>
      axis.before + axis.after === 0 ? value : sliced(writer, value, index + 2, axis.before, axis.before + axis.size),
    image,
  );
}
