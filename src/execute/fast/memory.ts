import type { Shape } from '../../core/shape.ts';
import { fail } from '../../problems/problem.ts';

const PAGE = 65_536;
/** WebAssembly can address no more. */
const MAX_PAGES = 65_536;
/** A vector of four lanes. */
const ALIGNMENT = 16;
/** The module keeps what it needs for itself below. */
const FIRST = 1024;

interface Gap {
  start: number;
  end: number;
}

/** The memory that kernels work in: rooms are taken and given back. Places and sizes in bytes. */
export class KernelMemory {
  readonly memory = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES });
  /** What is free, in order. The last one ends where the memory ends now. */
  #gaps: readonly Gap[] = [{ start: FIRST, end: PAGE }];
  readonly #sizes = new Map<number, number>();

  /**
   * Room for so many elements of 4 bytes; what is in it is anything.
   * @throws ProblemError where there is no such room.
   */
  take(elements: number, shape: Shape = [elements]): number {
    const size = Math.max(Math.ceil((4 * elements) / ALIGNMENT), 1) * ALIGNMENT;
    const gap = this.#gaps.find(({ start, end }) => end - start >= size) ?? this.#grow(size, shape);
    const place = gap.start;
    gap.start += size;
    this.#sizes.set(place, size);
    return place;
  }

  /** Gives a room back. */
  give(place: number): void {
    const gap = { start: place, end: place + (this.#sizes.get(place) as number) };
    this.#sizes.delete(place);
    const joined: Gap[] = [];
    for (const next of [...this.#gaps, gap].sort((a, b) => a.start - b.start || a.end - b.end)) {
      const last = joined.at(-1);
      if (last?.end === next.start) last.end = next.end;
      else joined.push(next);
    }
    this.#gaps = joined;
  }

  /** The elements at a place, as they are now; the memory may grow, so take this anew after anything was taken. */
  floats(place: number, elements: number): Float32Array {
    return new Float32Array(this.memory.buffer, place, elements);
  }

  integers(place: number, elements: number): Int32Array {
    return new Int32Array(this.memory.buffer, place, elements);
  }

  #grow(size: number, shape: Shape): Gap {
    const last = this.#gaps.at(-1) as Gap;
    const pages = Math.ceil((size - (last.end - last.start)) / PAGE);
    try {
      this.memory.grow(pages);
    } catch (error) {
      if (error instanceof RangeError || error instanceof TypeError) throw fail('TENSOR_TOO_LARGE', { shape, bytes: BigInt(size) });
      throw error;
    }
    last.end += pages * PAGE;
    return last;
  }
}
