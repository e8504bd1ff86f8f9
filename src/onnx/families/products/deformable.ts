import { elementCount, type Shape } from '../../../core/shape.ts';
import { type WindowAttributes, type WindowAxis, windowAxes } from '../../../operators/kit/window.ts';
import { charge } from '../../../problems/allowance.ts';
import type { OnnxOutput } from '../../file/proto.ts';
import { broken, type Call, input, int, type ReadRule } from '../../read/call.ts';
import { filled } from '../../read/layers.ts';
import { paddingOf, readWindow } from '../../read/window.ts';
import type { LayerWriter } from '../../write/emission.ts';
import { reshaped, transposed } from '../../write/shaping.ts';

/** A convolution whose taps are moved by offsets. */
export const deformable: ReadRule = (call: Call) => {
  const [x, kernel, offsets, bias, mask] = [input(call, 0), input(call, 1), input(call, 2), call.inputs[3], call.inputs[4]];
  const [n, channels] = x.shape as [number, number];
  const [out, perGroup, ...taps] = kernel.shape as [number, number, ...number[]];
  const [groups, offsetgroups] = [int(call.node, 'group') ?? 1, int(call.node, 'offset_group') ?? 1];
  if (x.shape.length !== 4 || taps.length !== 2 || perGroup * groups !== channels || channels % offsetgroups !== 0)
    throw broken(call.node, `its kernel of ${kernel.shape.join('×')} and ${groups} groups do not fit an input of ${x.shape.join('×')}`);
  const window = { ...readWindow(call.node, 2), padding: paddingOf(call.node, 2), kernel: taps };
  const positions = call.shapeOf('conv', { ...window, out: channels, groups: channels, bias: false }, [x]).slice(2);
  const wanted = [n, 2 * offsetgroups * elementCount(taps), ...positions];
  if (offsets.shape.join() !== wanted.join())
    throw broken(call.node, `its offsets are ${offsets.shape.join('×')}, but must be ${wanted.join('×')}`);
  if (elementCount([n, channels, ...positions]) === 0) return filled(call, [x], [n, out, ...positions]);
  const weights = bias === undefined ? { kernel } : { kernel, bias };
  const attributes = { ...window, out, groups, offsetgroups, bias: bias !== undefined };
  return call.layer('deformconv', attributes, [x, offsets, ...(mask === undefined ? [] : [mask])], { weights });
};

/** Where a tap is along an axis without an offset, as GridSample counts: −1 is the edge before the first element, 1 that after the last. */
const along = ({ size, stride, dilation, before }: WindowAxis, out: number, tap: number): number =>
  (2 * (out * stride + tap * dilation - before) + 1) / size - 1;

/** The places of all taps that are not moved: `[taps, oh, ow, 2]`, the column first. */
function placesOf(height: WindowAxis, width: WindowAxis): number[] {
  const places: number[] = [];
  for (let kh = 0; kh < height.kernel; kh++)
    for (let kw = 0; kw < width.kernel; kw++)
      for (let oh = 0; oh < height.out; oh++)
        for (let ow = 0; ow < width.out; ow++) places.push(along(width, ow, kw), along(height, oh, kh));
  return places;
}

interface Deformable extends WindowAttributes {
  readonly groups: number;
  readonly offsetgroups: number;
}

/** Opset 17 has no DeformConv: elements are sampled where the taps are moved to, and then multiplied as by a convolution of 1×1. */
export function deformableConvolution(writer: LayerWriter, a: Deformable): OnnxOutput {
  const [x, offsets, mask] = writer.inputs as [OnnxOutput, OnnxOutput, OnnxOutput?];
  const { kernel, bias } = writer.weights as { readonly kernel: OnnxOutput; readonly bias?: OnnxOutput };
  const [n, channels, ...sizes] = x.shape as [number, number, number, number];
  const [height, width] = windowAxes('deformconv', a, x.shape) as [WindowAxis, WindowAxis];
  const [taps, images] = [height.kernel * width.kernel, n * a.offsetgroups];
  charge('elements', 2 * taps * height.out * width.out);
  const pairs: Shape = [images, taps, height.out, width.out, 2];
  const apart = transposed(writer, reshaped(writer, offsets, [images, taps, 2, height.out, width.out]), [0, 1, 3, 4, 2]);
  // Offsets come as row and column of each tap; a grid has columns first.
  const turned = writer.node('Gather', [apart, writer.indices([2], [1, 0])], pairs, { axis: { int: 4 } });
  const scaled = writer.node('Mul', [turned, writer.numbers([2], [2 / width.size, 2 / height.size])], pairs);
  const moved = writer.node('Add', [scaled, writer.numbers(pairs.slice(1), placesOf(height, width))], pairs);
  const grid = reshaped(writer, moved, [images, taps * height.out, width.out, 2]);
  const perGroup = channels / a.offsetgroups;
  const samples = writer.node(
    'GridSample',
    [reshaped(writer, x, [images, perGroup, ...sizes]), grid],
    [images, perGroup, taps * height.out, width.out],
    {
      mode: { text: 'bilinear' },
      padding_mode: { text: 'zeros' },
      align_corners: { int: 0 },
    },
  );
  const weighed =
    mask === undefined
      ? samples
      : writer.node('Mul', [samples, reshaped(writer, mask, [images, 1, taps * height.out, width.out])], samples.shape);
  const stack = reshaped(writer, weighed, [n, channels * taps, height.out, width.out]);
  const filters = reshaped(writer, kernel, [kernel.shape[0] as number, (kernel.shape[1] as number) * taps, 1, 1]);
  return writer.node('Conv', bias === undefined ? [stack, filters] : [stack, filters, bias], writer.outputs[0] as Shape, {
    kernel_shape: { ints: [1, 1] },
    group: { int: a.groups },
  });
}
