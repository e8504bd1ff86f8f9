import { describe, expect, it } from 'vitest';
import { FlopwiseError } from '../../src/problems/problem.ts';
import { expandSpec, parseSpec } from '../../src/spec/model.ts';

const LANGUAGE = parseSpec(`
with: { tokens: 16, half: $tokens / 2 }
input: [$tokens]
layers: [embedding: { rows: 100, out: 4 }, positions: { rows: 32 }, reshape: { to: [$half, 8] }]
`);
/** A side that a layer depends on, too. */
const SQUARE = parseSpec('with: { side: 8 }\ninput: [3, $side, $side]\nlayers: [flatten, linear: { out: $side }]');
const SEVERAL = parseSpec('with: { a: 2, b: 3 }\ninput: { x: [$a, 4], y: [$b, 4] }\nlayers: [{ concat: { axis: 1 }, from: [x, y] }]');

const shapes = (spec: typeof LANGUAGE, settings: object) => {
  const { inputs, outputs } = expandSpec(spec, settings);
  return [...inputs.map(({ tensor }) => tensor.shape), ...outputs.map(({ shape }) => shape)];
};

describe('a size that the input names', () => {
  it('is that of the parameter', () =>
    expect(shapes(LANGUAGE, { set: { tokens: 32 } })).toEqual([
      [1, 32],
      [16, 8],
    ]));

  it('is bound to what is given, and what depends on it follows', () =>
    expect(shapes(LANGUAGE, { input: { input: [24] } })).toEqual([
      [1, 24],
      [12, 8],
    ]));

  it('may have the batch in front', () => expect(shapes(SEVERAL, { input: { y: [5, 4] } })[2]).toEqual([1, 7, 4]));

  it('may be given twice, if it is the same', () =>
    expect(shapes(LANGUAGE, { input: { input: [24] }, set: { tokens: 24 } })[0]).toEqual([1, 24]));

  it('may differ where it is nothing but the side of an image', () =>
    expect(shapes(parseSpec('with: { side: 8 }\ninput: [3, $side, $side]\nlayers: [relu]'), { input: { input: [3, 9, 8] } })[1]).toEqual([
      1, 3, 9, 8,
    ]));

  it.each([
    [LANGUAGE, { input: { input: [24] }, set: { tokens: 16 } }, 'is given a size of 24, but tokens is 16'],
    [SQUARE, { input: { input: [3, 9, 9] } }, 'is given a size of 9, but side is 8'],
    [SQUARE, { input: { input: [3, 9, 8] } }, 'set: { side: 9 } is enough'],
    [
      parseSpec('with: { side: 8 }\ninput: [2 * $side]\nlayers: [linear: { out: $side }]'),
      { input: { input: [9] } },
      'parameters make it 16',
    ],
  ])('is refused where it is another', (spec, settings, says) => {
    expect(() => expandSpec(spec, settings)).toThrow(FlopwiseError);
    expect(() => expandSpec(spec, settings)).toThrow(says);
  });
});
