/** Exact counts as people read them. */

const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
const UNITS = PREFIXES.map((_, power) => 1000n ** BigInt(power));

/** `4,089,184,256` */
export const exact = (count: bigint): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** A quotient of integers with a fixed number of decimals, halves rounded away from zero. */
export function decimal(numerator: bigint, denominator: bigint, decimals: number): string {
  const scale = 10n ** BigInt(decimals);
  const [n, d] = [numerator < 0n ? -numerator : numerator, denominator < 0n ? -denominator : denominator];
  const rounded = (2n * n * scale + d) / (2n * d);
  const sign = numerator < 0n !== denominator < 0n && rounded > 0n ? '-' : '';
  const digits = String(rounded).padStart(decimals + 1, '0');
  return `${sign}${digits.slice(0, digits.length - decimals)}${decimals > 0 ? `.${digits.slice(-decimals)}` : ''}`;
}

/** `4.09 G`, `118.01 M`; below a thousand the count itself. */
export function readable(count: bigint): string {
  const magnitude = count < 0n ? -count : count;
  const power = Math.min(Math.floor((String(magnitude).length - 1) / 3), PREFIXES.length - 1);
  if (power === 0) return String(count);
  const text = decimal(count, UNITS[power] as bigint, 2);
  // 999,999 rounds to a thousand of the smaller unit, which is one of the next.
  const isFull = text.endsWith('1000.00') && power < PREFIXES.length - 1;
  return isFull ? `${text.replace('1000.00', '1.00')} ${PREFIXES[power + 1]}` : `${text} ${PREFIXES[power]}`;
}

/** `4.09 GMAC`: a readable count with its unit. */
export const withUnit = (count: bigint, unit: string): string => {
  const text = readable(count);
  return text.includes(' ') ? `${text}${unit}` : `${text} ${unit}`;
};

/** `9.63 MB`, or `9,633,792 B` to the last digit. */
export const byteFormat = ({ exact: isExact }: NumberOptions): NumberFormat =>
  isExact === true ? (count) => `${exact(count)} B` : (count) => withUnit(count, 'B');

/** A share of a whole as `2.89%`. */
export const percent = (part: bigint, whole: bigint): string => (whole === 0n ? '–' : `${decimal(100n * part, whole, 2)}%`);

/** How counts are written: readable, or to the last digit. */
export type NumberFormat = (count: bigint) => string;

export interface NumberOptions {
  /** Whole integers in place of readable ones. */
  readonly exact?: boolean;
}

export const numberFormat = (options: NumberOptions): NumberFormat => (options.exact === true ? exact : readable);
