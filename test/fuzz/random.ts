/** Choices that follow from a seed alone, so that a case can be repeated. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 up to 1: mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }

  /** So many things at most, and at least. */
  list<T>(most: number, make: (index: number) => T, least = 0): T[] {
    return Array.from({ length: least + this.below(most - least + 1) }, (_, index) => make(index));
  }
}

/** Numbers at which things change: small ones that fit, and ends of ranges. */
export const TELLING = [0, 1, 1, 1, 2, 2, 3, 3, 4, 5, 8, 16, 64, 65, -1, -2, 100, 1000, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53];
