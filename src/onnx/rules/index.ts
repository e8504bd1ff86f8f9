import type { Rule, Rules } from '../call.ts';
import { elementwise } from './elementwise.ts';
import { losses } from './losses.ts';
import { moving } from './moving.ts';
import { normalisation } from './normalisation.ts';
import { pooling } from './pooling.ts';
import { products } from './products.ts';
import { recurrence } from './recurrent.ts';
import { reductions } from './reductions.ts';
import { sequences } from './sequences.ts';
import { shapes } from './shapes.ts';
import { unknownWork } from './uncounted.ts';

const STANDARD: Rules = {
  ...shapes,
  ...elementwise,
  ...moving,
  ...products,
  ...normalisation,
  ...pooling,
  ...reductions,
  ...recurrence,
  ...losses,
  ...sequences,
  ...unknownWork,
};

/** Operators by their domain, and by their names in it. */
const RULES: Readonly<Record<string, Rules>> = { '': STANDARD };

/** What an operator means; `undefined` where that is not known. */
export function ruleOf(domain: string, operator: string): Rule | undefined {
  const rules = Object.hasOwn(RULES, domain) ? RULES[domain] : undefined;
  return rules !== undefined && Object.hasOwn(rules, operator) ? rules[operator] : undefined;
}
