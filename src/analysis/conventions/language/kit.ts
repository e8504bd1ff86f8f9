import { operatorNames } from '../../../operators/registry.ts';
import { each, type Rule, type Rules, rulesFor } from '../convention.ts';
import { withoutProducts } from '../without-products.ts';

// Rules of language models are about parameters times tokens, about products, or both; not about kinds of operator.

/** What is counted for a part of a network, and where the rule stands. */
type Part = Pick<Rule, 'count' | 'says'>;

/** The same for every operator: what its parameters cost for each token. */
export const everywhere = (rule: Rule): Rules => Object.fromEntries(operatorNames.map((name) => [name, rule])) as Rules;

const together = (first: Part, second: Part): Part => ({
  count: `${first.count} + ${second.count}`,
  says: `${first.says}; ${second.says}`,
});

/** Operators that multiply what flows with what flows; `attention` with its own weights beside that. */
const amongThemselves = (attention: Part, withWeights: Part, where: string) => ({
  ...each({ ...attention, where }, 'sdpa', 'matmul', 'einsum', 'dynamicconv'),
  attention: { ...together(withWeights, attention), where },
});

/** Products with weights, and those of attention; nothing for operators that multiply no matrices. */
export const products = (withWeights: Part, attention: Part, where: string): Rules =>
  rulesFor({
    ...withoutProducts,
    ...each({ ...withWeights, where }, 'conv', 'convtranspose', 'deformconv', 'linear', 'recurrent'),
    ...amongThemselves(attention, withWeights, where),
  });

/** What every operator’s parameters cost for each token, and the products of attention. */
export const parametersAndAttention = (parameters: Part, attention: Part, where: string): Rules => ({
  ...everywhere({ ...parameters, where }),
  // What attention has of its own, such as sinks, counts too.
  ...amongThemselves({ ...attention, count: together(parameters, attention).count }, parameters, where),
  attention: { ...together(parameters, attention), where },
});

export const PER_WEIGHT: Part = { count: '6 * projections', says: '6 per weight and token' };
export const PER_PARAMETER: Part = { count: '6 * active * tokens', says: '6 per parameter and token' };
export const WHOLE_ATTENTION: Part = { count: '6 * products', says: 'all products of attention' };
export const WINDOWED_ATTENTION: Part = { count: '6 * products * reach // keys', says: 'all products of attention within its window' };
export const CAUSAL_ATTENTION: Part = {
  count: '3 * products * reach // keys',
  says: 'half of the products of attention within its window, as causal',
};
