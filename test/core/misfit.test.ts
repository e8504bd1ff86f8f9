import { describe, expect, it } from 'vitest';
import { misfitsBeside, misfitsOfBroadcast } from '../../src/core/misfit.ts';

describe('axes that do not fit', () => {
  it.each([
    [
      'equal shapes',
      [
        [1, 2],
        [1, 2],
      ],
      [],
    ],
    [
      'ones',
      [
        [1, 2],
        [3, 1],
      ],
      [],
    ],
    [
      'one axis',
      [
        [1, 2, 3],
        [1, 4, 3],
      ],
      [{ axis: 1, of: [0, 1], sizes: [2, 4] }],
    ],
    [
      'two axes',
      [
        [1, 6, 3],
        [1, 3, 8],
      ],
      [
        { axis: 1, of: [0, 1], sizes: [6, 3] },
        { axis: 2, of: [0, 1], sizes: [3, 8] },
      ],
    ],
    ['from the end, where ranks differ', [[1, 2, 3], [4]], [{ axis: -1, of: [0, 1], sizes: [3, 4] }]],
    [
      'the two of three that differ',
      [
        [5, 1],
        [5, 7],
        [5, 9],
      ],
      [{ axis: 1, of: [1, 2], sizes: [7, 9] }],
    ],
  ])('of a broadcast: %s', (_, shapes, expected) => expect(misfitsOfBroadcast(shapes)).toEqual(expected));

  it.each([
    [
      'all but the one',
      1,
      [
        [1, 2, 3],
        [1, 4, 3],
      ],
      [],
    ],
    [
      'another',
      1,
      [
        [1, 2, 3],
        [1, 2, 3],
        [1, 4, 1],
      ],
      [{ axis: 2, of: [0, 2], sizes: [3, 1] }],
    ],
    [
      'other ranks have none',
      1,
      [
        [1, 2, 3],
        [1, 2],
      ],
      [],
    ],
  ])('beside one: %s', (_, along, shapes, expected) => expect(misfitsBeside(along, shapes)).toEqual(expected));
});
