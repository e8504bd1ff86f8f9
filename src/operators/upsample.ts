import * as z from 'zod/mini';
import { fail } from '../core/problem.ts';
import type { Shape } from '../core/shape.ts';
import { each, elementFactors, type Factor, factor } from '../core/work.ts';
import { oneOf, optional, perAxis, scale, withDefault } from './attributes.ts';
import { checkEither } from './axes.ts';
import { defineOperator } from './operator.ts';
import { along, checkSpatial, spatialAxes } from './window.ts';

const attributes = z.strictObject({
  scale: optional(scale),
  size: optional(perAxis),
  mode: withDefault(oneOf('nearest', 'linear', 'cubic'), 'nearest'),
});

/** How many neighbours along each axis an output element is mixed from; nearest only copies one. */
const TAPS = { nearest: 0, linear: 2, cubic: 4 } as const;

/** The shape of the output. */
function resized(a: z.infer<typeof attributes>, x: Shape): Shape {
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
});
