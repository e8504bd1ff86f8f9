import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Shape } from '../../src/core/shape.ts';
import type { Operation } from '../../src/core/work.ts';
import type { OperatorName } from '../../src/operators/registry.ts';
import { answers, ask, problemOf, refuses } from './helpers.ts';

const PER_ELEMENT: readonly (readonly [OperatorName, object, Partial<Record<Operation, number>>])[] = [
  ['relu', {}, { compare: 1 }],
  ['relu6', {}, { compare: 2 }],
  ['leakyrelu', { slope: 0.2 }, { compare: 1, multiply: 1 }],
  ['elu', { alpha: 2 }, { compare: 1, exp: 1, subtract: 1, multiply: 1 }],
  ['gelu', {}, { multiply: 3, add: 1, erf: 1 }],
  ['gelu', { approximate: 'tanh' }, { multiply: 6, add: 2, tanh: 1 }],
  ['sigmoid', {}, { subtract: 1, exp: 1, add: 1, divide: 1 }],
  ['silu', {}, { subtract: 1, exp: 1, add: 1, divide: 1, multiply: 1 }],
  ['tanh', {}, { tanh: 1 }],
  ['hardsigmoid', {}, { add: 1, compare: 2, multiply: 1 }],
  ['hardswish', {}, { add: 1, compare: 2, multiply: 2 }],
  ['softmax', {}, { compare: 1, subtract: 1, exp: 1, add: 1, divide: 1 }],
  ['softmax', { axis: 1 }, { compare: 1, subtract: 1, exp: 1, add: 1, divide: 1 }],
];

for (const [name, attributes, operations] of PER_ELEMENT)
  answers(
    name,
    [
      [2, 10],
      [1, 4, 5],
      [1, 3, 4, 5],
      [1, 2, 3, 4, 5],
    ].map((shape) => ({
      what: `${JSON.stringify(attributes)} on ${shape.join('×')}`,
      attributes,
      inputs: [shape],
      outputs: [shape],
      operations: Object.fromEntries(Object.entries(operations).map(([kind, times]) => [kind, times * shape.reduce((a, b) => a * b, 1)])),
    })),
  );

answers('prelu', [
  {
    what: 'one slope for all',
    inputs: [[1, 3, 2, 2]],
    outputs: [[1, 3, 2, 2]],
    weights: { slope: [1] },
    parameters: 1,
    operations: { compare: 12, multiply: 12 },
  },
  {
    what: 'one slope per channel',
    attributes: { shared: false },
    inputs: [[1, 3, 2, 2]],
    outputs: [[1, 3, 2, 2]],
    weights: { slope: [3] },
    parameters: 3,
    operations: { compare: 12, multiply: 12 },
  },
]);

refuses('prelu', [{ what: 'no channels', attributes: { shared: false }, inputs: [[4]], code: 'WRONG_RANK', says: 'a batch and channels' }]);

refuses('softmax', [
  {
    what: 'an axis that is not there',
    attributes: { axis: 2 },
    inputs: [[1, 10]],
    code: 'AXIS_OUT_OF_RANGE',
    blames: 'axis',
    says: 'no axis 2 in 1×10',
  },
  {
    what: 'an axis before the first',
    attributes: { axis: -3 },
    inputs: [[1, 10]],
    code: 'AXIS_OUT_OF_RANGE',
    blames: 'axis',
    says: 'no axis -3',
  },
  { what: 'a scalar', inputs: [[]], code: 'WRONG_RANK', says: 'at least a batch axis' },
]);

answers('add', [
  {
    what: 'a shortcut',
    inputs: [
      [1, 256, 56, 56],
      [1, 256, 56, 56],
    ],
    outputs: [[1, 256, 56, 56]],
    operations: { add: 802816 },
  },
  {
    what: 'three branches: two adds per element',
    inputs: [
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ],
    outputs: [[1, 2, 3]],
    operations: { add: 12 },
  },
  {
    what: 'a bias over windows',
    inputs: [
      [64, 3, 49, 49],
      [1, 3, 49, 49],
    ],
    outputs: [[64, 3, 49, 49]],
    operations: { add: 460992 },
  },
]);

answers('multiply', [
  {
    what: 'squeeze and excitation: one scale per channel',
    inputs: [
      [1, 16, 8, 8],
      [1, 16, 1, 1],
    ],
    outputs: [[1, 16, 8, 8]],
    operations: { multiply: 1024 },
  },
  {
    what: 'both sides broadcast',
    inputs: [
      [1, 4, 1],
      [1, 1, 5],
    ],
    outputs: [[1, 4, 5]],
    operations: { multiply: 20 },
  },
]);

for (const name of ['add', 'multiply'] as const)
  refuses(name, [
    { what: 'a single input', inputs: [[1, 2]], code: 'WRONG_INPUT_COUNT', says: `${name} takes 2 inputs or more, but gets 1` },
    {
      what: 'sizes that differ',
      inputs: [
        [1, 64, 56, 56],
        [1, 256, 56, 56],
      ],
      code: 'SHAPES_DO_NOT_FIT',
      says: `${name} cannot join 1×64×56×56 and 1×256×56×56`,
    },
  ]);

describe('broadcasting', () => {
  const shape = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 });

  /** By NumPy's words: index i of the result reads index i of an input, or 0 where the input has size 1 or no such axis. */
  const byEnumeration = (shapes: readonly Shape[]): Shape | undefined => {
    const rank = Math.max(...shapes.map(({ length }) => length));
    const result = Array.from(
      { length: rank },
      (_, axis) => new Set(shapes.map((s) => s[s.length - rank + axis] ?? 1).filter((size) => size !== 1)),
    );
    return result.every(({ size }) => size <= 1) ? result.map((sizes) => [...sizes][0] ?? 1) : undefined;
  };

  it('joins any number of tensors, in any order', () => {
    fc.assert(
      fc.property(fc.array(shape, { minLength: 2, maxLength: 4 }), (shapes) => {
        const expected = byEnumeration(shapes);
        for (const inputs of [shapes, shapes.toReversed()])
          if (expected === undefined) expect(problemOf('add', {}, inputs).problem.code).toBe('SHAPES_DO_NOT_FIT');
          else expect(ask('add', {}, inputs).outputs).toEqual([expected]);
      }),
    );
  });
});
