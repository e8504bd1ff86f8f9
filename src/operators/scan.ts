import * as z from 'zod/mini';
import { broadcastOffset, placesOf } from '../core/places.ts';
import { broadcast, type Shape, sameShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { each, elementFactors, type Work } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { gathered, savedInput, savedOutput, unbroadcast } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';
import { asFarAs } from './kit/reach.ts';

/** The axis of the positions. */
const POSITIONS = 1;

/** Checks that each element that comes in has a factor. */
function checked([decay, x]: readonly Shape[]): Shape {
  const shape = x as Shape;
  if (shape.length < 3) throw fail('WRONG_RANK', { operator: 'scan', expected: '[n, positions, …, features]', shape });
  if (!sameShape(broadcast(shape, decay as Shape) ?? [], shape)) {
    const rule = `the first must broadcast to the second, ${shape.join('×')}`;
    throw fail('SHAPES_DO_NOT_FIT', { operator: 'scan', rule, shapes: [decay as Shape, shape] });
  }
  return shape;
}

/** A step for each position, of which the sum there was before is multiplied by the factor. */
const steps = (x: Shape): Work => [each({ multiply: 1, add: 1 }, elementFactors(x))];

/** How far apart two neighbours are along the positions. */
const strideOf = (shape: Shape): number => shape.slice(POSITIONS + 1).reduce((product, size) => product * size, 1);

export const scan = defineOperator({
  name: 'scan',
  summary:
    'The linear recurrence of state-space models: of factors and [n, positions, …] that they broadcast to, each position is what comes in there, and the factor times the position before.',
  attributes: z.strictObject({}),
  rule: 'h = a · h + b: one multiply and one add per element, at the first position too.',
  source: 'Gu and Dao 2023, Mamba, arXiv:2312.00752, equation 2a and Algorithm 2; De et al. 2024, Griffin, arXiv:2402.19427, equation 4',
  inputs: { min: 2, max: 2 },
  shape: (_, inputs) => checked(inputs),
  reach: (_, [, x]) => asFarAs(x as Shape),
  work: (_, [, x]) => steps(x as Shape),
  /** The last position. */
  state: (_, [, x]) => [{ shape: (x as Shape).toSpliced(POSITIONS, 1) }],
  window: () => 'apart',
  // The gradient of a position is its own, and the next factor times that of the next position; of a factor, that times the position before.
  gradient: {
    saves: (_, _inputs, needs) => [savedInput(0), ...(needs.inputs[0] === true ? [savedOutput()] : [])],
    inputs: (_, [decay, x]) => [[each({ multiply: 1 }, elementFactors(x as Shape)), ...unbroadcast(decay as Shape, x as Shape)], []],
    between: (_, [, x]) => steps(x as Shape),
    run(_, { inputs, outputs: [h], gradients: [gradient], needs }, { inputs: alu, kept }) {
      const [decay, { shape }] = inputs as readonly [Tensor, Tensor];
      const [stride, length] = [strideOf(shape), shape[POSITIONS] as number];
      const back = alu.zeros(shape);
      const places = placesOf(shape);
      for (const [offset, at] of [...places.entries()].toReversed()) {
        const isLast = at[POSITIONS] === length - 1;
        const next = isLast ? kept.zeros([1]).data[0] : back.data[offset + stride];
        const factor = decay.data[broadcastOffset(decay.shape, isLast ? at : (places[offset + stride] as readonly number[]))];
        back.data[offset] = alu.add((gradient as Tensor).data[offset], alu.multiply(factor, next));
      }
      const zero = kept.zeros([1]).data[0];
      const ofDecay = () =>
        gathered(decay.shape, shape, alu, (at, offset) =>
          alu.multiply(back.data[offset], at[POSITIONS] === 0 ? zero : (h as Tensor).data[offset - stride]),
        );
      return { inputs: [needs.inputs[0] === true ? ofDecay() : undefined, needs.inputs[1] === true ? back : undefined], weights: {} };
    },
  },
  run(_, inputs, _weights, alu) {
    const [decay, x] = inputs as readonly Tensor[] as readonly [Tensor, Tensor];
    const h = alu.zeros(x.shape);
    const zero = alu.zeros([1]).data[0];
    const stride = strideOf(x.shape);
    for (const [offset, at] of placesOf(x.shape).entries()) {
      const before = at[POSITIONS] === 0 ? zero : h.data[offset - stride];
      const factor = decay.data[broadcastOffset(decay.shape, at)];
      h.data[offset] = alu.add(alu.multiply(factor, before), x.data[offset]);
    }
    return h;
  },
});
