import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Shape } from '../../src/core/shape.ts';
import { countMacs, countOperations } from '../../src/core/work.ts';
import { answers, ask, refuses } from './helpers.ts';

answers('conv', [
  {
    what: 'the first layer of ResNet',
    attributes: { out: 64, kernel: 7, stride: 2, padding: 3, bias: false },
    inputs: [[1, 3, 224, 224]],
    outputs: [[1, 64, 112, 112]],
    weights: { kernel: [64, 3, 7, 7] },
    parameters: 9408,
    macs: 118013952,
    formula: '1×7×7×3×112×112×64',
    activations: 802816,
    operations: { multiply: 118013952, add: 118013952 },
  },
  {
    what: 'a bias adds once per output element',
    attributes: { out: 2, kernel: 1 },
    inputs: [[1, 3, 4, 4]],
    outputs: [[1, 2, 4, 4]],
    weights: { kernel: [2, 3, 1, 1], bias: [2] },
    parameters: 8,
    macs: 96,
    formula: '1×1×1×3×4×4×2',
    activations: 32,
    operations: { multiply: 96, add: 96 + 32 },
  },
  {
    what: 'depthwise: one input channel per group',
    attributes: { out: 32, kernel: 3, padding: 1, groups: 32, bias: false },
    inputs: [[2, 32, 10, 10]],
    outputs: [[2, 32, 10, 10]],
    weights: { kernel: [32, 1, 3, 3] },
    parameters: 288,
    macs: 57600,
    formula: '2×3×3×1×10×10×32',
    activations: 6400,
    operations: { multiply: 57600, add: 57600 },
  },
  {
    what: 'groups: each filter sees its share of the input',
    attributes: { out: 8, kernel: 1, groups: 2, bias: false },
    inputs: [[1, 6, 2, 2]],
    outputs: [[1, 8, 2, 2]],
    weights: { kernel: [8, 3, 1, 1] },
    parameters: 24,
    macs: 96,
    formula: '1×1×1×3×2×2×8',
    activations: 32,
    operations: { multiply: 96, add: 96 },
  },
  {
    what: 'one axis, dilated',
    attributes: { out: 4, kernel: 3, dilation: 2, bias: false },
    inputs: [[1, 2, 10]],
    outputs: [[1, 4, 6]],
    weights: { kernel: [4, 2, 3] },
    parameters: 24,
    macs: 144,
    formula: '1×3×2×6×4',
    activations: 24,
    operations: { multiply: 144, add: 144 },
  },
  {
    what: 'three axes, a rectangular kernel, one stride and padding per axis',
    attributes: { out: 2, kernel: [1, 2, 3], stride: [1, 2, 3], padding: [0, 1, 2], bias: false },
    inputs: [[1, 1, 4, 6, 8]],
    outputs: [[1, 2, 4, 4, 4]],
    weights: { kernel: [2, 1, 1, 2, 3] },
    parameters: 12,
    macs: 768,
    formula: '1×1×2×3×1×4×4×4×2',
    activations: 128,
    operations: { multiply: 768, add: 768 },
  },
  {
    what: 'asymmetric padding: the stem of a TensorFlow MobileNet',
    attributes: {
      out: 8,
      kernel: 3,
      stride: 2,
      padding: [
        [0, 1],
        [0, 1],
      ],
      bias: false,
    },
    inputs: [[1, 3, 8, 8]],
    outputs: [[1, 8, 4, 4]],
    weights: { kernel: [8, 3, 3, 3] },
    parameters: 216,
    macs: 3456,
    formula: '1×3×3×3×4×4×8',
    activations: 128,
    operations: { multiply: 3456, add: 3456 },
  },
  {
    what: 'counts past 2^53',
    attributes: { out: 1048576, kernel: 1, bias: false },
    inputs: [[1, 1048576, 1048576, 1048576]],
    outputs: [[1, 1048576, 1048576, 1048576]],
    weights: { kernel: [1048576, 1048576, 1, 1] },
    parameters: 2 ** 40,
    macs: 2 ** 80,
    formula: '1×1×1×1048576×1048576×1048576×1048576',
    activations: 2 ** 60,
    operations: { multiply: 2 ** 80, add: 2 ** 80 },
  },
]);

refuses('conv', [
  {
    what: 'a vector',
    attributes: { out: 1, kernel: 1 },
    inputs: [[1, 3]],
    code: 'WRONG_RANK',
    says: 'one to three spatial axes, but its input is 1×3',
  },
  { what: 'four spatial axes', attributes: { out: 1, kernel: 1 }, inputs: [[1, 3, 2, 2, 2, 2]], code: 'WRONG_RANK', says: '1×3×2×2×2×2' },
  {
    what: 'input channels that do not divide',
    attributes: { out: 6, kernel: 1, groups: 3 },
    inputs: [[1, 4, 2, 2]],
    code: 'GROUPS_DO_NOT_DIVIDE',
    blames: 'groups',
    says: '4 input channels cannot be split into 3 groups',
  },
  {
    what: 'output channels that do not divide',
    attributes: { out: 4, kernel: 1, groups: 3 },
    inputs: [[1, 6, 2, 2]],
    code: 'GROUPS_DO_NOT_DIVIDE',
    blames: 'groups',
    says: '4 output channels cannot be split into 3 groups',
  },
  {
    what: 'a kernel larger than the input',
    attributes: { out: 1, kernel: 7 },
    inputs: [[1, 1, 4, 8]],
    code: 'WINDOW_TOO_LARGE',
    blames: 'kernel',
    says: 'The window spans 7 along the height, but the input has 4.',
  },
  {
    what: 'a dilated kernel larger than the padded input',
    attributes: { out: 1, kernel: 3, dilation: 4, padding: 1 },
    inputs: [[1, 1, 6]],
    code: 'WINDOW_TOO_LARGE',
    blames: 'kernel',
    says: 'spans 9 along the width, but the input has 6 and 2 of padding',
  },
  ...['kernel', 'stride', 'dilation', 'padding'].map((attribute) => ({
    what: `three values of ${attribute} for two axes`,
    attributes: { out: 1, kernel: 1, [attribute]: [1, 1, 1] },
    inputs: [[1, 1, 9, 9]],
    code: 'WRONG_AXIS_COUNT' as const,
    blames: attribute,
    says: `"${attribute}" has 3 values, but the input has 2 such axes`,
  })),
  {
    what: 'padding past 2^53',
    attributes: { out: 1, kernel: 1, padding: Number.MAX_SAFE_INTEGER },
    inputs: [[1, 1, 4]],
    code: 'DIMENSION_TOO_LARGE',
    blames: 'padding',
    says: 'past 2^53',
  },
  {
    what: 'two inputs',
    attributes: { out: 1, kernel: 1 },
    inputs: [
      [1, 1, 4],
      [1, 1, 4],
    ],
    code: 'WRONG_INPUT_COUNT',
    says: 'takes 1 input',
  },
]);

/** Goes through every point of a grid. */
function nest(sizes: readonly number[], body: () => void): void {
  const [size, ...inner] = sizes;
  if (size === undefined) body();
  else for (let i = 0; i < size; i++) nest(inner, body);
}

/** Runs the plainest kernel and counts its multiply-accumulates. */
function countByLoops(groups: number, kernel: readonly number[], input: Shape, output: Shape): bigint {
  let count = 0n;
  nest(output, () =>
    nest([(input[1] as number) / groups, ...kernel], () => {
      count++;
    }),
  );
  return count;
}

const small = (max: number) => fc.integer({ min: 1, max });

describe('conv, executed', () => {
  it('counts what seven loops do, with one to three axes', () => {
    const layer = fc.record({ axes: small(3), n: small(2), groups: small(2) }).chain(({ axes, n, groups }) => {
      const perAxis = (max: number) => fc.array(small(max), { minLength: axes, maxLength: axes });
      return fc.record({
        n: fc.constant(n),
        groups: fc.constant(groups),
        channels: small(2).map((count) => count * groups),
        out: small(2).map((count) => count * groups),
        size: perAxis(5),
        kernel: perAxis(3),
        stride: perAxis(3),
        bias: fc.boolean(),
      });
    });
    fc.assert(
      fc.property(layer, ({ n, groups, channels, out, size, kernel, stride, bias }) => {
        const input = [n, channels, ...size];
        const { outputs, work } = ask('conv', { out, kernel, stride, padding: 1, groups, bias }, [input]);
        const [output] = outputs as [Shape];
        const macs = countByLoops(groups, kernel, input, output);
        const sums = output.reduce((total, axis) => total * axis, 1);
        expect(countMacs(work)).toBe(macs);
        expect(countOperations(work)).toEqual({ multiply: macs, add: macs + (bias ? BigInt(sums) : 0n) });
      }),
      { numRuns: 60 },
    );
  });
});
