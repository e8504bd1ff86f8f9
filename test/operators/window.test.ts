import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spatialAxes, windowAxes } from '../../src/operators/kit/window.ts';
import { ProblemError } from '../../src/problems/problem.ts';

const whole = (min: number, max: number) => fc.integer({ min, max });

const geometry = fc.record({
  size: whole(1, 20),
  kernel: whole(1, 6),
  stride: whole(1, 5),
  dilation: whole(1, 3),
  before: whole(0, 4),
  after: whole(0, 4),
});

interface Geometry {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
  readonly ceil: boolean;
}

/** Starts of the windows that fit into the padded input, one by one; with ceil mode also of one that hangs over. */
function starts({ size, kernel, stride, dilation, before, after, ceil }: Geometry): number[] {
  const last = dilation * (kernel - 1);
  const end = before + size + after;
  const found: number[] = [];
  for (let start = 0; start + last < end; start += stride) found.push(start);
  const next = found.length * stride;
  const covered = (found.at(-1) as number) + last + 1;
  if (ceil && covered < end && next < before + size) found.push(next);
  return found;
}

const out = (attributes: Parameters<typeof windowAxes>[1], size: number): number =>
  windowAxes('conv', attributes, [1, 1, size])[0]?.out as number;

describe('windowAxes', () => {
  it.each([false, true])('finds as many positions as there are, ceil mode %s', (ceil) => {
    fc.assert(
      fc.property(geometry, ({ size, kernel, stride, dilation, before, after }) => {
        fc.pre(dilation * (kernel - 1) < before + size + after);
        const expected = starts({ size, kernel, stride, dilation, before, after, ceil }).length;
        expect(out({ kernel, stride, dilation, padding: [[before, after]], ceil }, size)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses a window exactly where none fits', () => {
    fc.assert(
      fc.property(geometry, ({ size, kernel, stride, dilation, before, after }) => {
        fc.pre(dilation * (kernel - 1) >= before + size + after);
        expect(() => out({ kernel, stride, dilation, padding: [[before, after]] }, size)).toThrow(ProblemError);
      }),
    );
  });

  it.each(['same', 'same_lower'] as const)('pads %s as little as gives input / stride outputs, rounded up', (padding) => {
    fc.assert(
      fc.property(geometry, ({ size, kernel, stride, dilation }) => {
        const [axis] = windowAxes('conv', { kernel, stride, dilation, padding }, [1, 1, size]) as [ReturnType<typeof windowAxes>[number]];
        expect(axis.out).toBe(Math.ceil(size / stride));
        const [more, less] = padding === 'same' ? [axis.after, axis.before] : [axis.before, axis.after];
        expect(more - less === 0 || more - less === 1).toBe(true);
        // One less would not do.
        if (more > 0) {
          const fewer = Math.floor((size + more + less - 1 - axis.span) / stride) + 1;
          expect(fewer).toBeLessThan(axis.out);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('valid is no padding', () => {
    expect(windowAxes('conv', { kernel: 3, padding: 'valid' }, [1, 1, 5, 5])).toEqual(windowAxes('conv', { kernel: 3 }, [1, 1, 5, 5]));
  });

  it('knows the size of "same" where the kernel is smaller than the stride', () => {
    expect(out({ kernel: 1, stride: 4, padding: 'same' }, 9)).toBe(3);
  });

  it.each([
    // With ceil mode: size, kernel, stride, padding, outputs
    [6, 3, 2, 0, 3],
    [7, 3, 2, 0, 3],
    [56, 3, 2, 0, 28],
    [5, 2, 2, 0, 3],
    [4, 2, 4, 0, 1],
    // The only window hangs over.
    [2, 3, 2, 0, 1],
    // The third window would start at 4, in the padding after: left out.
    [3, 2, 2, 1, 2],
    [5, 2, 3, 1, 2],
  ])('ceil mode: %i elements, kernel %i, stride %i, padding %i give %i', (size, kernel, stride, padding, expected) => {
    expect(out({ kernel, stride, padding, ceil: true }, size)).toBe(expected);
  });

  it('refuses a window that would start before the input, with ceil mode too', () => {
    expect(() => out({ kernel: 3, stride: 2, ceil: true }, 1)).toThrow('The window spans 3');
    expect(() => out({ kernel: 3, stride: 2 }, 2)).toThrow('The window spans 3');
  });

  it('names the axes', () => {
    expect([3, 4, 5].map((rank) => spatialAxes(rank).map(({ letter }) => letter))).toEqual([['w'], ['h', 'w'], ['d', 'h', 'w']]);
  });
});
