import * as z from 'zod/mini';
import { eachPlace, offsetOf, type Place, placesOf } from '../core/places.ts';
import { broadcast, elementCount, type Shape } from '../core/shape.ts';
import { type Tensor, ZERO } from '../core/tensor.ts';
import { factor, macs, type Work } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { about, flag, withDefault } from './kit/attributes.ts';
import { leadingFactors } from './kit/axes.ts';
import { type GradientSum, inputSums, productsFor, type Saved } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';
import { asFarAs, type Extent, jointly, reached } from './kit/reach.ts';

/** Checks that the rows of the first fit the columns of the second, and names every quantity. */
function geometry(transpose: boolean, a: Shape, b: Shape) {
  for (const shape of [a, b])
    if (shape.length < 2) throw fail('WRONG_RANK', { operator: 'matmul', expected: 'two matrices or stacks of them', shape });
  const [rows, inner] = a.slice(-2) as [number, number];
  const [height, width] = b.slice(-2) as [number, number];
  const [fits, columns] = transpose ? [width, height] : [height, width];
  const leading = broadcast(a.slice(0, -2), b.slice(0, -2));
  if (inner !== fits || leading === undefined) {
    const rule = `the last axis of the first must equal the ${transpose ? 'last' : 'last but one'} of the second, and the axes before these must be equal or 1`;
    throw fail('SHAPES_DO_NOT_FIT', { operator: 'matmul', rule, shapes: [a, b] });
  }
  return { leading, rows, inner, columns, output: [...leading, rows, columns] };
}

function workOf(transpose: boolean, a: Shape, b: Shape): Work {
  const { leading, rows, inner, columns, output } = geometry(transpose, a, b);
  return [macs([...leadingFactors([...leading, rows]), factor('in', inner), factor('out', columns)], output)];
}

/** Rows of the first for each matrix of the two stacks, and columns of the second. */
const reachOf = (transpose: boolean, a: Shape, b: Shape): Extent => [
  ...jointly([a.slice(0, -2), b.slice(0, -2)]),
  ...asFarAs([a.at(-2) as number, b.at(transpose ? -2 : -1) as number]),
];

/** The stack as one of matrices: the leading axes as one. */
const stacked = (leading: Shape, shape: Shape): Shape => [elementCount(leading), ...shape.slice(-2)];

/** The number of the matrix in its stack, at a place of the stack that it broadcasts to. */
export function matrixAt(shape: Shape, at: Place): number {
  const stack = shape.slice(0, -2);
  const missing = at.length - stack.length;
  return offsetOf(
    stack,
    stack.map((size, axis) => (size === 1 ? 0 : (at[missing + axis] as number))),
  );
}

export const matmul = defineOperator({
  name: 'matmul',
  summary: 'Multiply two matrices or stacks of them, […, m, k] by […, k, n], or by […, n, k] with transpose: true.',
  attributes: z.strictObject({
    transpose: about(withDefault(flag, false), 'Whether the last two axes of the second input are swapped first.'),
  }),
  rule: 'One multiply-accumulate per output element and element of the axis that both share.',
  source: 'torch.matmul; ONNX operator MatMul',
  inputs: { min: 2, max: 2 },
  shape: ({ transpose }, [a, b]) => geometry(transpose, a, b as Shape).output,
  reach: ({ transpose }, [a, b]) => reachOf(transpose, a, b as Shape),
  work: ({ transpose }, [a, b]) => workOf(transpose, a, b as Shape),
  window: () => 'apart',
  gradient: {
    /** Each factor for the gradient of the other. */
    saves({ transpose }, [a, b], { inputs: [needsA, needsB] }) {
      const { leading } = geometry(transpose, a as Shape, b as Shape);
      const kept = (index: number, shape: Shape): Saved => ({ what: 'input', index, as: stacked(leading, shape) });
      return [...(needsB === true ? [kept(0, a as Shape)] : []), ...(needsA === true ? [kept(1, b as Shape)] : [])];
    },
    inputs: ({ transpose }, [a, b]) => [a, b].map((shape) => productsFor(workOf(transpose, a as Shape, b as Shape), shape as Shape)),
    run({ transpose }, pass, { inputs: alu }) {
      const [a, b, g] = [pass.inputs[0], pass.inputs[1], pass.gradients[0]] as [Tensor, Tensor, Tensor];
      const { leading, rows, inner, columns } = geometry(transpose, a.shape, b.shape);
      const [toA, toB] = inputSums(pass, alu) as [GradientSum, GradientSum];
      const [down, across] = transpose ? [1, inner] : [columns, 1];
      const stack = placesOf(leading).map((at) => [matrixAt(a.shape, at) * rows * inner, matrixAt(b.shape, at) * inner * columns] as const);
      eachPlace([stack.length, rows, columns, inner], ([at, row, column, i], point) => {
        const [left, right] = stack[at as number] as readonly [number, number];
        const [ofA, ofB] = [left + (row as number) * inner + (i as number), right + (i as number) * down + (column as number) * across];
        const gradient = g.data[Math.floor(point / inner)];
        toA.product(ofA, gradient, b.data[ofB]);
        toB.product(ofB, gradient, a.data[ofA]);
      });
      return { inputs: [toA.tensor, toB.tensor], weights: {} };
    },
  },
  run({ transpose }, [a, second], _, alu) {
    const b = second as Tensor;
    const output = reached(reachOf(transpose, a.shape, b.shape));
    const leading = output.slice(0, -2);
    const [rows, columns] = output.slice(-2) as [number, number];
    const inner = a.shape.at(-1) as number;
    const y = alu.zeros(output);
    // How far an element of a column of the second is from the next, and how far a column is from the next.
    const [down, across] = transpose ? [1, inner] : [columns, 1];
    let o = 0;
    for (const at of placesOf(leading)) {
      const left = matrixAt(a.shape, at) * rows * inner;
      const right = matrixAt(b.shape, at) * inner * columns;
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++) {
          let sum = ZERO;
          for (let i = 0; i < inner; i++)
            sum = alu.multiplyAdd(sum, a.data[left + row * inner + i], b.data[right + i * down + column * across]);
          y.data[o] = sum;
          o++;
        }
    }
    return y;
  },
});
