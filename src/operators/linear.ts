import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import { elementCount, type Shape } from '../core/shape.ts';
import { type Tensor, ZERO } from '../core/tensor.ts';
import { each, factor, macs, type Term, type Work } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { about, flag, positive, withDefault } from './kit/attributes.ts';
import { leadingFactors } from './kit/axes.ts';
import { type GradientSum, inputSums, productsFor, weightGradients, weightSum } from './kit/gradient.ts';
import { defineOperator, learned } from './kit/operator.ts';
import { asFarAs, upTo } from './kit/reach.ts';

/** Splits the input into its leading axes and its features. */
function geometry(out: number, x: Shape) {
  if (x.length < 2) throw fail('WRONG_RANK', { operator: 'linear', expected: 'a batch and features', shape: x });
  return { leading: leadingFactors(x.slice(0, -1)), features: x[x.length - 1] as number, output: [...x.slice(0, -1), out] };
}

/** Every vector along the last axis times a matrix `[out, in]`, plus a bias. */
export function project(x: Tensor, matrix: Tensor, bias: Tensor | undefined, alu: Alu): Tensor {
  const [out, features] = matrix.shape as [number, number];
  const y = alu.zeros([...x.shape.slice(0, -1), out]);
  for (let row = 0; row < x.data.length / features; row++)
    for (let column = 0; column < out; column++) {
      let sum = ZERO;
      for (let i = 0; i < features; i++) sum = alu.multiplyAdd(sum, x.data[row * features + i], matrix.data[column * features + i]);
      y.data[row * out + column] = bias === undefined ? sum : alu.add(sum, bias.data[column]);
    }
  return y;
}

/** Adds the gradient of each row of outputs to those of the row, of the matrix and of the bias. */
export function projectBack(
  x: Tensor,
  matrix: Tensor,
  { data: g }: Tensor,
  to: Readonly<Record<'x' | 'matrix' | 'bias', GradientSum>>,
): void {
  const [out, features] = matrix.shape as [number, number];
  for (let row = 0; row < x.data.length / features; row++)
    for (let column = 0; column < out; column++) {
      const gradient = g[row * out + column];
      for (let i = 0; i < features; i++) {
        const [at, of] = [row * features + i, column * features + i];
        to.x.product(at, gradient, matrix.data[of]);
        to.matrix.product(of, gradient, x.data[at]);
      }
      to.bias.add(column, gradient);
    }
}

/** The products, and a bias for each output element. */
function workOf({ out, bias }: { readonly out: number; readonly bias: boolean }, x: Shape): Work {
  const { leading, features, output } = geometry(out, x);
  const columns = factor('out', out);
  const products = macs([...leading, factor('in', features), columns], output);
  return bias ? [products, each({ add: 1 }, [...leading, columns])] : [products];
}

export const linear = defineOperator({
  name: 'linear',
  summary: 'Multiply the last axis of [n, …, features] by a matrix.',
  attributes: z.strictObject({
    out: about(positive, 'Output features.'),
    bias: about(withDefault(flag, true), 'Whether a learned bias is added to each output feature.'),
  }),
  rule: 'One multiply-accumulate per output element and input feature; a bias adds once per output element.',
  source: 'torch.nn.Linear; ONNX operator Gemm',
  takesVectors: true,
  shape: (a, [x]) => geometry(a.out, x).output,
  reach: ({ out }, [x]) => [...asFarAs(x.slice(0, -1)), upTo(out)],
  weights(a, [x]) {
    const matrix = learned([a.out, geometry(a.out, x).features]);
    return a.bias ? { matrix, bias: learned([a.out]) } : { matrix };
  },
  work: (a, [x]) => workOf(a, x),
  gradient: {
    saves: (_, [x], { weights }) => {
      const features = (x as Shape).at(-1) as number;
      return weights.matrix === true ? [{ what: 'input', index: 0, as: [elementCount((x as Shape).slice(0, -1)), features] }] : [];
    },
    inputs: (a, [x]) => [productsFor(workOf(a, x as Shape), x as Shape)],
    weights(a, [x]) {
      const [products, ...biases] = workOf(a, x as Shape);
      const matrix = productsFor([products as Term], [a.out, (x as Shape).at(-1) as number]);
      return { matrix, ...(a.bias && { bias: biases }) };
    },
    run(_, pass, { inputs: alu, weights: own }) {
      const [x, g, held] = [pass.inputs[0], pass.gradients[0], pass.weights.matrix] as [Tensor, Tensor, Tensor];
      const [toX] = inputSums(pass, alu) as [GradientSum];
      const [matrix, bias] = [weightSum(pass, 'matrix', own), weightSum(pass, 'bias', own)];
      projectBack(x, held, g, { x: toX, matrix, bias });
      return { inputs: [toX.tensor], weights: weightGradients({ matrix, bias }) };
    },
  },
  run: (_, [x], { matrix, bias }, alu) => project(x, matrix as Tensor, bias, alu),
});
