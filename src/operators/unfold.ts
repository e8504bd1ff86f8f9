import * as z from 'zod/mini';
import type { Shape } from '../core/shape.ts';
import { ZERO } from '../core/tensor.ts';
import { about, padding, perAxis, withDefault } from './kit/attributes.ts';
import { columnsShape, eachInColumns, tapsOf } from './kit/columns.ts';
import { addedUp } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';
import { upTo } from './kit/reach.ts';
import { walkedAxes, walkedPositions } from './kit/walk.ts';
import { windowAxes } from './kit/window.ts';

const attributes = z.strictObject({
  kernel: about(perAxis, 'Size of the window.'),
  stride: about(withDefault(perAxis, 1), 'Step between two positions of the window.'),
  padding: about(withDefault(padding, 0), 'Zeros added at the edges.'),
  dilation: about(withDefault(perAxis, 1), 'Distance between neighbouring elements of the window.'),
});

const columnsOf = (a: z.infer<typeof attributes>, x: Shape): Shape => columnsShape(x, windowAxes('unfold', a, x));

export const unfold = defineOperator({
  name: 'unfold',
  summary:
    'Make a column of all that a sliding window sees at a position: [n, c, …] becomes [n, c · taps, positions], the taps of a channel next to each other; also called im2col.',
  attributes,
  rule: 'Only moves elements: no operations.',
  source: 'torch.nn.Unfold',
  shape: (a, [x]) => columnsOf(a, x),
  reach(a, [x]) {
    const [n, channels] = x as [number, number];
    const taps = tapsOf(walkedAxes(a, x));
    return [upTo(n), (place) => Math.floor(place / taps) < channels, walkedPositions(a, x)];
  },
  window: () => 'apart',
  // Windows overlap, so that an element may go to several columns.
  gradient: { inputs: (a, [x]) => [addedUp(columnsOf(a, x as Shape))], repeats: () => true },
  run(a, [x], _, alu) {
    const axes = walkedAxes(a, x.shape);
    const y = alu.zeros(columnsShape(x.shape, axes));
    eachInColumns(x.shape, axes, (column, place) => {
      y.data[column] = place === undefined ? ZERO : x.data[place];
    });
    return y;
  },
});
