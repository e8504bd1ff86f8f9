import type { Alu } from '../../core/alu.ts';
import { type Element, ONE, wholeOf } from '../../core/tensor.ts';

/** An element along an axis, maybe beyond it, and its share. */
export interface Tap {
  readonly place: number;
  readonly share: Element;
}

/** The two neighbours of a place between elements, each with the share of its nearness: an add and three subtracts. */
export function linearTaps(place: Element, alu: Alu): readonly [Tap, Tap] {
  const first = alu.floor(place);
  const rest = alu.subtract(place, first);
  return [
    { place: wholeOf(first), share: alu.subtract(ONE, rest) },
    { place: wholeOf(first) + 1, share: rest },
  ];
}
