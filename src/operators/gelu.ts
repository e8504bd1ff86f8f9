import * as z from 'zod/mini';
import { each, elementFactors } from '../core/work.ts';
import { oneOf, withDefault } from './attributes.ts';
import { defineOperator } from './operator.ts';

const OPERATIONS = {
  none: { multiply: 3, add: 1, erf: 1 },
  tanh: { multiply: 6, add: 2, tanh: 1 },
} as const;

export const gelu = defineOperator({
  name: 'gelu',
  summary: 'Weight every element by the normal distribution up to it, exactly or approximated by tanh.',
  attributes: z.strictObject({ approximate: withDefault(oneOf('none', 'tanh'), 'none') }),
  rule: '0.5·x·(1 + erf(x·√½)): three multiplies, one add and one erf per element; approximated, 0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x·x·x))): six multiplies, two adds and one tanh.',
  source: 'Hendrycks and Gimpel 2016, arXiv:1606.08415; torch.nn.GELU',
  shape: (_, [x]) => x,
  work: ({ approximate }, [x]) => [each(OPERATIONS[approximate], elementFactors(x))],
});
