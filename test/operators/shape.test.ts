import { answers, refuses } from './helpers.ts';

// Operators that give another shape, or none, to the same elements.

answers('shuffle', [{ what: 'two groups', attributes: { groups: 2 }, inputs: [[1, 116, 28, 28]], outputs: [[1, 116, 28, 28]] }]);

refuses('shuffle', [
  {
    what: 'groups that do not divide',
    attributes: { groups: 3 },
    inputs: [[1, 4, 2]],
    code: 'DOES_NOT_DIVIDE',
    blames: 'groups',
    says: '4 channels cannot be split into 3 groups',
  },
  { what: 'no channels', attributes: { groups: 1 }, inputs: [[4]], code: 'WRONG_RANK', says: 'a batch and channels' },
]);

answers('flatten', [
  { what: 'all but the batch', inputs: [[2, 512, 7, 7]], outputs: [[2, 25088]] },
  { what: 'the positions of an image', attributes: { start: 2 }, inputs: [[1, 768, 14, 14]], outputs: [[1, 768, 196]] },
  { what: 'axes in the middle', attributes: { start: 1, end: -2 }, inputs: [[1, 2, 3, 4]], outputs: [[1, 6, 4]] },
  { what: 'a single axis', inputs: [[1, 5]], outputs: [[1, 5]] },
]);

refuses('flatten', [
  { what: 'a batch alone', inputs: [[4]], code: 'AXIS_OUT_OF_RANGE', blames: 'start', says: 'no axis 1 in 4' },
  {
    what: 'an end that is not there',
    attributes: { end: 3 },
    inputs: [[1, 2, 3]],
    code: 'AXIS_OUT_OF_RANGE',
    blames: 'end',
    says: 'no axis 3',
  },
  {
    what: 'an end before the start',
    attributes: { start: 2, end: 1 },
    inputs: [[1, 2, 3]],
    code: 'CONTRADICTION',
    blames: 'start',
    says: 'starts at axis 2, after its end at axis 1',
  },
]);

answers('reshape', [
  { what: 'windows of Swin', attributes: { to: [-1, 8, 7, 8, 7, 96] }, inputs: [[2, 56, 56, 96]], outputs: [[2, 8, 7, 8, 7, 96]] },
  { what: 'every size given', attributes: { to: [1, 12] }, inputs: [[1, 3, 4]], outputs: [[1, 12]] },
  { what: 'a size that follows', attributes: { to: [2, -1] }, inputs: [[2, 3, 4]], outputs: [[2, 12]] },
]);

refuses('reshape', [
  {
    what: 'another number of elements',
    attributes: { to: [1, 11] },
    inputs: [[1, 3, 4]],
    code: 'ELEMENTS_DIFFER',
    blames: 'to',
    says: '1×3×4 has 12 elements, 1×11 would have 11',
  },
  {
    what: 'a rest that does not divide',
    attributes: { to: [-1, 5] },
    inputs: [[1, 3, 4]],
    code: 'DOES_NOT_DIVIDE',
    blames: 'to',
    says: '12 elements cannot be split',
  },
  { what: 'two rests', attributes: { to: [-1, -1] }, inputs: [[1, 4]], code: 'CONTRADICTION', blames: 'to', says: '-1 more than once' },
]);

answers('permute', [
  { what: 'channels last', attributes: { order: [0, 2, 3, 1] }, inputs: [[1, 3, 4, 5]], outputs: [[1, 4, 5, 3]] },
  { what: 'the batch too', attributes: { order: [1, 0] }, inputs: [[2, 3]], outputs: [[3, 2]] },
]);

refuses(
  'permute',
  [
    [0, 1],
    [0, 1, 1],
    [0, 1, 3],
    [0, 1, -1],
    [0, 1, 2, 3],
  ].map((order) => ({
    what: order.join(', '),
    attributes: { order },
    inputs: [[1, 2, 3]],
    code: 'NOT_A_PERMUTATION',
    blames: 'order',
    says: 'no order of 3 axes',
  })),
);

answers('pad', [
  { what: 'an image on all sides', attributes: { amount: [0, 1, 1] }, inputs: [[1, 3, 4, 4]], outputs: [[1, 3, 6, 6]] },
  {
    what: 'new channels, as shortcut A does',
    attributes: { amount: [[0, 64], 0, 0] },
    inputs: [[1, 64, 28, 28]],
    outputs: [[1, 128, 28, 28]],
  },
  {
    what: 'bottom and right, channels last',
    attributes: { amount: [[0, 3], [0, 5], 0] },
    inputs: [[1, 11, 9, 96]],
    outputs: [[1, 14, 14, 96]],
  },
]);

refuses('pad', [
  {
    what: 'too few amounts',
    attributes: { amount: [1, 1] },
    inputs: [[1, 3, 4, 4]],
    code: 'CONTRADICTION',
    blames: 'amount',
    says: '"amount" has 2 values, but 1×3×4×4 has 3 axes after the batch',
  },
  {
    what: 'an amount for the batch',
    attributes: { amount: [0, 0, 1, 1] },
    inputs: [[1, 3, 4, 4]],
    code: 'CONTRADICTION',
    blames: 'amount',
    says: '4 values',
  },
]);

answers('roll', [
  {
    what: 'the shifted windows of Swin',
    attributes: { axis: [1, 2], shift: [-3, -3] },
    inputs: [[1, 56, 56, 96]],
    outputs: [[1, 56, 56, 96]],
  },
  { what: 'one axis', attributes: { axis: -1, shift: 2 }, inputs: [[1, 5]], outputs: [[1, 5]] },
]);

refuses('roll', [
  {
    what: 'an axis that is not there',
    attributes: { axis: 4, shift: 1 },
    inputs: [[1, 5]],
    code: 'AXIS_OUT_OF_RANGE',
    blames: 'axis',
    says: 'no axis 4',
  },
  {
    what: 'an axis twice',
    attributes: { axis: [1, -1], shift: [1, 1] },
    inputs: [[1, 5]],
    code: 'CONTRADICTION',
    blames: 'axis',
    says: 'an axis twice',
  },
  {
    what: 'a shift too few',
    attributes: { axis: [1, 2], shift: 1 },
    inputs: [[1, 5, 5]],
    code: 'CONTRADICTION',
    blames: 'shift',
    says: 'roll has 2 axes, but 1 shifts',
  },
]);
