import * as z from 'zod/mini';
import type { Shape } from '../core/shape.ts';
import { ONE } from '../core/tensor.ts';
import { each, elementFactors } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { about, integer, withDefault } from './kit/attributes.ts';
import { axisOf } from './kit/axes.ts';
import { offsetsAlong, otherAxes } from './kit/elements.ts';
import { savedInput, toInput } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';
import { asFarAs } from './kit/reach.ts';
import { sigmoidOf } from './sigmoid.ts';

const GATE = { add: 1, subtract: 1, divide: 1, exp: 1 } as const;

const attributes = z.strictObject({
  axis: about(withDefault(integer, 1), 'The axis to halve; from the end if negative.'),
});

/** The shape with its axis halved. */
function halved(at: number, x: Shape): Shape {
  const axis = axisOf(at, x);
  const total = x[axis] as number;
  if (total % 2 !== 0) throw fail('DOES_NOT_DIVIDE', { what: `elements of axis ${axis}`, total, parts: 'halves', divisor: 2 }, 'axis');
  return x.with(axis, total / 2);
}

/** For each element of the output: where its value is in the input, where its gate is, and where it goes. */
function* pairs(at: number, x: Shape): Generator<{ readonly value: number; readonly gate: number; readonly to: number }> {
  const axis = axisOf(at, x);
  const y = halved(at, x);
  const along = offsetsAlong(x, [axis]);
  const [half, alongOutput, starts] = [y[axis] as number, offsetsAlong(y, [axis]), offsetsAlong(y, otherAxes(y, [axis]))];
  for (const [index, start] of offsetsAlong(x, otherAxes(x, [axis])).entries())
    for (let i = 0; i < half; i++)
      yield {
        value: start + (along[i] as number),
        gate: start + (along[half + i] as number),
        to: (starts[index] as number) + (alongOutput[i] as number),
      };
}

export const glu = defineOperator({
  name: 'glu',
  summary: 'Halve an axis, the channels by default, and multiply the first half by the sigmoid of the second: the gated linear unit.',
  attributes,
  rule: 'a · 1 / (1 + exp(0 − b)): one multiply, add, subtract, divide and exp per element of the output.',
  source: 'Dauphin et al. 2017, arXiv:1612.08083, section 2; torch.nn.GLU',
  shape: ({ axis }, [x]) => halved(axis, x),
  /** The two halves are dealt one element each, as long as there are some for both. */
  reach: ({ axis }, [x]) => asFarAs(x).with(axis, (place) => place * 2 < (x.at(axis) as number)),
  work: ({ axis }, [x]) => [each({ multiply: 1, ...GATE }, elementFactors(halved(axis, x)))],
  // With s = σ(b): g · s for the first half, g · s · a · (1 − s) for the second.
  gradient: {
    saves: () => [savedInput(0)],
    inputs: ({ axis }, [x]) => [[each({ ...GATE, multiply: 3, subtract: 2 }, elementFactors(halved(axis, x as Shape)))]],
    run: toInput(({ axis }: z.infer<typeof attributes>, { x, g }, alu) => {
      const result = alu.zeros(x.shape);
      for (const { value, gate, to } of pairs(axis, x.shape)) {
        const share = sigmoidOf(x.data[gate], alu);
        const gradient = alu.multiply(g.data[to], share);
        result.data[value] = gradient;
        result.data[gate] = alu.multiply(gradient, alu.multiply(x.data[value], alu.subtract(ONE, share)));
      }
      return result;
    }),
  },
  run({ axis }, [x], _, alu) {
    const y = alu.zeros(halved(axis, x.shape));
    for (const { value, gate, to } of pairs(axis, x.shape)) y.data[to] = alu.multiply(x.data[value], sigmoidOf(x.data[gate], alu));
    return y;
  },
});
