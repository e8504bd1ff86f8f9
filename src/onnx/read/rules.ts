import { attending, attendingOfMicrosoft } from '../families/attention/read.ts';
import { attendingByState } from '../families/attention/runtimes.ts';
import { fused } from '../families/contrib/fused.ts';
import { contrib, rmsNormalisation } from '../families/contrib/read.ts';
import { elementwise } from '../families/elementwise/read.ts';
import { experts } from '../families/experts/read.ts';
import { legacy } from '../families/legacy/read.ts';
import { losses } from '../families/losses/read.ts';
import { moving } from '../families/moving/read.ts';
import { normalisation } from '../families/normalisation/read.ts';
import { pooling } from '../families/pooling/read.ts';
import { products } from '../families/products/read.ts';
import { recurrence } from '../families/recurrent/read.ts';
import { reductions } from '../families/reductions/read.ts';
import { sequences } from '../families/sequences/read.ts';
import { shapes } from '../families/shapes/read.ts';
import { spectra, spectraOfMicrosoft } from '../families/spectra/read.ts';
import { unknownWork } from '../families/uncounted/read.ts';
import type { ReadRule, ReadRules } from './call.ts';

const STANDARD: ReadRules = {
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
  ...attending,
  ...spectra,
  ...legacy,
  RMSNormalization: rmsNormalisation,
  // onnxruntime writes these in the standard domain.
  SimplifiedLayerNormalization: rmsNormalisation,
};

/** Operators by their domain, and by their names in it. */
const RULES: Readonly<Record<string, ReadRules>> = {
  '': STANDARD,
  'com.microsoft': { ...contrib, ...fused, ...attendingOfMicrosoft, ...attendingByState, ...experts, ...spectraOfMicrosoft },
};

/** What an operator means; `undefined` where that is not known. */
export function ruleOf(domain: string, operator: string): ReadRule | undefined {
  const rules = Object.hasOwn(RULES, domain) ? RULES[domain] : undefined;
  return rules !== undefined && Object.hasOwn(rules, operator) ? rules[operator] : undefined;
}
