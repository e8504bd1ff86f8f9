import type { Counts } from '../../core/counts.ts';
import { elementCount, type Shape } from '../../core/shape.ts';
import { numbersOf, type Tensor } from '../../core/tensor.ts';
import { OPERATIONS, type Operation } from '../../core/work.ts';
import { chunksOf, type Elements } from '../elements.ts';
import type { Exports } from './exports.ts';
import { KernelMemory } from './memory.ts';
import { type AxisOrder, Resident } from './resident.ts';

/** Where filters begin among numbers that come again and again. */
interface Filters {
  readonly numbers: number;
  readonly period: number;
  readonly start: bigint;
}

/** The WebAssembly kernels and the memory that they work in. */
export class Machine {
  readonly memory = new KernelMemory();
  readonly exports: Exports;
  #scratch: number[] = [];
  /** Whose each room is that holds a tensor. */
  readonly #owners = new Map<number, Resident>();

  constructor(module: WebAssembly.Module) {
    const { exports } = new WebAssembly.Instance(module, { env: { memory: this.memory.memory } });
    this.exports = exports as unknown as Exports;
  }

  /** A tensor whose elements are anything. */
  take(shape: Shape, layout: AxisOrder = 'channels first'): Resident {
    return this.#own(new Resident(this, shape, this.memory.take(elementCount(shape), shape), layout));
  }

  /** A tensor like another one, to be written element by element: in the memory of that one if it is spent. */
  takeOver(x: Resident, spent: readonly Tensor[]): Resident {
    return spent.includes(x) ? this.#own(new Resident(this, x.shape, x.place, x.layout)) : this.take(x.shape, x.layout);
  }

  #own(x: Resident): Resident {
    this.#owners.set(x.place, x);
    return x;
  }

  /** Gives the memory of a tensor back, unless another one has it now. */
  release(x: Resident): void {
    if (this.#owners.get(x.place) !== x) return;
    this.#owners.delete(x.place);
    this.memory.give(x.place);
  }

  /** Room for so many elements until the node has run. */
  room(elements: number): number {
    const place = this.memory.take(elements);
    this.#scratch.push(place);
    return place;
  }

  /** These numbers, until the node has run. */
  hold(numbers: Float32Array): number {
    const place = this.room(numbers.length);
    this.memory.floats(place, numbers.length).set(numbers);
    return place;
  }

  /** The same number so many times, until the node has run. */
  fill(elements: number, number: number): number {
    const place = this.room(elements);
    this.memory.floats(place, elements).fill(number);
    return place;
  }

  /** A tensor, until the node has run; 0 where there is none. */
  vector(elements: Elements | undefined): number {
    if (elements === undefined) return 0;
    const place = this.room(elementCount(elements.shape));
    this.#fillFrom(elements, place);
    return place;
  }

  /**
   * Filters of `row` elements each, until the node has run: tells where filter `first` begins. The numbers are followed by
   * their beginning, so that the elements of a filter lie together wherever it begins.
   */
  filters({ numbers, start }: Elements, row: number): (first: number) => Filters {
    const place = this.room(numbers.length + row);
    this.#fillFrom({ shape: [numbers.length + row], numbers, start: 0 }, place);
    return (first) => ({ numbers: place, period: numbers.length, start: BigInt(start + first * row) });
  }

  /** A tensor of these elements, as they lie in memory in a layout. */
  made(elements: Elements, layout: AxisOrder): Resident {
    const resident = this.take(elements.shape, layout);
    this.#fillFrom(elements, resident.place);
    return resident;
  }

  #fillFrom(elements: Elements, place: number): void {
    const floats = this.memory.floats(place, elementCount(elements.shape));
    let filled = 0;
    for (const chunk of chunksOf(elements)) {
      floats.set(chunk, filled);
      filled += chunk.length;
    }
  }

  /** A tensor that was computed elsewhere. */
  bring(tensor: Tensor, shape: Shape = tensor.shape, layout: AxisOrder = 'channels first'): Resident {
    const resident = this.take(shape, layout);
    this.memory.floats(resident.place, resident.elements).set(numbersOf(tensor));
    return resident;
  }

  /** A copy in another layout. */
  inLayout(x: Resident, layout: AxisOrder): Resident {
    const [n, channels, ...spatial] = x.shape as [number, number, ...number[]];
    const positions = elementCount(spatial);
    const y = this.take(x.shape, layout);
    const [rows, columns] = layout === 'channels last' ? [channels, positions] : [positions, channels];
    this.exports.transpose(x.place, n, rows, columns, y.place);
    return y;
  }

  /** The input in a layout, until the node has run. */
  asIn(x: Tensor, layout: AxisOrder): Resident {
    const here = x instanceof Resident ? x : this.#untilRun(this.bring(x));
    const [, channels = 1, ...spatial] = here.shape;
    if (here.layout === layout) return here;
    // With one channel or one position both orders are the same.
    if (channels === 1 || elementCount(spatial) === 1) return new Resident(this, here.shape, here.place, layout);
    return this.#untilRun(this.inLayout(here, layout));
  }

  #untilRun(x: Resident): Resident {
    this.#scratch.push(x.place);
    return x;
  }

  /** Does a part of a node's work, and gives back the room that it needed. */
  within(run: () => void): void {
    const before = this.#scratch;
    this.#scratch = [];
    try {
      run();
    } finally {
      this.finish();
      this.#scratch = before;
    }
  }

  /** Gives back what was needed only until the node has run. */
  finish(): void {
    for (const place of this.#scratch) this.memory.give(place);
    this.#scratch = [];
  }

  /** What was executed since the last time. */
  takeCounts(): Counts {
    const { macs, macsOnPadding, maskedMacs, multiplies, adds, subtracts, divides, compares, exps, tanhs, erfs, sqrts } = this.exports;
    const executed: Partial<Record<Operation, bigint>> = {
      multiply: multiplies.value + macs.value,
      add: adds.value + macs.value,
      subtract: subtracts.value,
      divide: divides.value,
      compare: compares.value,
      exp: exps.value,
      sqrt: sqrts.value,
      tanh: tanhs.value,
      erf: erfs.value,
    };
    const operations = OPERATIONS.flatMap((kind) => {
      const count = executed[kind] ?? 0n;
      return count > 0n ? [[kind, count] as const] : [];
    });
    const counts = { operations: Object.fromEntries(operations), macs: macs.value, padding: macsOnPadding.value, masked: maskedMacs.value };
    this.exports.reset();
    return counts;
  }
}
