import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Shape } from '../../src/core/shape.ts';
import { countMacs } from '../../src/core/work.ts';
import { answers, ask, refuses } from './helpers.ts';

answers('convtranspose', [
  {
    what: 'a U-Net doubles the image',
    attributes: { out: 64, kernel: 2, stride: 2 },
    inputs: [[1, 128, 28, 28]],
    outputs: [[1, 64, 56, 56]],
    weights: { kernel: [128, 64, 2, 2], bias: [64] },
    parameters: 32832,
    macs: 25690112,
    formula: '1×2×2×128×28×28×64',
    activations: 200704,
    operations: { multiply: 25690112, add: 25690112 + 200704 },
  },
  {
    what: 'one axis, dilated, with groups',
    attributes: { out: 4, kernel: 3, dilation: 2, groups: 2, bias: false },
    inputs: [[1, 6, 5]],
    outputs: [[1, 4, 9]],
    weights: { kernel: [6, 2, 3] },
    parameters: 36,
    macs: 180,
    formula: '1×3×6×5×2',
    activations: 36,
    operations: { multiply: 180, add: 180 },
  },
  {
    what: 'three axes, asymmetric padding and output padding',
    attributes: {
      out: 1,
      kernel: 3,
      stride: [1, 2, 2],
      padding: [
        [1, 1],
        [0, 1],
        [2, 0],
      ],
      outputpadding: [0, 1, 0],
      bias: false,
    },
    inputs: [[2, 1, 2, 3, 3]],
    // (2−1)·1 − 2 + 3, (3−1)·2 − 1 + 3 + 1, (3−1)·2 − 2 + 3
    outputs: [[2, 1, 2, 7, 5]],
    weights: { kernel: [1, 1, 3, 3, 3] },
    parameters: 27,
    macs: 972,
    formula: '2×3×3×3×1×2×3×3×1',
    activations: 140,
    operations: { multiply: 972, add: 972 },
  },
]);

refuses('convtranspose', [
  { what: 'a vector', attributes: { out: 1, kernel: 2 }, inputs: [[1, 4]], code: 'WRONG_RANK', says: 'one to three spatial axes' },
  {
    what: 'input channels that do not divide',
    attributes: { out: 6, kernel: 2, groups: 3 },
    inputs: [[1, 4, 4]],
    code: 'GROUPS_DO_NOT_DIVIDE',
    blames: 'groups',
    says: '4 input channels',
  },
  {
    what: 'output channels that do not divide',
    attributes: { out: 4, kernel: 2, groups: 3 },
    inputs: [[1, 6, 4]],
    code: 'GROUPS_DO_NOT_DIVIDE',
    blames: 'groups',
    says: '4 output channels',
  },
  {
    what: 'padding that leaves nothing',
    attributes: { out: 1, kernel: 2, padding: 2 },
    inputs: [[1, 1, 3]],
    code: 'CONTRADICTION',
    blames: 'padding',
    says: '4 of padding along the width leaves nothing of the 4 outputs',
  },
  {
    what: 'output padding as large as the stride',
    attributes: { out: 1, kernel: 2, stride: 2, outputpadding: 2 },
    inputs: [[1, 1, 3]],
    code: 'CONTRADICTION',
    blames: 'outputpadding',
    says: 'less than the stride of 2',
  },
  ...['kernel', 'stride', 'dilation', 'padding', 'outputpadding'].map((attribute) => ({
    what: `one value of ${attribute} in a list for two axes`,
    attributes: { out: 1, kernel: 1, [attribute]: [1] },
    inputs: [[1, 1, 9, 9]],
    code: 'WRONG_AXIS_COUNT' as const,
    blames: attribute,
    says: `"${attribute}" has 1 values, but the input has 2`,
  })),
]);

describe('convtranspose', () => {
  const layer = fc
    .record({
      size: fc.integer({ min: 1, max: 9 }),
      kernel: fc.integer({ min: 1, max: 4 }),
      stride: fc.integer({ min: 1, max: 4 }),
      dilation: fc.integer({ min: 1, max: 3 }),
      before: fc.integer({ min: 0, max: 2 }),
      after: fc.integer({ min: 0, max: 2 }),
      extra: fc.integer({ min: 0, max: 3 }),
    })
    .filter(({ stride, extra }) => extra < stride)
    .filter(
      ({ size, kernel, stride, dilation, before, after, extra }) => (size - 1) * stride + dilation * (kernel - 1) + extra >= before + after,
    );

  it('undoes the shape of a convolution with the same attributes', () => {
    fc.assert(
      fc.property(layer, ({ size, kernel, stride, dilation, before, after, extra }) => {
        const shared = { out: 1, kernel, stride, dilation, padding: [[before, after]] };
        const [spread] = ask('convtranspose', { ...shared, outputpadding: extra }, [[1, 1, size]]).outputs as [Shape];
        expect(ask('conv', shared, [spread]).outputs).toEqual([[1, 1, size]]);
      }),
      { numRuns: 300 },
    );
  });

  it('reaches, without padding, exactly as far as its last tap', () => {
    fc.assert(
      fc.property(layer, ({ size, kernel, stride, dilation }) => {
        const reached = new Set<number>();
        let products = 0n;
        for (let i = 0; i < size; i++)
          for (let k = 0; k < kernel; k++) {
            reached.add(i * stride + k * dilation);
            products++;
          }
        const { outputs, work } = ask('convtranspose', { out: 1, kernel, stride, dilation }, [[1, 1, size]]);
        expect(outputs).toEqual([[1, 1, Math.max(...reached) + 1]]);
        expect(countMacs(work)).toBe(products);
      }),
      { numRuns: 100 },
    );
  });
});
