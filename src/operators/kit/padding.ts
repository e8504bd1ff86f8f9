import type { WindowAxis } from './window.ts';

/** Σ floor((step·i + start) / divisor) for i from 0 below count; exact, in as many steps as Euclid's algorithm takes. */
function sumOfQuotients(count: bigint, divisor: bigint, step: bigint, start: bigint): bigint {
  if (count <= 0n) return 0n;
  const whole = (step / divisor) * ((count * (count - 1n)) / 2n) + (start / divisor) * count;
  const [slope, offset] = [step % divisor, start % divisor];
  const last = slope * count + offset;
  if (last < divisor) return whole;
  // The points under the line, counted from its other side.
  return whole + sumOfQuotients(last / divisor, slope, divisor, last % divisor);
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** Of all pairs of a position and a tap, how many have position·stride + tap·dilation < bound. */
function pairsBelow({ kernel, stride, dilation }: WindowAxis, positions: number, bound: number): bigint {
  const [taps, p, s, d, b] = [kernel, positions, stride, dilation, bound].map(BigInt) as [bigint, bigint, bigint, bigint, bigint];
  if (b <= 0n) return 0n;
  // Below the bound are ceil((b − tap·d) / s) positions, where that is from 0 to p.
  const some = least(taps, (b + d - 1n) / d);
  const full = b - (p - 1n) * s > 0n ? least(some, (b - (p - 1n) * s + d - 1n) / d) : 0n;
  // From the last such tap down, so that all is positive.
  const rest = some - full;
  return full * p + sumOfQuotients(rest, s, d, b - (some - 1n) * d + s - 1n);
}

/** Of all pairs of a position of the window and one of its taps, along one axis, how many fall inside and not on padding. */
const insideTaps = (axis: WindowAxis, positions: number, size: number): bigint =>
  pairsBelow(axis, positions, axis.before + size) - pairsBelow(axis, positions, axis.before);

/**
 * Of all pairs of a position and a tap, those that padding makes needless: along every axis together.
 * `positions` and `size` are of what the window moves over and of what it falls on.
 */
export function tapsOnPadding(
  axes: readonly WindowAxis[],
  positions: (axis: WindowAxis) => number,
  size: (axis: WindowAxis) => number,
): bigint {
  let all = 1n;
  let inside = 1n;
  for (const axis of axes) {
    all *= BigInt(positions(axis)) * BigInt(axis.kernel);
    inside *= insideTaps(axis, positions(axis), size(axis));
  }
  return all - inside;
}
