import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answers, ask, refuses } from './helpers.ts';

answers('slice', [
  { what: 'the class token', attributes: { axis: 1, end: 1 }, inputs: [[1, 197, 768]], outputs: [[1, 1, 768]] },
  { what: 'every other row', attributes: { axis: 2, step: 2 }, inputs: [[1, 3, 7, 7]], outputs: [[1, 3, 4, 7]] },
  { what: 'up to the end', attributes: { axis: -1, start: 3 }, inputs: [[1, 10]], outputs: [[1, 7]] },
]);

refuses('slice', [
  {
    what: 'an end past the end',
    attributes: { axis: 1, end: 5 },
    inputs: [[1, 4]],
    code: 'BOUNDS_OUTSIDE',
    blames: 'end',
    says: '0 to 5 is no range of an axis of 4',
  },
  {
    what: 'a start past the end',
    attributes: { axis: 1, start: 4 },
    inputs: [[1, 4]],
    code: 'BOUNDS_OUTSIDE',
    blames: 'start',
    says: '4 to 4',
  },
  { what: 'nothing', attributes: { axis: 1, start: 2, end: 2 }, inputs: [[1, 4]], code: 'BOUNDS_OUTSIDE', blames: 'end', says: '2 to 2' },
  {
    what: 'an axis that is not there',
    attributes: { axis: 2 },
    inputs: [[1, 4]],
    code: 'AXIS_OUT_OF_RANGE',
    blames: 'axis',
    says: 'no axis 2',
  },
]);

describe('slice', () => {
  it('keeps what a loop would', () => {
    const whole = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(whole, whole, whole, fc.nat(11), (size, end, step, start) => {
        fc.pre(start < end && end <= size);
        let kept = 0;
        for (let i = start; i < end; i += step) kept++;
        expect(ask('slice', { axis: 1, start, end, step }, [[1, size]]).outputs).toEqual([[1, kept]]);
      }),
    );
  });
});
