import { elementCount, type Shape } from '../../../core/shape.ts';
import { broken, type Call, input, int, type ReadRule } from '../../read/call.ts';
import { filled, moveLayer, reshapedTo } from '../../read/layers.ts';
import { known, MAX_FOLDED, type ReadValue } from '../../read/value.ts';
import { paddingOf, readWindow } from '../../read/window.ts';
import { joinedBy } from '../elementwise/read.ts';

const only = (values: readonly ReadValue[]): ReadValue => values[0] as ReadValue;

/** Where a tap is along an axis without an offset, as `gridsample` counts: −1 is the edge before the first element, 1 that after the last. */
const along = (place: number, size: number): number => (2 * place + 1) / size - 1;

/**
 * A convolution whose taps are moved by offsets: elements sampled between their neighbours, and then a product with the kernel, of as
 * many multiply-accumulates as a convolution makes.
 */
export const deformable: ReadRule = (call) => {
  const [x, kernel, offsets, bias, mask] = [input(call, 0), input(call, 1), input(call, 2), call.inputs[3], call.inputs[4]];
  const [n, channels, ...sizes] = x.shape as [number, number, ...number[]];
  const [out, perGroup, ...taps] = kernel.shape as [number, number, ...number[]];
  const [groups, parts] = [int(call.node, 'group') ?? 1, int(call.node, 'offset_group') ?? 1];
  if (x.shape.length !== 4 || taps.length !== 2 || perGroup * groups !== channels || channels % parts !== 0)
    throw broken(call.node, `its kernel of ${kernel.shape.join('×')} and ${groups} groups do not fit an input of ${x.shape.join('×')}`);
  const { stride, dilation } = readWindow(call.node, 2);
  const padding = paddingOf(call.node, 2);
  const [rows, columns] = call
    .shapeOf('conv', { out: channels, kernel: taps, stride, dilation, padding, groups: channels, bias: false }, [x])
    .slice(2) as [number, number];
  const count = elementCount(taps);
  const wanted = [n, 2 * parts * count, rows, columns];
  if (offsets.shape.join() !== wanted.join())
    throw broken(call.node, `its offsets are ${offsets.shape.join('×')}, but must be ${wanted.join('×')}`);
  if (elementCount([n, channels, rows, columns]) === 0) return filled(call, [x], [n, out, rows, columns]);
  const before = typeof padding === 'string' ? [0, 0] : padding.map(([first]) => first);
  const base = placesIn(x.type, [count, rows, columns], (tap, at) =>
    [1, 0].map((axis) => {
      const step = axis === 0 ? Math.floor(tap / (taps[1] as number)) : tap % (taps[1] as number);
      const place = (at[axis] as number) * (stride[axis] as number) + step * (dilation[axis] as number) - (before[axis] as number);
      return along(place, sizes[axis] as number);
    }),
  );
  // Offsets come as row and column of each tap; a grid has columns first.
  const split = only(reshapedTo(call, offsets, [n * parts, count, 2, rows, columns]));
  const pairs = only(call.layer('permute', { order: [0, 1, 3, 4, 2] }, [split]));
  const turned = only(moveLayer(call, { by: 'gather', axis: 4, indices: [1, 0] }, [pairs]));
  const scaled = only(
    joinedBy(call, 'multiply', [turned, known(x.type, [2], [2 / (sizes[1] as number), 2 / (sizes[0] as number)])], turned.shape, x.type),
  );
  const grid = only(
    reshapedTo(call, only(joinedBy(call, 'add', [scaled, base], turned.shape, x.type)), [n * parts, count * rows, columns, 2]),
  );
  const images = parts === 1 ? x : only(reshapedTo(call, x, [n * parts, channels / parts, ...sizes]));
  const samples = only(call.layer('gridsample', {}, [images, grid]));
  const masked = mask === undefined ? samples : weighted(call, samples, mask, [n * parts, 1, count * rows, columns]);
  const stack = only(reshapedTo(call, masked, [n, channels * count, rows, columns]));
  const weights = bias === undefined ? { kernel } : { kernel, bias };
  return call.layer('conv', { out, kernel: [1, 1], groups, bias: bias !== undefined }, [stack], { weights });
};

const weighted = (call: Call, samples: ReadValue, mask: ReadValue, shape: Shape): ReadValue =>
  only(joinedBy(call, 'multiply', [samples, only(reshapedTo(call, mask, shape))], samples.shape, samples.type));

/** Places of all taps, where they are few enough to be made. */
function placesIn(
  type: ReadValue['type'],
  [count, rows, columns]: readonly [number, number, number],
  placeAt: (tap: number, at: readonly number[]) => readonly number[],
): ReadValue {
  const shape = [count, rows, columns, 2];
  if (elementCount(shape) > MAX_FOLDED) return { type, shape, isConstant: true, elements: () => undefined };
  const all = Array.from({ length: count * rows * columns }, (_, i) =>
    placeAt(Math.floor(i / (rows * columns)), [Math.floor(i / columns) % rows, i % columns]),
  );
  return known(type, shape, all.flat());
}
