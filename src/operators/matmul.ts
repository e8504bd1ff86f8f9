import * as z from 'zod/mini';
import { fail } from '../core/problem.ts';
import { broadcast, type Shape } from '../core/shape.ts';
import { factor, macs } from '../core/work.ts';
import { flag, withDefault } from './attributes.ts';
import { leadingFactors } from './axes.ts';
import { defineOperator } from './operator.ts';

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

export const matmul = defineOperator({
  name: 'matmul',
  summary: 'Multiply two matrices or stacks of them, […, m, k] by […, k, n], or by […, n, k] with transpose: true.',
  attributes: z.strictObject({ transpose: withDefault(flag, false) }),
  rule: 'One multiply-accumulate per output element and element of the axis that both share.',
  source: 'torch.matmul; ONNX operator MatMul',
  inputs: { min: 2, max: 2 },
  shape: ({ transpose }, [a, b]) => geometry(transpose, a, b as Shape).output,
  work({ transpose }, [a, b]) {
    const { leading, rows, inner, columns, output } = geometry(transpose, a, b as Shape);
    return [macs([...leadingFactors([...leading, rows]), factor('in', inner), factor('out', columns)], output)];
  },
  window: () => 'apart',
});
