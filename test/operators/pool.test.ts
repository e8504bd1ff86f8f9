import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countOperations } from '../../src/core/work.ts';
import { answers, ask, refuses } from './helpers.ts';

answers('maxpool', [
  {
    what: 'the pool of ResNet',
    attributes: { kernel: 3, stride: 2, padding: 1 },
    inputs: [[1, 64, 112, 112]],
    outputs: [[1, 64, 56, 56]],
    operations: { compare: 9 * 64 * 56 * 56 },
  },
  {
    what: 'strides by its kernel',
    attributes: { kernel: [2, 3] },
    inputs: [[1, 1, 6, 6]],
    outputs: [[1, 1, 3, 2]],
    operations: { compare: 36 },
  },
  {
    what: 'ceil mode, as in SqueezeNet and GoogLeNet',
    attributes: { kernel: 3, stride: 2, ceil: true },
    inputs: [[1, 64, 112, 112]],
    outputs: [[1, 64, 56, 56]],
    operations: { compare: 9 * 64 * 56 * 56 },
  },
  {
    what: 'floor mode on the same',
    attributes: { kernel: 3, stride: 2 },
    inputs: [[1, 64, 112, 112]],
    outputs: [[1, 64, 55, 55]],
    operations: { compare: 9 * 64 * 55 * 55 },
  },
  {
    what: 'one axis, dilated',
    attributes: { kernel: 3, stride: 1, dilation: 2 },
    inputs: [[2, 1, 8]],
    outputs: [[2, 1, 4]],
    operations: { compare: 24 },
  },
  { what: 'three axes', attributes: { kernel: 2 }, inputs: [[1, 3, 4, 4, 4]], outputs: [[1, 3, 2, 2, 2]], operations: { compare: 192 } },
]);

answers('avgpool', [
  {
    what: 'a transition of DenseNet',
    attributes: { kernel: 2 },
    inputs: [[1, 128, 56, 56]],
    outputs: [[1, 128, 28, 28]],
    operations: { add: 401408, divide: 100352 },
  },
  {
    what: 'padding is computed, counted in the divisor or not',
    attributes: { kernel: 3, stride: 1, padding: 1, countpad: false },
    inputs: [[1, 2, 4, 4]],
    outputs: [[1, 2, 4, 4]],
    operations: { add: 288, divide: 32 },
  },
  {
    what: 'same',
    attributes: { kernel: 2, stride: 2, padding: 'same' },
    inputs: [[1, 1, 5]],
    outputs: [[1, 1, 3]],
    operations: { add: 6, divide: 3 },
  },
]);

answers('globalavgpool', [
  { what: 'the head of ResNet-50', inputs: [[1, 2048, 7, 7]], outputs: [[1, 2048, 1, 1]], operations: { add: 100352, divide: 2048 } },
  { what: 'one axis', inputs: [[2, 3, 5]], outputs: [[2, 3, 1]], operations: { add: 30, divide: 6 } },
  { what: 'three axes', inputs: [[1, 3, 2, 2, 2]], outputs: [[1, 3, 1, 1, 1]], operations: { add: 24, divide: 3 } },
]);

answers('globalmaxpool', [{ what: 'an image', inputs: [[1, 4, 3, 2]], outputs: [[1, 4, 1, 1]], operations: { compare: 24 } }]);

answers('adaptiveavgpool', [
  {
    what: 'the pool of AlexNet changes nothing at 224',
    attributes: { size: 6 },
    inputs: [[1, 256, 6, 6]],
    outputs: [[1, 256, 6, 6]],
    operations: { add: 9216, divide: 9216 },
  },
  // Windows along an axis of 7: 0–3, 2–5, 4–7: nine elements in all.
  {
    what: 'windows that overlap',
    attributes: { size: 3 },
    inputs: [[1, 2, 7, 7]],
    outputs: [[1, 2, 3, 3]],
    operations: { add: 162, divide: 18 },
  },
  {
    what: 'one size per axis',
    attributes: { size: [2, 1] },
    inputs: [[1, 1, 4, 3]],
    outputs: [[1, 1, 2, 1]],
    operations: { add: 12, divide: 2 },
  },
  {
    what: 'more outputs than inputs',
    attributes: { size: 5 },
    inputs: [[1, 1, 2]],
    outputs: [[1, 1, 5]],
    operations: { add: 6, divide: 5 },
  },
]);

answers('adaptivemaxpool', [
  { what: 'windows that overlap', attributes: { size: 3 }, inputs: [[1, 2, 7]], outputs: [[1, 2, 3]], operations: { compare: 18 } },
]);

for (const name of ['maxpool', 'avgpool'] as const)
  refuses(name, [
    {
      what: 'a vector',
      attributes: { kernel: 2 },
      inputs: [[1, 4]],
      code: 'WRONG_RANK',
      says: `${name} needs a batch, channels and one to three spatial axes`,
    },
    {
      what: 'a window too large',
      attributes: { kernel: 5 },
      inputs: [[1, 1, 4]],
      code: 'WINDOW_TOO_LARGE',
      blames: 'kernel',
      says: 'spans 5 along the width',
    },
    {
      what: 'a window that would lie in padding alone',
      attributes: { kernel: 2, padding: [[0, 2]] },
      inputs: [[1, 1, 4]],
      code: 'CONTRADICTION',
      blames: 'padding',
      says: '2 of padding along the width would hold a whole window of 2',
    },
    {
      what: 'three strides for one axis',
      attributes: { kernel: 2, stride: [1, 1, 1] },
      inputs: [[1, 1, 4]],
      code: 'WRONG_AXIS_COUNT',
      blames: 'stride',
      says: '"stride" has 3 values',
    },
  ]);

for (const name of ['globalavgpool', 'globalmaxpool'] as const)
  refuses(name, [{ what: 'a vector', inputs: [[1, 4]], code: 'WRONG_RANK', says: 'one to three spatial axes' }]);

for (const name of ['adaptiveavgpool', 'adaptivemaxpool'] as const)
  refuses(name, [
    { what: 'a vector', attributes: { size: 1 }, inputs: [[1, 4]], code: 'WRONG_RANK', says: 'one to three spatial axes' },
    {
      what: 'two sizes for one axis',
      attributes: { size: [1, 1] },
      inputs: [[1, 1, 4]],
      code: 'WRONG_AXIS_COUNT',
      blames: 'size',
      says: '"size" has 2 values',
    },
    {
      what: 'more than can be counted',
      attributes: { size: Number.MAX_SAFE_INTEGER },
      inputs: [[1, 1, 4]],
      code: 'DIMENSION_TOO_LARGE',
      blames: 'size',
      says: 'past 2^53',
    },
  ]);

const whole = (min: number, max: number) => fc.integer({ min, max });

describe('adaptive pooling', () => {
  it('reads as many elements as its windows hold, one by one', () => {
    fc.assert(
      fc.property(
        fc.array(whole(1, 40), { minLength: 2, maxLength: 2 }),
        fc.array(whole(1, 40), { minLength: 2, maxLength: 2 }),
        (from, to) => {
          const held = from.map((size, axis) => {
            const count = to[axis] as number;
            let total = 0;
            for (let i = 0; i < count; i++) total += Math.ceil(((i + 1) * size) / count) - Math.floor((i * size) / count);
            return total;
          }) as [number, number];
          const { work } = ask('adaptivemaxpool', { size: to }, [[1, 1, ...from]]);
          expect(countOperations(work)).toEqual({ compare: BigInt(held[0] * held[1]) });
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('sliding pools', () => {
  it('never stand on padding alone, where they are not refused', () => {
    const geometry = fc.record({ size: whole(1, 12), kernel: whole(1, 4), stride: whole(1, 4), before: whole(0, 3), after: whole(0, 3) });
    fc.assert(
      fc.property(geometry, fc.boolean(), ({ size, kernel, stride, before, after }, ceil) => {
        fc.pre(before < kernel && after < kernel && kernel <= before + size + after);
        const [output] = ask('avgpool', { kernel, stride, padding: [[before, after]], ceil }, [[1, 1, size]]).outputs as [number[]];
        for (let i = 0; i < (output[2] as number); i++) {
          expect(i * stride).toBeLessThan(before + size);
          expect(i * stride + kernel).toBeGreaterThan(before);
        }
      }),
    );
  });
});
