import { type OperatorName, operatorNames } from '../../operators/registry.ts';
import { type Convention, OPERATIONS_UNIT, type Rule } from './convention.ts';

const every: Rule = { count: 'operations', says: 'every scalar operation' };

/** All that runs. */
export const operations: Convention = {
  name: 'operations',
  summary: 'Every scalar operation that a layer executes, of whatever kind.',
  unit: OPERATIONS_UNIT,
  isUnpublished: true,
  rules: Object.fromEntries(operatorNames.map((name) => [name, every])) as Record<OperatorName, Rule>,
};
