import { answers, refuses } from './helpers.ts';

const matrix = [2, 6];

answers('arithmetic', [
  {
    what: 'a difference, broadcast',
    attributes: { operation: 'subtract' },
    inputs: [matrix, [6]],
    outputs: [matrix],
    operations: { subtract: 12 },
  },
  { what: 'a number', attributes: { operation: 'divide', number: 2 }, inputs: [matrix], outputs: [matrix], operations: { divide: 12 } },
  {
    what: 'a number first',
    attributes: { operation: 'divide', number: 2, reversed: true },
    inputs: [matrix],
    outputs: [matrix],
    operations: { divide: 12 },
  },
  {
    what: 'a power',
    attributes: { operation: 'power', number: 3 },
    inputs: [matrix],
    outputs: [matrix],
    operations: { log: 12, multiply: 12, exp: 12 },
  },
  { what: 'a square', attributes: { operation: 'square', number: 2 }, inputs: [matrix], outputs: [matrix], operations: { multiply: 12 } },
  { what: 'a square alone', attributes: { operation: 'square' }, inputs: [matrix], outputs: [matrix], operations: { multiply: 12 } },
  {
    what: 'the greatest of three',
    attributes: { operation: 'maximum' },
    inputs: [matrix, matrix, matrix],
    outputs: [matrix],
    operations: { compare: 24 },
  },
  {
    what: 'equality',
    attributes: { operation: 'equal' },
    inputs: [matrix, matrix],
    outputs: [matrix],
    operations: { subtract: 12, compare: 24 },
  },
]);

refuses('arithmetic', [
  {
    what: 'one operand',
    attributes: { operation: 'add' },
    inputs: [matrix],
    code: 'CONTRADICTION',
    blames: 'operation',
    says: 'two operands',
  },
  { what: 'shapes that do not fit', attributes: { operation: 'add' }, inputs: [matrix, [5]], code: 'SHAPES_DO_NOT_FIT', says: '2×6' },
]);

answers('pointwise', [
  { what: 'a root', attributes: { function: 'sqrt' }, inputs: [matrix], outputs: [matrix], operations: { sqrt: 12 } },
  { what: 'a tangent', attributes: { function: 'tan' }, inputs: [matrix], outputs: [matrix], operations: { sin: 12, cos: 12, divide: 12 } },
  {
    what: 'to eight bits',
    attributes: { function: 'quantize' },
    inputs: [matrix],
    outputs: [matrix],
    operations: { divide: 12, add: 24, subtract: 12, compare: 24 },
  },
]);

answers('reduce', [
  {
    what: 'a mean over rows',
    attributes: { by: 'mean', axis: 1 },
    inputs: [matrix],
    outputs: [[2, 1]],
    operations: { add: 12, divide: 2 },
  },
  {
    what: 'a length, the axis gone',
    attributes: { by: 'l2', axis: 0, keep: false },
    inputs: [matrix],
    outputs: [[6]],
    operations: { multiply: 12, add: 12, sqrt: 6 },
  },
  {
    what: 'everything',
    attributes: { by: 'max', axis: [0, 1], keep: false },
    inputs: [matrix],
    outputs: [[1]],
    operations: { compare: 12 },
  },
]);

refuses('reduce', [
  {
    what: 'an axis that is not there',
    attributes: { by: 'sum', axis: 2 },
    inputs: [matrix],
    code: 'AXIS_OUT_OF_RANGE',
    blames: 'axis',
    says: 'axis 2',
  },
]);

answers('cumsum', [{ what: 'one add each', inputs: [matrix], outputs: [matrix], operations: { add: 12 } }]);

answers('topk', [
  {
    what: 'looks for the greatest twice',
    attributes: { k: 2 },
    inputs: [matrix],
    outputs: [
      [2, 2],
      [2, 2],
    ],
    operations: { compare: 24 },
  },
]);

refuses('topk', [{ what: 'more than there are', attributes: { k: 7 }, inputs: [matrix], code: 'BOUNDS_OUTSIDE', blames: 'k', says: '7' }]);

answers('lrn', [
  {
    what: 'five neighbours',
    attributes: { size: 5 },
    inputs: [[1, 6, 2, 1]],
    outputs: [[1, 6, 2, 1]],
    operations: { multiply: 60 + 24, add: 60 + 12, log: 12, exp: 12, divide: 12 },
  },
]);

answers('move', [{ what: 'costs nothing', attributes: { by: 'tile', repeats: [2, 2] }, inputs: [[2, 3]], outputs: [[4, 6]] }]);
answers('unknown', [{ what: 'counts nothing', attributes: { operator: 'Fancy', to: [[4]] }, inputs: [matrix], outputs: [[4]] }]);
