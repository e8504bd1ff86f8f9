import * as z from 'zod/mini';
import { fail } from '../core/problem.ts';
import type { Shape } from '../core/shape.ts';
import { each, factor, macs } from '../core/work.ts';
import { flag, positive, withDefault } from './attributes.ts';
import { leadingFactors } from './axes.ts';
import { defineOperator, learned } from './operator.ts';

/** Splits the input into its leading axes and its features. */
function geometry(out: number, x: Shape) {
  if (x.length < 2) throw fail('WRONG_RANK', { operator: 'linear', expected: 'a batch and features', shape: x });
  return { leading: leadingFactors(x.slice(0, -1)), features: x[x.length - 1] as number, output: [...x.slice(0, -1), out] };
}

export const linear = defineOperator({
  name: 'linear',
  summary: 'Multiply the last axis of [n, …, features] by a matrix.',
  attributes: z.strictObject({ out: positive, bias: withDefault(flag, true) }),
  rule: 'One multiply-accumulate per output element and input feature; a bias adds once per output element.',
  source: 'torch.nn.Linear; ONNX operator Gemm',
  shape: (a, [x]) => geometry(a.out, x).output,
  weights(a, [x]) {
    const matrix = learned([a.out, geometry(a.out, x).features]);
    return a.bias ? { matrix, bias: learned([a.out]) } : { matrix };
  },
  work(a, [x]) {
    const { leading, features, output } = geometry(a.out, x);
    const out = factor('out', a.out);
    const products = macs([...leading, factor('in', features), out], output);
    return a.bias ? [products, each({ add: 1 }, [...leading, out])] : [products];
  },
});
