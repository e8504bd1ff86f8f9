import { bytesOf, CountingAlu } from '../core/alu.ts';
import { elementCount, elements, type Shape, sameShape } from '../core/shape.ts';
import type { Element, Elements, Tensor } from '../core/tensor.ts';
import type { Weight } from '../graph/graph.ts';
import type { Operator, WeightShapes, Weights } from '../operators/kit/operator.ts';
import { operatorOf } from '../operators/registry.ts';
import { fail, ProblemError } from '../problems/problem.ts';
import { weightsOfExpert } from './experts.ts';
import type { Runnable } from './kernels.ts';

/**
 * Which elements of its weights a layer reads. Every element is a number of its own, told by the arithmetic that it is given to, and
 * by the output that it is moved to. What its kernel does not read is no parameter of the layer.
 */

/** What the kernel of a layer read. */
export interface WeightReads {
  /** Elements of weights that it read, each once. */
  readonly weights: bigint;
  /** How often it read beyond the end of a tensor. */
  readonly beyond: number;
}

/**
 * Elements of weights are the single-precision numbers whose bits count up from here, below −2^19: each is another number, and kernels
 * compute with none of them. They are in arrays like those that kernels always get, which otherwise would run slower from then on.
 */
const FIRST = 0xc9000000;
const END = 0xff800000;
const NOTHING = 0 as unknown as Element;

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** Computes nothing, and marks the elements of weights that it is given. */
class MarkingAlu extends CountingAlu {
  readonly #seen: Uint8Array;
  /** How many elements were marked. */
  #count = 0;
  /** How often it was given what is beyond the end of a tensor. */
  beyond = 0;

  constructor(count: number) {
    super();
    this.#seen = new Uint8Array(count);
  }

  get seen(): bigint {
    return BigInt(this.#count);
  }

  mark(element: Element): Element {
    const number = element as unknown as number | undefined;
    if (number === undefined || Number.isNaN(number)) {
      this.beyond++;
      return NOTHING;
    }
    float[0] = number;
    const index = (bits[0] as number) - FIRST;
    if (index >= 0 && index < this.#seen.length && this.#seen[index] === 0) {
      this.#seen[index] = 1;
      this.#count++;
    }
    return NOTHING;
  }

  #both(a: Element, b: Element): Element {
    this.mark(a);
    return this.mark(b);
  }

  override multiplyAdd(sum: Element, a: Element, b: Element): Element {
    this.mark(sum);
    return this.#both(a, b);
  }

  override multiplyAddOnPadding(sum: Element, a: Element, b: Element): Element {
    return this.multiplyAdd(sum, a, b);
  }

  override multiplyAddMasked(sum: Element, a: Element, b: Element): Element {
    return this.multiplyAdd(sum, a, b);
  }

  override compare(a: Element, b: Element): boolean {
    this.#both(a, b);
    return false;
  }

  override multiply(a: Element, b: Element): Element {
    return this.#both(a, b);
  }

  override add(a: Element, b: Element): Element {
    return this.#both(a, b);
  }

  override subtract(a: Element, b: Element): Element {
    return this.#both(a, b);
  }

  override divide(a: Element, b: Element): Element {
    return this.#both(a, b);
  }

  override power(a: Element, b: Element): Element {
    return this.#both(a, b);
  }

  override modulo(a: Element, b: Element): Element {
    return this.#both(a, b);
  }

  override remainder(a: Element, b: Element): Element {
    return this.#both(a, b);
  }

  override exp(a: Element): Element {
    return this.mark(a);
  }

  override log(a: Element): Element {
    return this.mark(a);
  }

  override sqrt(a: Element): Element {
    return this.mark(a);
  }

  override tanh(a: Element): Element {
    return this.mark(a);
  }

  override erf(a: Element): Element {
    return this.mark(a);
  }

  override sin(a: Element): Element {
    return this.mark(a);
  }

  override cos(a: Element): Element {
    return this.mark(a);
  }

  override atan(a: Element): Element {
    return this.mark(a);
  }

  override floor(a: Element): Element {
    return this.mark(a);
  }

  override ceil(a: Element): Element {
    return this.mark(a);
  }
}

const sameWeights = (a: WeightShapes, b: WeightShapes): boolean =>
  Object.keys(a).length === Object.keys(b).length &&
  Object.entries(a).every(([role, { shape }]) => b[role] !== undefined && sameShape(shape, b[role].shape));

/** The inputs with one axis of another size, where they still fit the operator and its weights stay. */
function resized(
  operator: Operator,
  attributes: unknown,
  inputs: readonly Shape[],
  axis: number,
  size: number,
): readonly Shape[] | undefined {
  const smaller = inputs.map((shape) => (axis < shape.length ? shape.with(axis, Math.min(size, shape[axis] as number)) : shape));
  try {
    operator.shapes(attributes, smaller);
    return sameWeights(operator.weights(attributes, smaller), operator.weights(attributes, inputs)) ? smaller : undefined;
  } catch (error) {
    if (error instanceof ProblemError) return undefined;
    throw error;
  }
}

/** Inputs as small as the weights allow: what is read of these does not depend on how often. */
function smallest(operator: Operator, attributes: unknown, inputs: readonly Shape[]): readonly Shape[] {
  const rank = Math.max(...inputs.map(({ length }) => length));
  let result = inputs;
  for (let axis = 0; axis < rank; axis++)
    for (let size = 1; size < Math.max(...inputs.map((shape) => shape[axis] ?? 1)); size *= 2) {
      const smaller = resized(operator, attributes, result, axis, size);
      if (smaller === undefined) continue;
      result = smaller;
      break;
    }
  return result;
}

const zeros = (shape: Shape): Tensor => ({ shape, data: new Float32Array(elementCount(shape)) as unknown as Elements });

/** Every id once. */
const allIds = (count: number): Tensor => ({
  shape: [1, count],
  data: Float32Array.from({ length: count }, (_, id) => id) as unknown as Elements,
});

/** Whether a kernel may leave rows of a table unread: those of positions that are not there. */
const isOpen = ({ lookedUp }: Weight, ids: number | undefined): boolean => lookedUp === true && ids === undefined;

/** Elements of the weights that a layer is said to hold, without tables of which positions read some rows. */
export const heldElements = ({ operator, attributes, weights }: Runnable): bigint => {
  const ids = operatorOf(operator).ids?.(attributes);
  return Object.values(weights).reduce((sum, weight) => sum + (isOpen(weight, ids) ? 0n : elements(weight.shape)), 0n);
};

/** Runs the reference kernel of a layer on inputs as small as its weights allow, and finds what it reads of them. */
export function weightReadsOf({ operator: name, attributes, inputs, weights, experts }: Runnable): WeightReads {
  const operator = operatorOf(name);
  const ids = operator.ids?.(attributes);
  let count = 0;
  const tensors = Object.entries(weights).map(([role, weight]) => {
    const first = FIRST + count;
    const isMarked = !isOpen(weight, ids);
    const length = elementCount(weight.shape);
    const data = new Float32Array(length);
    if (isMarked) {
      count += length;
      if (FIRST + count > END) throw fail('TENSOR_TOO_LARGE', { shape: weight.shape, bytes: bytesOf(weight.shape) });
      const numbers = new Uint32Array(data.buffer);
      for (let i = 0; i < length; i++) numbers[i] = first + i;
    }
    return [role, { shape: weight.shape, data: data as unknown as Elements }] as const;
  });
  const shapes = inputs.map(({ shape }) => shape);
  const small = ids === undefined ? smallest(operator, attributes, shapes).map(zeros) : [allIds(ids)];
  const alu = new MarkingAlu(count);
  const run = (own: Weights): readonly Tensor[] => operator.run(attributes, small, operator.prepare(attributes, own, alu), alu);
  const all = Object.fromEntries(tensors);
  const outputs =
    experts === undefined ? run(all) : Array.from({ length: experts.count }, (_, expert) => run(weightsOfExpert(all, expert))).flat();
  for (const { data } of outputs) for (const element of Array.from(data as ArrayLike<Element>)) alu.mark(element);
  return { weights: alu.seen, beyond: alu.beyond };
}
