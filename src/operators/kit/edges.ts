/** Where along an axis of so many elements a place stands that may lie beyond it. */

/** As if the axis began again at its end. */
export const around = (place: number, size: number): number => ((place % size) + size) % size;

/** At the end that is nearest. */
export const inside = (place: number, size: number): number => Math.min(Math.max(place, 0), size - 1);

/** As far inside of the last element as it was beyond. */
export function mirrored(place: number, size: number): number {
  const period = Math.max(2 * (size - 1), 1);
  const there = around(place, period);
  return there < size ? there : period - there;
}
