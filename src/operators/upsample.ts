import * as z from 'zod/mini';
import { fail } from '../core/problem.ts';
import type { Shape } from '../core/shape.ts';
import { value, ZERO } from '../core/tensor.ts';
import { each, elementFactors, type Factor, factor } from '../core/work.ts';
import { oneOf, optional, perAxis, scale, withDefault } from './attributes.ts';
import { checkEither } from './axes.ts';
import { fill, offsetOf } from './elements.ts';
import { defineOperator } from './operator.ts';
import { along, checkSpatial, spatialAxes } from './window.ts';

const attributes = () =>
  z.strictObject({
    scale: optional(scale()),
    size: optional(perAxis()),
    mode: withDefault(oneOf('nearest', 'linear', 'cubic'), 'nearest'),
  });

/** How many neighbours along each axis an output element is mixed from; nearest only copies one. */
const TAPS = { nearest: 0, linear: 2, cubic: 4 } as const;

/** The shape of the output. */
function resized(a: z.infer<ReturnType<typeof attributes>>, x: Shape): Shape {
  checkSpatial('upsample', x);
  checkEither('upsample', a, 'scale', 'size');
  const { scale: factors = 1, size: sizes } = a;
  const axes = x.length - 2;
  return x.map((size, axis) => {
    if (axis < 2) return size;
    if (sizes !== undefined) return along('size', sizes, axis - 2, axes);
    const times = along('scale', factors, axis - 2, axes);
    const out = Math.floor(size * times);
    if (out < 1) throw fail('CONTRADICTION', { message: `A scale of ${times} leaves nothing of ${size}. Use a larger one` }, 'scale');
    return out;
  });
}

/** An element that an output element is mixed from, and its share: both follow from positions alone. */
interface Neighbour {
  readonly place: number;
  readonly share: number;
}

type NeighboursOf = (position: number, step: number, size: number) => readonly Neighbour[];

const inside = (place: number, size: number): number => Math.min(Math.max(place, 0), size - 1);

/** How far a cubic curve swings over, as in PyTorch and by default in ONNX. */
const SWING = -0.75;

/** The share of a neighbour at a distance, by cubic convolution: Keys 1981. */
function cubicShare(distance: number): number {
  const d = Math.abs(distance);
  return d <= 1 ? (SWING + 2) * d ** 3 - (SWING + 3) * d ** 2 + 1 : SWING * (d ** 3 - 5 * d ** 2 + 8 * d - 4);
}

/** Along one axis, the neighbours of an output; centres of pixels lie at halves. */
const NEIGHBOURS: { readonly [M in keyof typeof TAPS]: NeighboursOf } = {
  nearest: (position, step, size) => [{ place: inside(Math.floor(position * step), size), share: 1 }],
  linear(position, step, size) {
    const centre = Math.max((position + 0.5) * step - 0.5, 0);
    const first = Math.floor(centre);
    return [
      { place: inside(first, size), share: 1 - (centre - first) },
      { place: inside(first + 1, size), share: centre - first },
    ];
  },
  cubic(position, step, size) {
    const centre = (position + 0.5) * step - 0.5;
    const first = Math.floor(centre);
    return [-1, 0, 1, 2].map((tap) => ({ place: inside(first + tap, size), share: cubicShare(centre - first - tap) }));
  },
};

/** The neighbours along all axes together, by their offset in the whole tensor. */
function combined(shape: Shape, first: readonly number[], axes: readonly (readonly Neighbour[])[]): readonly Neighbour[] {
  let result: readonly Neighbour[] = [{ place: offsetOf(shape.slice(0, 2), first), share: 1 }];
  axes.forEach((neighbours, axis) => {
    const size = shape[axis + 2] as number;
    result = result.flatMap((one) => neighbours.map(({ place, share }) => ({ place: one.place * size + place, share: one.share * share })));
  });
  return result;
}

export const upsample = defineOperator({
  name: 'upsample',
  summary: 'Resize the spatial axes of [n, c, …] by a scale or to a size: nearest, linear (bilinear for images) or cubic.',
  attributes,
  rule: 'One multiply and one add per output element and neighbour: 2 along each axis for linear, 4 for cubic; nearest only moves elements. The weights of the neighbours come from positions alone.',
  source: 'torch.nn.Upsample; ONNX operator Resize',
  shape: (a, [x]) => resized(a, x),
  work(a, [x]) {
    const taps = TAPS[a.mode];
    if (taps === 0) return [];
    const [batch, ...elements] = elementFactors(resized(a, x)) as [Factor, ...Factor[]];
    const neighbours = spatialAxes(x.length).map(({ letter }) => factor(`taps ${letter}`, taps));
    return [each({ multiply: 1, add: 1 }, [batch, ...neighbours, ...elements])];
  },
  window(a, [x]) {
    const output = resized(a, x);
    return x.slice(2).map((size, axis) => ({ span: Math.max(1, TAPS[a.mode]), stride: size / (output[axis + 2] as number) }));
  },
  run(a, [x], _, alu) {
    const output = resized(a, x.shape);
    const axes = x.shape.slice(2).map((size, index) => {
      const out = output[index + 2] as number;
      const step = a.scale === undefined ? size / out : 1 / along('scale', a.scale, index, x.shape.length - 2);
      return Array.from({ length: out }, (__, position) => NEIGHBOURS[a.mode](position, step, size));
    });
    return fill(output, alu, ([image, channel, ...at]) => {
      const along = axes.map((positions, axis) => positions[at[axis] as number] as readonly Neighbour[]);
      const neighbours = combined(x.shape, [image as number, channel as number], along);
      if (a.mode === 'nearest') return x.data[(neighbours[0] as Neighbour).place];
      let sum = ZERO;
      for (const { place, share } of neighbours) sum = alu.add(sum, alu.multiply(x.data[place], value(share)));
      return sum;
    });
  },
});
