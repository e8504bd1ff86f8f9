import * as z from 'zod/mini';
import type { Shape } from '../core/shape.ts';
import { fail } from '../problems/problem.ts';
import { about, oneOf, positive, withDefault } from './kit/attributes.ts';
import { inChannels } from './kit/blocks.ts';
import { fill, read } from './kit/elements.ts';
import { MOVED } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';
import { type Reach, upTo } from './kit/reach.ts';
import { checkSpatial } from './kit/window.ts';

const attributes = z.strictObject({
  factor: about(positive, 'How many pixels each becomes along every spatial axis.'),
  mode: about(
    withDefault(oneOf('CRD', 'DCR'), 'CRD'),
    'What is next to each other among the channels: the pixels of a block (CRD, PyTorch), or the channels of a pixel (DCR, TensorFlow).',
  ),
});

/** The shape, with its blocks made pixels. */
function spread({ factor }: z.infer<typeof attributes>, x: Shape): Shape {
  checkSpatial('pixelshuffle', x);
  const [n, channels, ...sizes] = x as [number, number, ...number[]];
  const pixels = factor ** sizes.length;
  if (channels % pixels !== 0)
    throw fail('DOES_NOT_DIVIDE', { what: 'channels', total: channels, parts: 'pixels of each block', divisor: pixels }, 'factor');
  return [n, channels / pixels, ...sizes.map((size) => size * factor)];
}

export const pixelshuffle = defineOperator({
  name: 'pixelshuffle',
  summary: 'Spread channels over blocks of pixels: [n, c·r², h, w] becomes [n, c, h·r, w·r]; also along one spatial axis, or three.',
  attributes,
  rule: 'Only moves elements: no operations.',
  source: 'Shi et al. 2016, arXiv:1609.05158, section 2.2; torch.nn.PixelShuffle; ONNX operator DepthToSpace',
  shape: (a, [x]) => spread(a, x),
  reach({ factor }, [[n, channels, ...sizes]]) {
    const pixels = factor ** sizes.length;
    return [
      upTo(n as number),
      (place) => place * pixels < (channels as number),
      ...sizes.map(
        (size): Reach =>
          (place) =>
            Math.floor(place / factor) < size,
      ),
    ];
  },
  window: ({ factor }, [x]) => x.slice(2).map(() => ({ span: 1, stride: 1 / factor })),
  givesMap: true,
  gradient: MOVED,
  run(a, [x], _, alu) {
    const to = spread(a, x.shape);
    return fill(to, alu, (at) => read(x, inChannels(a.mode, a.factor, at, to[1] as number)));
  },
});
