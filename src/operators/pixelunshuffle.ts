import * as z from 'zod/mini';
import type { Shape } from '../core/shape.ts';
import { about, oneOf, positive, withDefault } from './kit/attributes.ts';
import { checkDivides } from './kit/axes.ts';
import { inBlocks } from './kit/blocks.ts';
import { fill, read } from './kit/elements.ts';
import { MOVED } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';
import { type Reach, upTo } from './kit/reach.ts';
import { checkSpatial, spatialAxes } from './kit/window.ts';

const attributes = z.strictObject({
  factor: about(positive, 'How many pixels become one along every spatial axis.'),
  mode: about(
    withDefault(oneOf('CRD', 'DCR'), 'CRD'),
    'What is next to each other among the channels: the pixels of a block (CRD, PyTorch), or the channels of a pixel (DCR, TensorFlow and ONNX).',
  ),
});

/** The shape, with the pixels of each block made channels. */
function gathered({ factor }: z.infer<typeof attributes>, x: Shape): Shape {
  checkSpatial('pixelunshuffle', x);
  const [n, channels, ...sizes] = x as [number, number, ...number[]];
  for (const [axis, size] of sizes.entries()) checkDivides(`pixels of the ${spatialAxes(x.length)[axis]?.name}`, size, 'factor', factor);
  return [n, channels * factor ** sizes.length, ...sizes.map((size) => size / factor)];
}

export const pixelunshuffle = defineOperator({
  name: 'pixelunshuffle',
  summary: 'Put the pixels of each block into channels: [n, c, h·r, w·r] becomes [n, c·r², h, w]; the inverse of pixelshuffle.',
  attributes,
  rule: 'Only moves elements: no operations.',
  source: 'torch.nn.PixelUnshuffle; ONNX operator SpaceToDepth',
  shape: (a, [x]) => gathered(a, x),
  reach({ factor }, [[n, channels, ...sizes]]) {
    const pixels = factor ** sizes.length;
    return [
      upTo(n as number),
      (place) => Math.floor(place / pixels) < (channels as number),
      ...sizes.map(
        (size): Reach =>
          (place) =>
            place * factor < size,
      ),
    ];
  },
  window: ({ factor }, [x]) => x.slice(2).map(() => ({ span: factor, stride: factor })),
  givesMap: true,
  gradient: MOVED,
  run: (a, [x], _, alu) => fill(gathered(a, x.shape), alu, (at) => read(x, inBlocks(a.mode, a.factor, at, x.shape[1] as number))),
});
