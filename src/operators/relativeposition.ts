import * as z from 'zod/mini';
import { type Shape, sameShape } from '../core/shape.ts';
import type { Tensor } from '../core/tensor.ts';
import { fail } from '../problems/problem.ts';
import { about, oneOf, perAxis, positive, withDefault } from './kit/attributes.ts';
import { fill } from './kit/elements.ts';
import { addedUp } from './kit/gradient.ts';
import { defineOperator, learned, NO_WEIGHTS } from './kit/operator.ts';
import { asFarAs, merged } from './kit/reach.ts';
import { along } from './kit/window.ts';

const attributes = z.strictObject({
  window: about(perAxis, 'Height and width of the window.'),
  heads: about(positive, 'Heads of the attention that the bias is for.'),
  table: about(withDefault(oneOf('learned', 'input'), 'learned'), 'Where the table of biases comes from.'),
});

const tableAxes = ({ window }: z.infer<typeof attributes>) => [along('window', window, 0, 2), along('window', window, 1, 2)] as const;

/** Checks the table that comes as input, if it does, and names every quantity. */
function geometry(a: z.infer<typeof attributes>, x: Shape) {
  const { heads, table } = a;
  const [height, width] = tableAxes(a);
  const offsets = [2 * height - 1, 2 * width - 1] as const;
  if (table === 'input' && !sameShape(x.slice(1), [...offsets, heads]))
    throw fail('WRONG_RANK', { operator: 'relativeposition', expected: `a table [n, ${offsets.join(', ')}, ${heads}]`, shape: x }, 'table');
  const positions = height * width;
  return { output: [table === 'input' ? (x[0] as number) : 1, heads, positions, positions], table: [offsets[0] * offsets[1], heads] };
}

export const relativeposition = defineOperator({
  name: 'relativeposition',
  summary:
    'A bias [1, heads, positions, positions] for each pair of positions of a window, looked up by their offset in a learned table or, with table: input, in the input [n, 2·height − 1, 2·width − 1, heads].',
  attributes,
  rule: 'Only looks elements up: no operations.',
  source: 'Liu et al. 2021, arXiv:2103.14030, section 3.2; Liu et al. 2021, arXiv:2111.09883, section 3.3',
  shape: (a, [x]) => geometry(a, x).output,
  reach(a, [x]) {
    const positions = merged(tableAxes(a));
    return [...asFarAs([a.table === 'input' ? (x[0] as number) : 1, a.heads]), positions, positions];
  },
  weights: (a, [x]) => (a.table === 'learned' ? { table: learned(geometry(a, x).table) } : NO_WEIGHTS),
  gradient: {
    inputs: (a, [x]) => [a.table === 'learned' ? 'none' : addedUp(geometry(a, x as Shape).output)],
    weights: (a, [x]) => (a.table === 'learned' ? { table: addedUp(geometry(a, x as Shape).output) } : {}),
    repeats: () => true,
  },
  run(a, [x], weights, alu) {
    const table = a.table === 'learned' ? (weights.table as Tensor) : x;
    const [height, width] = tableAxes(a);
    return fill(geometry(a, x.shape).output, alu, ([image, head, from, to]) => {
      const [i, j] = [from as number, to as number];
      const down = Math.floor(i / width) - Math.floor(j / width) + height - 1;
      const right = (i % width) - (j % width) + width - 1;
      const row = ((image as number) * (2 * height - 1) + down) * (2 * width - 1) + right;
      return table.data[row * a.heads + (head as number)];
    });
  },
});
