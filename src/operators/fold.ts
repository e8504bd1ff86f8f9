import * as z from 'zod/mini';
import type { Shape } from '../core/shape.ts';
import { ZERO } from '../core/tensor.ts';
import { each, elementFactors } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { about, padding, perAxis, sizes, withDefault } from './kit/attributes.ts';
import { columnsShape, eachInColumns, tapsOf } from './kit/columns.ts';
import { toInput } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';
import { upTo } from './kit/reach.ts';
import { walkedAxes } from './kit/walk.ts';
import { windowAxes } from './kit/window.ts';

const attributes = z.strictObject({
  size: about(sizes, 'Sizes of the spatial axes of the output.'),
  kernel: about(perAxis, 'Size of the window.'),
  stride: about(withDefault(perAxis, 1), 'Step between two positions of the window.'),
  padding: about(withDefault(padding, 0), 'Rows and columns at the edges of what is summed that are cropped away.'),
  dilation: about(withDefault(perAxis, 1), 'Distance between neighbouring elements of the window.'),
});

type Attributes = z.infer<typeof attributes>;

/** Checks that the columns are those of an image of that size, and gives its shape. */
function imageOf(a: Attributes, x: Shape): Shape {
  if (x.length !== 3)
    throw fail('WRONG_RANK', { operator: 'fold', expected: 'a batch, elements of windows and their positions', shape: x });
  const [n, rows, positions] = x as [number, number, number];
  const axes = windowAxes('fold', a, [n, 1, ...a.size]);
  const taps = tapsOf(axes);
  if (rows % taps !== 0)
    throw fail('DOES_NOT_DIVIDE', { what: 'elements of a column', total: rows, parts: 'taps of the kernel', divisor: taps }, 'kernel');
  const image = [n, rows / taps, ...a.size];
  const [, , wanted] = columnsShape(image, axes) as [number, number, number];
  if (positions !== wanted) {
    const rule = `on ${a.size.join('×')} this window has ${wanted} positions, so that the input must be [n, …, ${wanted}]`;
    throw fail('SHAPES_DO_NOT_FIT', { operator: 'fold', rule, shapes: [x] });
  }
  return image;
}

export const fold = defineOperator({
  name: 'fold',
  summary:
    'Add up the columns that unfold makes where their windows overlap: [n, c · taps, positions] becomes [n, c, …]; also called col2im.',
  attributes,
  rule: 'One add per element of the input, those that the padding crops away included.',
  source: 'torch.nn.Fold; ONNX operator Col2Im',
  shape: (a, [x]) => imageOf(a, x),
  reach(a, [x]) {
    const [n, rows] = x as [number, number];
    const taps = tapsOf(walkedAxes(a, [n, 1, ...a.size]));
    return [upTo(n), (place) => place * taps < rows, ...a.size.map(upTo)];
  },
  work: (_, [x]) => [each({ add: 1 }, elementFactors(x))],
  givesMap: true,
  window: () => 'apart',
  gradient: {
    run: toInput((a: Attributes, { x, y, g }, alu) => {
      const result = alu.zeros(x.shape);
      eachInColumns(y.shape, walkedAxes(a, y.shape), (column, place) => {
        result.data[column] = place === undefined ? ZERO : g.data[place];
      });
      return result;
    }),
  },
  run(a, [x], _, alu) {
    const y = alu.zeros(imageOf(a, x.shape));
    eachInColumns(y.shape, walkedAxes(a, y.shape), (column, place) => {
      const sum = alu.add(place === undefined ? ZERO : y.data[place], x.data[column]);
      if (place !== undefined) y.data[place] = sum;
    });
    return y;
  },
});
