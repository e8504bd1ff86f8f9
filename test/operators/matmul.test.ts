import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countMacs } from '../../src/core/work.ts';
import { answers, ask, refuses } from './helpers.ts';

answers('matmul', [
  {
    what: 'scores of attention: heads×L×dk×L',
    attributes: { transpose: true },
    inputs: [
      [1, 12, 197, 64],
      [1, 12, 197, 64],
    ],
    outputs: [[1, 12, 197, 197]],
    macs: 29805312,
    formula: '1×12×197×64×197',
    activations: 465708,
    operations: { multiply: 29805312, add: 29805312 },
  },
  {
    what: 'two matrices',
    inputs: [
      [2, 3],
      [3, 5],
    ],
    outputs: [[2, 5]],
    macs: 30,
    formula: '2×3×5',
    activations: 10,
    operations: { multiply: 30, add: 30 },
  },
  {
    what: 'a stack times one matrix',
    inputs: [
      [4, 2, 3],
      [3, 5],
    ],
    outputs: [[4, 2, 5]],
    macs: 120,
    formula: '4×2×3×5',
    activations: 40,
    operations: { multiply: 120, add: 120 },
  },
  {
    what: 'leading axes that broadcast both ways',
    inputs: [
      [2, 1, 3, 4],
      [1, 5, 4, 6],
    ],
    outputs: [[2, 5, 3, 6]],
    macs: 720,
    formula: '2×5×3×4×6',
    activations: 180,
    operations: { multiply: 720, add: 720 },
  },
]);

refuses('matmul', [
  { what: 'one input', inputs: [[1, 2, 3]], code: 'WRONG_INPUT_COUNT', says: 'matmul takes 2 inputs, but gets 1' },
  { what: 'a vector', inputs: [[1, 3], [3]], code: 'WRONG_RANK', says: 'two matrices' },
  {
    what: 'inner sizes that differ',
    inputs: [
      [1, 2, 3],
      [1, 4, 5],
    ],
    code: 'SHAPES_DO_NOT_FIT',
    says: 'the last axis of the first must equal the last but one of the second',
  },
  {
    what: 'inner sizes that differ, transposed',
    attributes: { transpose: true },
    inputs: [
      [1, 2, 3],
      [1, 3, 5],
    ],
    code: 'SHAPES_DO_NOT_FIT',
    says: 'must equal the last of the second',
  },
  {
    what: 'leading axes that do not broadcast',
    inputs: [
      [2, 2, 3],
      [3, 3, 5],
    ],
    code: 'SHAPES_DO_NOT_FIT',
    says: '2×2×3 and 3×3×5',
  },
]);

describe('matmul', () => {
  const size = fc.integer({ min: 1, max: 5 });
  it('counts what four loops do, transposed or not', () => {
    fc.assert(
      fc.property(size, size, size, size, fc.boolean(), (n, rows, inner, columns, transpose) => {
        let products = 0n;
        for (let b = 0; b < n; b++)
          for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) for (let k = 0; k < inner; k++) products++;
        const second = transpose ? [n, columns, inner] : [n, inner, columns];
        const { outputs, work } = ask('matmul', { transpose }, [[n, rows, inner], second]);
        expect(outputs).toEqual([[n, rows, columns]]);
        expect(countMacs(work)).toBe(products);
      }),
    );
  });
});
