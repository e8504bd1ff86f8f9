import { elementCount, type Shape } from '../../core/shape.ts';
import { type Elements, type Tensor, tensorOf } from '../../core/tensor.ts';
import type { Machine } from './machine.ts';

/** The order of axes in memory: as the shape has them, or the channels, axis 1, innermost. */
export type AxisOrder = 'channels first' | 'channels last';

/** A tensor in the memory of WebAssembly. */
export class Resident implements Tensor {
  readonly shape: Shape;
  readonly place: number;
  readonly layout: AxisOrder;
  readonly #machine: Machine;

  constructor(machine: Machine, shape: Shape, place: number, layout: AxisOrder) {
    this.#machine = machine;
    this.shape = shape;
    this.place = place;
    this.layout = layout;
  }

  get elements(): number {
    return elementCount(this.shape);
  }

  /** The sizes in the order in which they lie in memory. */
  get shapeInMemory(): Shape {
    const [n, channels, ...spatial] = this.shape as [number, number, ...number[]];
    return this.layout === 'channels last' ? [n, ...spatial, channels] : this.shape;
  }

  /** A copy of what lies in memory, in that order. */
  inMemory(): Tensor {
    return tensorOf(this.shapeInMemory, this.#machine.memory.floats(this.place, this.elements));
  }

  /** A copy of its elements in the order of its shape. To be asked for before the tensor is released. */
  get data(): Elements {
    if (this.layout === 'channels first') return this.inMemory().data;
    const first = this.#machine.inLayout(this, 'channels first');
    const { data } = first.inMemory();
    this.#machine.memory.give(first.place);
    return data;
  }
}
