import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import type { Shape } from '../core/shape.ts';
import { LEAST, type Tensor, ZERO } from '../core/tensor.ts';
import { each, elementFactors } from '../core/work.ts';
import { about, integer, withDefault } from './kit/attributes.ts';
import { axisOf } from './kit/axes.ts';
import { offsetsAlong, otherAxes } from './kit/elements.ts';
import { savedOutput, toInput } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';

/** Per element: find the greatest, subtract it, exponentiate, sum up, divide by the sum. */
export const SOFTMAX = { add: 1, subtract: 1, divide: 1, compare: 1, exp: 1 } as const;

/** y · (g − Σ g·y), per element. */
export const SOFTMAX_GRADIENT = { multiply: 2, add: 1, subtract: 1 } as const;

/** The shares along an axis. */
export function softmaxAlong({ shape, data }: Tensor, axis: number, alu: Alu): Tensor {
  const y = alu.zeros(shape);
  const along = offsetsAlong(shape, [axis]);
  for (const start of offsetsAlong(shape, otherAxes(shape, [axis]))) {
    let greatest = LEAST;
    for (const place of along) greatest = alu.compare(data[start + place], greatest) ? data[start + place] : greatest;
    let sum = ZERO;
    for (const place of along) {
      const power = alu.exp(alu.subtract(data[start + place], greatest));
      y.data[start + place] = power;
      sum = alu.add(sum, power);
    }
    for (const place of along) y.data[start + place] = alu.divide(y.data[start + place], sum);
  }
  return y;
}

/** Along an axis, each share times how much its gradient is above their mean by shares. */
export function softmaxBack({ shape, data: y }: Tensor, { data: g }: Tensor, axis: number, alu: Alu): Tensor {
  const x = alu.zeros(shape);
  const along = offsetsAlong(shape, [axis]);
  for (const start of offsetsAlong(shape, otherAxes(shape, [axis]))) {
    let mean = ZERO;
    for (const place of along) mean = alu.add(mean, alu.multiply(g[start + place], y[start + place]));
    for (const place of along) x.data[start + place] = alu.multiply(y[start + place], alu.subtract(g[start + place], mean));
  }
  return x;
}

export const softmax = defineOperator({
  name: 'softmax',
  summary: 'Turn every vector along an axis, the last by default, into shares that add up to 1.',
  attributes: z.strictObject({
    axis: about(withDefault(integer, -1), 'The axis along which outputs add up to 1; from the end if negative.'),
  }),
  rule: 'exp(x − max) / Σ exp(x − max): one compare, one subtract, one exp, one add and one divide per element.',
  source: 'torch.nn.Softmax; ONNX operator Softmax',
  shape({ axis }, [x]) {
    axisOf(axis, x);
    return x;
  },
  work: (_, [x]) => [each(SOFTMAX, elementFactors(x))],
  gradient: {
    saves: () => [savedOutput()],
    inputs: (_, [x]) => [[each(SOFTMAX_GRADIENT, elementFactors(x as Shape))]],
    run: toInput((a, { y, g }, alu) => softmaxBack(y, g, axisOf(a.axis, y.shape), alu)),
  },
  run: ({ axis }, [x], _, alu) => softmaxAlong(x, axisOf(axis, x.shape), alu),
});
