import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { broadcast, elements, formatShape, sameShape } from '../../src/core/shape.ts';

const shape = fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 4 });

describe('shapes', () => {
  it.each([
    [[], 'scalar', 1n],
    [[7], '7', 7n],
    [[1, 64, 112, 112], '1×64×112×112', 802_816n],
  ])('%j', (sizes, text, count) => {
    expect(formatShape(sizes)).toBe(text);
    expect(elements(sizes)).toBe(count);
  });

  it.each([
    [
      [1, 3, 8, 8],
      [1, 3, 8, 8],
      [1, 3, 8, 8],
    ],
    [
      [1, 3, 8, 8],
      [1, 3, 1, 1],
      [1, 3, 8, 8],
    ],
    [
      [3, 1],
      [1, 4],
      [3, 4],
    ],
    [[2, 5, 6], [6], [2, 5, 6]],
    [[], [2], [2]],
    [[2], [3], undefined],
    [[2, 3], [2], undefined],
  ])('%j and %j broadcast to %j', (a, b, expected) => {
    expect(broadcast(a, b)).toEqual(expected);
    expect(broadcast(b, a)).toEqual(expected);
  });

  it('broadcast to themselves, and whatever they broadcast to takes both', () => {
    fc.assert(
      fc.property(shape, shape, (a, b) => {
        expect(broadcast(a, a)).toEqual(a);
        const both = broadcast(a, b);
        if (both === undefined) return;
        expect(broadcast(both, a)).toEqual(both);
        expect(broadcast(both, b)).toEqual(both);
      }),
    );
  });

  it('are the same axis by axis', () => {
    expect(sameShape([1, 2], [1, 2])).toBe(true);
    expect(sameShape([1, 2], [2, 1])).toBe(false);
    expect(sameShape([1, 2], [1, 2, 1])).toBe(false);
  });
});
