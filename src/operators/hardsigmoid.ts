import type { Alu } from '../core/alu.ts';
import { type Value, value, ZERO } from '../core/tensor.ts';
import { activation } from './elementwise.ts';

const THREE = value(3);
const SIX = value(6);
const SIXTH = value(1 / 6);

export function hardSigmoid(x: Value, alu: Alu): Value {
  const shifted = alu.add(x, THREE);
  const least = alu.compare(shifted, ZERO) ? shifted : ZERO;
  const clipped = alu.compare(SIX, least) ? least : SIX;
  return alu.multiply(clipped, SIXTH);
}

export const hardsigmoid = activation({
  name: 'hardsigmoid',
  summary: 'Squash every element to 0 to 1 by straight lines.',
  formula: 'min(max(x + 3, 0), 6) · ⅙',
  operations: { multiply: 1, add: 1, compare: 2 },
  compute: hardSigmoid,
  source: 'Howard et al. 2019, arXiv:1905.02244, section 5.2; torch.nn.Hardsigmoid',
});
