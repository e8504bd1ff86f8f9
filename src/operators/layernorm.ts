import * as z from 'zod/mini';
import type { Shape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { elementFactors } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { about, axes, flag, withDefault } from './kit/attributes.ts';
import { axesOf } from './kit/axes.ts';
import {
  NORMALISE_RULE,
  normalisation,
  normalisationAttributes,
  normalisationGradient,
  normalise,
  normaliseBack,
  scaleAndShift,
} from './kit/normalise.ts';
import { defineOperator } from './kit/operator.ts';
import { asFarAs, type Extent, upTo } from './kit/reach.ts';

const attributes = z.strictObject({
  axis: about(withDefault(axes, -1), 'The axes that mean and variance are taken over.'),
  ...normalisationAttributes(true),
  statistics: about(withDefault(flag, false), 'Whether the mean and the inverse standard deviation are outputs too.'),
});

/** The axes normalised over. */
function normalised({ axis }: z.infer<typeof attributes>, x: Shape): number[] {
  const over = axesOf(axis, x);
  if (over.includes(0))
    throw fail(
      'CONTRADICTION',
      { message: 'layernorm cannot go over axis 0, the batch, since inputs are normalised one by one. Name other axes' },
      'axis',
    );
  return over;
}

export const layernorm = defineOperator({
  name: 'layernorm',
  summary:
    'Normalise over the last axis of [n, …, features], or over any others: axis 1 for the channels of [n, c, h, w]; with statistics: true the mean and one over the deviation are outputs too.',
  attributes,
  rule: NORMALISE_RULE,
  source: 'Ba et al. 2016, arXiv:1607.06450; torch.nn.LayerNorm; ONNX operator LayerNormalization',
  shape(a, [x]) {
    const over = normalised(a, x);
    const perVector = x.map((size, axis) => (over.includes(axis) ? 1 : size));
    return a.statistics ? [x, perVector, perVector] : x;
  },
  reach({ axis, statistics }, [x]) {
    const perVector = [axis].flat().reduce<Extent>((extent, one) => extent.with(one, upTo(1)), asFarAs(x));
    return statistics ? [asFarAs(x), perVector, perVector] : asFarAs(x);
  },
  weights: (a, [x]) =>
    scaleAndShift(
      a.affine,
      normalised(a, x).map((axis) => x[axis] as number),
    ),
  work(a, [x]) {
    const over = normalised(a, x);
    const elements = elementFactors(x);
    return normalisation(
      a.affine,
      elements,
      elements.filter((_, axis) => !over.includes(axis)),
    );
  },
  gradient: {
    ...normalisationGradient((a: z.infer<typeof attributes>, x) => x.filter((_, axis) => !normalised(a, x).includes(axis))),
    run: (a, pass, alus) => normaliseBack(normalised(a, (pass.inputs[0] as Tensor).shape), a.epsilon, (_, element) => element, pass, alus),
  },
  run(a, [x], weights, alu) {
    const { y, means, factors } = normalise(x, normalised(a, x.shape), a.epsilon, weights, (_, element) => element, alu);
    return a.statistics ? [y, means, factors] : y;
  },
});
