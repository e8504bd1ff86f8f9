import { answers, refuses } from './helpers.ts';

answers('einsum', [
  {
    what: 'queries and keys: one multiply-accumulate for each combination of letters',
    attributes: { equation: 'bhid, bhjd -> bhij' },
    inputs: [
      [2, 3, 5, 4],
      [2, 3, 7, 4],
    ],
    outputs: [[2, 3, 5, 7]],
    macs: 2 * 3 * 5 * 7 * 4,
    formula: '2×3×5×7×4',
    activations: 210,
    operations: { multiply: 840, add: 840 },
  },
  {
    what: 'three inputs: two at a time from the left',
    attributes: { equation: 'ij,jk,kl->il' },
    inputs: [
      [2, 3],
      [3, 4],
      [4, 5],
    ],
    outputs: [[2, 5]],
    macs: 2 * 3 * 4 + 2 * 4 * 5,
    formula: '2×4×3 + 2×5×4',
    activations: 8 + 10,
    operations: { multiply: 64, add: 64 },
  },
  {
    what: 'an outer product sums nothing up',
    attributes: { equation: 'i,j->ij' },
    inputs: [[2], [3]],
    outputs: [[2, 3]],
    operations: { multiply: 6 },
  },
  { what: 'a sum over one input', attributes: { equation: 'ij->i' }, inputs: [[2, 3]], outputs: [[2]], operations: { add: 6 } },
  { what: 'a transpose', attributes: { equation: 'ij->ji' }, inputs: [[2, 3]], outputs: [[3, 2]] },
  {
    what: 'an ellipsis, and an output in order of the alphabet',
    attributes: { equation: '...b,...a' },
    inputs: [
      [4, 2],
      [1, 3],
    ],
    outputs: [[4, 3, 2]],
    operations: { multiply: 24 },
  },
]);

refuses('einsum', [
  {
    what: 'sizes that differ',
    attributes: { equation: 'ij,jk->ik' },
    inputs: [
      [2, 3],
      [4, 5],
    ],
    code: 'SHAPES_DO_NOT_FIT',
    blames: 'equation',
    says: 'same letter',
  },
  {
    what: 'a term too few',
    attributes: { equation: 'ij->i' },
    inputs: [
      [2, 3],
      [4, 5],
    ],
    code: 'CONTRADICTION',
    blames: 'equation',
    says: '2 inputs',
  },
  {
    what: 'a letter from nowhere',
    attributes: { equation: 'ij->k' },
    inputs: [[2, 3]],
    code: 'CONTRADICTION',
    blames: 'equation',
    says: '"k"',
  },
  {
    what: 'axes that it does not name',
    attributes: { equation: 'i->i' },
    inputs: [[2, 3]],
    code: 'CONTRADICTION',
    blames: 'equation',
    says: '1 axes',
  },
  { what: 'signs', attributes: { equation: 'i+j->i' }, inputs: [[2, 3]], code: 'CONTRADICTION', blames: 'equation', says: 'letters' },
]);
