import type { CheckedLimit } from '../../analysis/check/result.ts';
import { decimal, exact } from '../kit/number.ts';

/** Amounts of limits, as people read them: exact, since what is over by one must be seen to be. */

type Amount = bigint | number;

/** Decimals of a percentage: two, or as many as it takes to see that it is not nothing. */
const percentText = (value: number): string => `${Math.abs(value) >= 0.01 || value === 0 ? Number(value.toFixed(2)) : value}%`;

const magnitude = (value: Amount): Amount => (value < 0 ? -value : value);

/** `4,089,184,256`, `2,048 bytes` or `12.5%` */
export function amountText(value: Amount, unit: CheckedLimit['unit']): string {
  if (typeof value === 'number') return percentText(value);
  return unit === 'bytes' ? `${exact(value)} bytes` : exact(value);
}

/** By how much a limit is passed, in itself and in percent of it: `89,184,256 (2.23%)`; percent by percentage points. */
export function overText({ over, limit, unit }: Pick<CheckedLimit, 'over' | 'limit' | 'unit'>): string {
  const amount = magnitude(over);
  if (typeof amount === 'number' || typeof limit === 'number') return `${percentText(Number(amount)).slice(0, -1)} percentage points`;
  return limit === 0n ? amountText(amount, unit) : `${amountText(amount, unit)} (${decimal(100n * amount, limit, 2)}%)`;
}

/** What is limited, and of which part: `MACs`, `MACs of conv3_x`. */
export const subjectText = ({ label, scope }: Pick<CheckedLimit, 'label' | 'scope'>): string =>
  scope === undefined ? label : `${label} of ${scope}`;

/** Where a limit stands: `nets/small.yaml:4:9`, or the option that set it. */
export const placeText = ({ position, origin }: Pick<CheckedLimit, 'position' | 'origin'>): string =>
  position === undefined ? origin : `${position.file}:${position.line}:${position.column}`;

/** What changed, with its sign: `+1,024 (+2.50%)`, `-1,024 (-2.50%)`; without percent where there was nothing. */
export function changeText(before: bigint, after: bigint): string {
  const difference = after - before;
  const sign = difference > 0n ? '+' : '';
  return `${sign}${exact(difference)}${before === 0n ? '' : ` (${sign}${decimal(100n * difference, before, 2)}%)`}`;
}
