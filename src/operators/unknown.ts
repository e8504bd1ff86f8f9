import * as z from 'zod/mini';
import { fail } from '../problems/problem.ts';
import { about, anyShapes, text, withDefault } from './kit/attributes.ts';
import { defineOperator, learned } from './kit/operator.ts';

export const unknown = defineOperator({
  name: 'unknown',
  summary:
    'A layer of another format whose operator is not known, with the shapes of its outputs: it counts nothing but the weights that it holds, and cannot be run.',
  attributes: z.strictObject({
    operator: about(text, 'Its name in the other format.'),
    domain: about(withDefault(text, ''), 'The domain of that name.'),
    to: about(anyShapes, 'Shapes of the outputs.'),
    holds: about(withDefault(anyShapes, []), 'Shapes of the weights.'),
  }),
  rule: 'Not known, so nothing is counted.',
  source: 'None: what is not known is listed.',
  inputs: { min: 1, max: Number.POSITIVE_INFINITY },
  shape: ({ to }) => to,
  reach: () => 'stated',
  weights: ({ holds }) => Object.fromEntries(holds.map((shape, index) => [`weight${index}`, learned(shape)])),
  window: () => 'apart',
  gradient: { none: 'the operator is not known' },
  run({ operator, domain }) {
    throw fail('NO_KERNEL', { operator: domain === '' ? operator : `${domain}.${operator}` });
  },
});
