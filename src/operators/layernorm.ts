import * as z from 'zod/mini';
import { fail } from '../core/problem.ts';
import type { Shape } from '../core/shape.ts';
import { elementFactors } from '../core/work.ts';
import { axes, flag, withDefault } from './attributes.ts';
import { axesOf } from './axes.ts';
import { NORMALISE_RULE, normalisation, normalise, scaleAndShift } from './normalise.ts';
import { defineOperator } from './operator.ts';

const attributes = () => z.strictObject({ axis: withDefault(axes(), -1), affine: withDefault(flag(), true) });

/** The axes normalised over. */
function normalised({ axis }: z.infer<ReturnType<typeof attributes>>, x: Shape): number[] {
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
  summary: 'Normalise over the last axis of [n, …, features], or over any others: axis 1 for the channels of [n, c, h, w].',
  attributes,
  rule: NORMALISE_RULE,
  source: 'Ba et al. 2016, arXiv:1607.06450; torch.nn.LayerNorm; ONNX operator LayerNormalization',
  shape(a, [x]) {
    normalised(a, x);
    return x;
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
  run: (a, [x], weights, alu) => normalise(x, normalised(a, x.shape), weights, (_, element) => element, alu),
});
