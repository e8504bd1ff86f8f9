import { describe, expect, it } from 'vitest';
import { draw } from '../../src/analysis/drawing/draw.ts';
import { counted } from '../report/helpers.ts';

/** Sizes of what comes out, in order, each once. */
const sizesOf = (name: string): string[] => [
  ...new Set(draw([counted(name)]).flatMap(({ vertices }) => vertices.filter(({ kind }) => kind === 'box').map(({ size }) => size))),
];

describe('output sizes', () => {
  it.each([
    ['resnet50', ['112×112', '56×56', '28×28', '14×14', '7×7', '1']],
    // Channels go to the end, and come back in between.
    ['swin_t', ['56×56', '28×28', '14×14', '7×7', '1']],
    ['convnext_tiny', ['56×56', '28×28', '14×14', '7×7', '1']],
  ])('of %s are those of its stages, wherever its channels are', (name, sizes) => expect(sizesOf(name)).toEqual(sizes));
});
