import type { Shape } from '../../../core/shape.ts';
import { axesOf, axisOf } from '../../../operators/kit/axes.ts';
import { around } from '../../../operators/kit/edges.ts';
import { along } from '../../../operators/kit/window.ts';
import { fail } from '../../../problems/problem.ts';
import type { OnnxOutput } from '../../file/proto.ts';
import type { Attributes, LayerWriter } from '../../write/emission.ts';
import { concatenated, inverse, reshaped, sliced, transposed } from '../../write/shaping.ts';

export const concatenation = (writer: LayerWriter, { axis }: { readonly axis: number }): OnnxOutput =>
  writer.node('Concat', writer.inputs, writer.outputs[0] as Shape, {
    axis: { int: axisOf(axis, (writer.inputs[0] as OnnxOutput).shape) },
  });

export function split(writer: LayerWriter, a: { readonly axis: number }): OnnxOutput[] {
  const [x] = writer.inputs as [OnnxOutput];
  const axis = axisOf(a.axis, x.shape);
  const sizes = writer.outputs.map((shape) => shape[axis] as number);
  return writer.nodes('Split', [x, writer.ints(...sizes)], writer.outputs, { axis: { int: axis } });
}

interface Slice {
  readonly axis: number;
  readonly start: number;
  readonly end?: number | undefined;
  readonly step: number;
}

export function slice(writer: LayerWriter, { axis, start, end, step }: Slice): OnnxOutput {
  const [x] = writer.inputs as [OnnxOutput];
  const counted = axisOf(axis, x.shape);
  return sliced(writer, x, counted, start, end ?? (x.shape[counted] as number), step);
}

/** Channels as groups of so many, the two axes swapped. */
export function shuffle(writer: LayerWriter, { groups }: { readonly groups: number }): OnnxOutput {
  const [x] = writer.inputs as [OnnxOutput];
  const [n, channels, ...spatial] = x.shape as [number, number, ...number[]];
  const grouped = reshaped(writer, x, [n, groups, channels / groups, ...spatial]);
  return reshaped(writer, transposed(writer, grouped, [0, 2, 1, ...spatial.map((_, axis) => axis + 3)]), x.shape);
}

interface Blocks {
  readonly factor: number;
  readonly mode: 'CRD' | 'DCR';
}

/** The axes of pixels in blocks, `[n, c, h, r, w, r]`, in the order in which channels hold them, `[n, c, r, r, h, w]` for CRD. */
function blockOrder({ mode }: Blocks, axes: number): number[] {
  const pixels = Array.from({ length: axes }, (_, axis) => 3 + 2 * axis);
  const places = pixels.map((axis) => axis - 1);
  return [0, ...(mode === 'CRD' ? [1, ...pixels] : [...pixels, 1]), ...places];
}

/** DepthToSpace is for images; along other axes it is one transpose. */
export function pixelShuffle(writer: LayerWriter, a: Blocks): OnnxOutput {
  const [x] = writer.inputs as [OnnxOutput];
  const to = writer.outputs[0] as Shape;
  if (to.length === 4) return writer.node('DepthToSpace', [x], to, { blocksize: { int: a.factor }, mode: { text: a.mode } });
  const [n, channels, ...sizes] = to as [number, number, ...number[]];
  const blocks = [n, channels, ...sizes.flatMap((size) => [size / a.factor, a.factor])];
  const order = blockOrder(a, sizes.length);
  const packed = reshaped(
    writer,
    x,
    order.map((axis) => blocks[axis] as number),
  );
  return reshaped(writer, transposed(writer, packed, inverse(order)), to);
}

/** SpaceToDepth puts the channels of a pixel next to each other. */
export function pixelUnshuffle(writer: LayerWriter, a: Blocks): OnnxOutput {
  const [x] = writer.inputs as [OnnxOutput];
  const to = writer.outputs[0] as Shape;
  if (to.length === 4 && a.mode === 'DCR') return writer.node('SpaceToDepth', [x], to, { blocksize: { int: a.factor } });
  const [n, channels, ...sizes] = x.shape as [number, number, ...number[]];
  const blocks = reshaped(writer, x, [n, channels, ...sizes.flatMap((size) => [size / a.factor, a.factor])]);
  return reshaped(writer, transposed(writer, blocks, blockOrder(a, sizes.length)), to);
}

export const reshape = (writer: LayerWriter): OnnxOutput => reshaped(writer, writer.inputs[0] as OnnxOutput, writer.outputs[0] as Shape);

/** Flatten of ONNX gives two axes. */
export function flatten(writer: LayerWriter, { start }: { readonly start: number }): OnnxOutput {
  const [x] = writer.inputs as [OnnxOutput];
  const output = writer.outputs[0] as Shape;
  return output.length === 2 && axisOf(start, x.shape) === 1
    ? writer.node('Flatten', [x], output, { axis: { int: 1 } })
    : reshaped(writer, x, output);
}

export const permute = (writer: LayerWriter, { order }: { readonly order: readonly number[] }): OnnxOutput =>
  writer.node('Transpose', writer.inputs, writer.outputs[0] as Shape, { perm: { ints: order } });

interface Pad {
  readonly amount: readonly (number | readonly [number, number])[];
  readonly value: number;
}

export function pad(writer: LayerWriter, { amount, value }: Pad): OnnxOutput {
  const [x] = writer.inputs as [OnnxOutput];
  const sides = amount.map((one) => (typeof one === 'number' ? ([one, one] as const) : one));
  const pads = writer.ints(0, ...sides.map(([before]) => before), 0, ...sides.map(([, after]) => after));
  const filling = value === 0 ? [] : [writer.numbers([], [value])];
  return writer.node('Pad', [x, pads, ...filling], writer.outputs[0] as Shape);
}

interface Upsample {
  readonly scale?: number | readonly number[] | undefined;
  readonly size?: number | readonly number[] | undefined;
  readonly mode: 'nearest' | 'linear' | 'cubic';
  readonly coordinates?: string | undefined;
  readonly rounding: 'floor' | 'ceil' | 'prefer_floor' | 'prefer_ceil';
  readonly swing: number;
  readonly exclude: boolean;
  readonly region?: readonly number[] | undefined;
  readonly beyond: number;
}

const ROUNDINGS = { floor: 'floor', ceil: 'ceil', prefer_floor: 'round_prefer_floor', prefer_ceil: 'round_prefer_ceil' } as const;

function resizeAttributes({ scale, mode, coordinates, rounding, swing, exclude, beyond }: Upsample): Attributes {
  // Opset 17 knows only the one that is the same for sizes.
  const symmetric = coordinates === 'half_pixel_symmetric';
  if (symmetric && scale !== undefined) throw fail('NOT_EXPORTABLE', { operator: 'Resize with half_pixel_symmetric' });
  const named = symmetric ? 'half_pixel' : (coordinates ?? (mode === 'nearest' ? 'asymmetric' : 'half_pixel'));
  const attributes: Attributes = {
    mode: { text: mode },
    coordinate_transformation_mode: { text: named === 'crop' ? 'tf_crop_and_resize' : named },
    ...(named === 'crop' && { extrapolation_value: { float: beyond } }),
  };
  if (mode === 'nearest') return { ...attributes, nearest_mode: { text: ROUNDINGS[rounding] } };
  return mode === 'cubic' ? { ...attributes, cubic_coeff_a: { float: swing }, exclude_outside: { int: exclude ? 1 : 0 } } : attributes;
}

/** Several axes are mixed one by one. onnxruntime mixes images only: an axis alone is one of an image that is one wide. */
export function upsample(writer: LayerWriter, a: Upsample): OnnxOutput {
  const { scale, size, mode, region } = a;
  const [x] = writer.inputs as [OnnxOutput];
  const output = writer.outputs[0] as Shape;
  const axes = x.shape.length - 2;
  const scaleOf = (axis: number): number => along('scale', scale ?? 1, axis, axes);
  const roiOf = (rank: number): OnnxOutput | undefined =>
    region && writer.numbers([2 * rank], [0, 0, ...region.slice(0, rank - 2), 1, 1, ...region.slice(rank - 2)]);
  const resized = (from: OnnxOutput, to: Shape, scales: readonly number[]): OnnxOutput => {
    const by = size === undefined ? [writer.numbers([scales.length], scales)] : [undefined, writer.ints(...to)];
    return writer.node('Resize', [from, roiOf(from.shape.length), ...by], to, resizeAttributes(a));
  };
  if (mode === 'nearest' || axes === 2) return resized(x, output, [1, 1, ...Array.from({ length: axes }, (_, axis) => scaleOf(axis))]);
  if (region !== undefined) throw fail('NOT_EXPORTABLE', { operator: 'Resize with tf_crop_and_resize' });
  const [n, channels] = output as [number, number];
  const mixed = Array.from({ length: axes }).reduce<OnnxOutput>((value, _, axis) => {
    const at = axis + 2;
    const [before, after] = [value.shape.slice(2, at), value.shape.slice(at + 1)].map((sizes) =>
      sizes.reduce((all, one) => all * one, 1),
    ) as [number, number];
    const image = [n, channels * before, value.shape[at] as number, after];
    const wide = resized(reshaped(writer, value, image), image.with(2, output[at] as number), [1, 1, scaleOf(axis), 1]);
    return reshaped(writer, wide, value.shape.with(at, output[at] as number));
  }, x);
  return mixed;
}

interface Roll {
  readonly axis: number | readonly number[];
  readonly shift: number | readonly number[];
}

/** Along each axis, the end before the start. */
export function roll(writer: LayerWriter, { axis, shift }: Roll): OnnxOutput {
  const [x] = writer.inputs as [OnnxOutput];
  const shifts = [shift].flat();
  const rolled = axesOf(axis, x.shape).reduce((value, axis, i) => {
    const size = x.shape[axis] as number;
    const by = around(shifts[i] as number, size);
    if (by === 0) return value;
    const parts = [sliced(writer, value, axis, size - by, size), sliced(writer, value, axis, 0, size - by)];
    return concatenated(writer, parts, axis, x.shape);
  }, x);
  return rolled;
}
