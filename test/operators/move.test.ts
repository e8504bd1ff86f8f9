import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementCount, type Shape } from '../../src/core/shape.ts';
import { DRAWN } from './drawn.ts';
import { ask } from './helpers.ts';

const table: Shape = [1000, 64];

const shapesOf = (attributes: object, inputs: readonly Shape[]): readonly Shape[] => ask('move', attributes, inputs).outputs;
const refusal = (attributes: object, inputs: readonly Shape[]): unknown => {
  try {
    return shapesOf(attributes, inputs);
  } catch (error) {
    return (error as { problem: { code: string; attribute?: string } }).problem;
  }
};

describe('the shape of a move', () => {
  it.each([
    ['16 rows of a table', { by: 'gather' }, [table, [1, 16]], [1, 16, 64]],
    ['names in any case', { by: 'Gather', axis: 0 }, [table, [1, 16]], [1, 16, 64]],
    ['one row', { by: 'gather', indices: 3 }, [table], [64]],
    [
      'a square of known rows',
      {
        by: 'gather',
        indices: [
          [1, 2],
          [3, 4],
        ],
      },
      [table],
      [2, 2, 64],
    ],
    ['from the last axis', { by: 'gather', axis: -1, indices: [0] }, [table], [1000, 1]],
    ['an element for each index', { by: 'gatherelements', axis: 1 }, [table, [1000, 3]], [1000, 3]],
    [
      'parts of each item',
      { by: 'gathernd', batch: 1 },
      [
        [2, 5, 7],
        [2, 3, 1],
      ],
      [2, 3, 7],
    ],
    ['classes behind', { by: 'onehot', depth: 10 }, [[1, 16]], [1, 16, 10]],
    ['repeats', { by: 'tile', repeats: [1, 4] }, [[2, 3]], [2, 12]],
    ['blocks', { by: 'depthtospace', block: 2 }, [[1, 16, 3, 5]], [1, 4, 6, 10]],
    ['the block as the shape tells', { by: 'SpaceToDepth', to: [[1, 16, 3, 5]] }, [[1, 4, 6, 10]], [1, 16, 3, 5]],
    [
      'more on one side, less on the other',
      {
        by: 'pad',
        amount: [
          [0, 0],
          [2, -1],
        ],
      },
      [[1, 6]],
      [1, 7],
    ],
    [
      'one behind the other',
      { by: 'stack' },
      [
        [2, 3],
        [2, 3],
        [2, 3],
      ],
      [3, 2, 3],
    ],
  ])('follows from its inputs: %s', (_, attributes, inputs, shape) => {
    expect(shapesOf(attributes, inputs)).toEqual([shape]);
  });

  it('may leave out axes of size 1, or have more of them', () => {
    expect(shapesOf({ by: 'gather', to: [[1, 64]] }, [table, [1, 1]])).toEqual([[1, 64]]);
    expect(shapesOf({ by: 'gather', to: [[1, 1, 16, 64]] }, [table, [16]])).toEqual([[1, 1, 16, 64]]);
  });

  it('has the batch that comes in, where it is stated for a batch of one', () => {
    expect(shapesOf({ by: 'gather', to: [[1, 16, 64]] }, [table, [8, 16]])).toEqual([[8, 16, 64]]);
    expect(refusal({ by: 'gather', to: [[1, 64]] }, [table, [16]])).toMatchObject({ code: 'STATED_SHAPE' });
  });

  it.each([
    ['other sizes', [[7, 3, 5, 11]], [1, 16]],
    ['other rows', [[1, 999, 64]], [1, 16]],
    ['as many elements, but a batch of one', [[1, 128, 64]], [8, 16]],
    [
      'two outputs',
      [
        [1, 16, 64],
        [1, 16, 64],
      ],
      [1, 16],
    ],
  ])('is not believed: %s', (_, to, ids) => {
    expect(refusal({ by: 'Gather', to }, [table, ids])).toMatchObject({ code: 'STATED_SHAPE', attribute: 'to' });
  });

  it('is refused where it has one element more, by every way to pick whose shape follows', () => {
    fc.assert(
      fc.property(DRAWN.move, ({ attributes, inputs }) => {
        const { by } = attributes as { readonly by: string };
        fc.pre(!['Other', 'fill', 'random', 'expand', 'slice', 'centercroppad', 'maxunpool'].includes(by));
        const [shape] = shapesOf(attributes, inputs) as readonly [Shape];
        fc.pre(elementCount(shape) > 0);
        const longer = shape.with(-1, (shape.at(-1) as number) + 1);
        expect(refusal({ ...attributes, to: [longer] }, inputs)).toHaveProperty('code');
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    [{ by: 'gather', diagonal: 1 }, 'UNKNOWN_KEY', 'diagonal'],
    [{ by: 'transpose' }, 'MISSING_KEY', undefined],
    [{ by: 'trilu', mode: 'left' }, 'WRONG_VALUE', 'mode'],
    [{ by: 'Im2Col' }, 'MISSING_KEY', undefined],
    [{ by: 'Im2Col', axis: 1, to: [[1]] }, 'UNKNOWN_KEY', 'axis'],
    [{ by: 'slice', start: [0, 60], step: [1, 1], to: [[1000, 5]] }, 'BOUNDS_OUTSIDE', 'start'],
  ])('%j is a mistake: %s', (attributes, code, attribute) => {
    expect(refusal(attributes, [table, ...(attributes.by === 'gather' ? [[1]] : [])])).toMatchObject({
      code,
      ...(attribute && { attribute }),
    });
  });
});

describe('an index outside of its axis', () => {
  it.each([
    [1000, table],
    [-1001, table],
    [0, [0, 64]],
  ] as const)('%i of %j is refused', (index, shape) => {
    expect(refusal({ by: 'gather', indices: [index] }, [shape])).toMatchObject({
      code: 'SHAPES_DO_NOT_FIT',
      data: { rule: `axis 0 has no element ${index}` },
    });
  });

  it.each([999, -1000])('%i of 1000 is not', (index) => {
    expect(shapesOf({ by: 'gather', indices: [index] }, [table])).toEqual([[1, 64]]);
  });
});
