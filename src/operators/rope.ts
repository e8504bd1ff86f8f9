import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import type { Shape } from '../core/shape.ts';
import { elementOf, type Tensor } from '../core/tensor.ts';
import { each, factor, type Work } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { about, flag, optional, positive, realOverZero, wholeOrZero, withDefault } from './kit/attributes.ts';
import { leadingFactors } from './kit/axes.ts';
import { toInput } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';

const THETA = 10_000;

const attributes = z.strictObject({
  dim: about(optional(positive), 'How many features of each position are rotated, the first ones; all unless given.'),
  theta: about(withDefault(realOverZero, THETA), 'The base of the angles.'),
  interleaved: about(withDefault(flag, false), 'Whether a pair is two neighbours.'),
  start: about(withDefault(wholeOrZero, 0), 'The number of the first position.'),
});
type Rotation = z.infer<typeof attributes>;

/** Checks that the features can be rotated in pairs, and names every quantity. */
function geometry(a: Rotation, x: Shape) {
  if (x.length < 3) throw fail('WRONG_RANK', { operator: 'rope', expected: '[n, …, positions, features]', shape: x });
  const [length, features] = x.slice(-2) as [number, number];
  const dim = a.dim ?? features;
  if (dim > features || dim % 2 !== 0) {
    const message = `rope rotates pairs of features, so ${dim} of ${features} features cannot be rotated. Use an even "dim" of at most ${features}`;
    throw fail('CONTRADICTION', { message }, a.dim === undefined ? undefined : 'dim');
  }
  return { length, features, dim, pairs: dim / 2 };
}

/** The angle, in radians, by which a pair of features is rotated at a position. */
export const ropeAngle = ({ theta }: Pick<Rotation, 'theta'>, dim: number, position: number, pair: number): number =>
  position * theta ** ((-2 * pair) / dim);

function rotation(a: Rotation, x: Shape): Work {
  const { pairs } = geometry(a, x);
  return [each({ multiply: 4, subtract: 1, add: 1 }, [...leadingFactors(x.slice(0, -1)), factor('pairs', pairs)])];
}

/** All pairs rotated by their angles, or back by a sign of −1. */
function rotated(a: Rotation, x: Tensor, sign: 1 | -1, alu: Alu): Tensor {
  const { length, features, dim } = geometry(a, x.shape);
  const [next, apart] = a.interleaved ? [2, 1] : [1, dim / 2];
  const y = alu.zeros(x.shape);
  for (let row = 0; row < x.data.length / features; row++) {
    const start = row * features;
    for (let pair = 0; 2 * pair < dim; pair++) {
      const angle = sign * ropeAngle(a, dim, a.start + (row % length), pair);
      const [cos, sin] = [elementOf(Math.cos(angle)), elementOf(Math.sin(angle))];
      const [i, j] = [start + pair * next, start + pair * next + apart];
      y.data[i] = alu.subtract(alu.multiply(x.data[i], cos), alu.multiply(x.data[j], sin));
      y.data[j] = alu.add(alu.multiply(x.data[j], cos), alu.multiply(x.data[i], sin));
    }
    for (let i = dim; i < features; i++) y.data[start + i] = x.data[start + i];
  }
  return y;
}

export const rope = defineOperator({
  name: 'rope',
  summary:
    'Rotary position embedding: rotate pairs of the first dim features of [n, …, positions, features] by angles that grow with the position, from start on; a pair is a feature and that half of dim further, or its neighbour with interleaved: true.',
  attributes,
  rule: 'Per pair of features four multiplies, one subtract and one add; tables of sines and cosines are made beforehand.',
  source: 'Su et al. 2021, arXiv:2104.09864; ONNX operator RotaryEmbedding',
  shape(a, [x]) {
    geometry(a, x);
    return x;
  },
  work: (a, [x]) => rotation(a, x),
  /** Backward by the same angles, the other way round. */
  gradient: {
    /** Sines and cosines of all positions, which the layers share. */
    saves(a, [x]) {
      const { length, dim } = geometry(a, x as Shape);
      return ['cos', 'sin'].map((name) => ({
        what: 'table',
        key: `${name} ${a.theta} ${a.start} ${dim} ${length}`,
        shape: [length, dim],
        type: 'element',
      }));
    },
    inputs: (a, [x]) => [rotation(a, x as Shape)],
    run: toInput((a, { g }, alu) => rotated(a, g, -1, alu)),
  },
  run: (a, [x], _, alu) => rotated(a, x, 1, alu),
});
