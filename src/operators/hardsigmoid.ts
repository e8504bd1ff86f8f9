import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import { type Element, elementOf, ONE, ZERO } from '../core/tensor.ts';
import { about, optional, real } from './kit/attributes.ts';
import { activation } from './kit/elementwise.ts';

const THREE = elementOf(3);
const SIX = elementOf(6);
const SIXTH = elementOf(1 / 6);

export function hardSigmoid(x: Element, alu: Alu): Element {
  const shifted = alu.add(x, THREE);
  const least = alu.compare(shifted, ZERO) ? shifted : ZERO;
  const clipped = alu.compare(SIX, least) ? least : SIX;
  return alu.multiply(clipped, SIXTH);
}

export const hardsigmoid = activation({
  name: 'hardsigmoid',
  summary: 'Squash every element to 0 to 1 by straight lines.',
  attributes: z.strictObject({
    slope: about(optional(real), 'Slope of the line; ⅙ unless given.'),
    offset: about(optional(real), 'Height of the line at 0, where a slope is given; ½ unless given.'),
  }),
  formula: 'min(max(x + 3, 0), 6) · ⅙, or min(max(slope·x + offset, 0), 1) where these are given',
  operations: { multiply: 1, add: 1, compare: 2 },
  compute(x, alu, { slope, offset = 0.5 }) {
    if (slope === undefined) return hardSigmoid(x, alu);
    const line = alu.add(alu.multiply(elementOf(slope), x), elementOf(offset));
    const least = alu.compare(line, ZERO) ? line : ZERO;
    return alu.compare(ONE, least) ? least : ONE;
  },
  derivative: {
    of: 'input',
    operations: { compare: 2, multiply: 1 },
    compute(x, g, alu, { slope = 1 / 6, offset = 0.5 }) {
      const scaled = alu.multiply(g, elementOf(slope));
      const ends = [-offset / slope, (1 - offset) / slope];
      const [isAbove, isBelow] = [alu.compare(x, elementOf(Math.min(...ends))), alu.compare(elementOf(Math.max(...ends)), x)];
      return isAbove && isBelow ? scaled : ZERO;
    },
  },
  source: 'Howard et al. 2019, arXiv:1905.02244, section 5.2; torch.nn.Hardsigmoid',
});
