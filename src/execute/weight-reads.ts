import type { Alu } from '../core/alu.ts';
import { countOf, elements, type Shape, sameShape } from '../core/shape.ts';
import type { Tensor, Value, Values } from '../core/tensor.ts';
import type { Weight } from '../graph/graph.ts';
import type { Operator, WeightShapes, Weights } from '../operators/kit/operator.ts';
import { operatorOf } from '../operators/registry.ts';
import { ProblemError } from '../problems/problem.ts';
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

/** Elements of weights count down from here: no kernel computes with such numbers. */
const FIRST = -(2 ** 30);
const NOTHING = 0 as unknown as Value;

/** Which elements have been read. */
class Marks {
  readonly #seen: Uint8Array;
  beyond = 0;

  constructor(count: number) {
    this.#seen = new Uint8Array(count);
  }

  /** Marks an element of a weight; one that is not there was read beyond the end of its tensor. */
  mark(element: Value): void {
    const number = element as unknown as number | undefined;
    if (number === undefined || Number.isNaN(number)) this.beyond++;
    else if (number <= FIRST) this.#seen[FIRST - number] = 1;
  }

  get count(): bigint {
    let count = 0;
    for (const one of this.#seen) count += one;
    return BigInt(count);
  }
}

/** Arithmetic that computes nothing, and marks what it is given. */
function markingAlu(marks: Marks): Alu {
  const one = (a: Value): Value => {
    marks.mark(a);
    return NOTHING;
  };
  const two = (a: Value, b: Value): Value => {
    marks.mark(a);
    return one(b);
  };
  const three = (sum: Value, a: Value, b: Value): Value => {
    marks.mark(sum);
    return two(a, b);
  };
  return {
    multiply: two,
    add: two,
    subtract: two,
    divide: two,
    power: two,
    modulo: two,
    remainder: two,
    multiplyAdd: three,
    multiplyAddOnPadding: three,
    multiplyAddMasked: three,
    exp: one,
    log: one,
    sqrt: one,
    tanh: one,
    erf: one,
    sin: one,
    cos: one,
    atan: one,
    floor: one,
    ceil: one,
    compare(a, b) {
      two(a, b);
      return false;
    },
    // With room for the numbers of elements: kernels move some of them to their outputs as they are.
    zeros: (shape) => ({ shape, data: new Float64Array(countOf(shape)) as unknown as Values }),
  };
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

const zeros = (shape: Shape): Tensor => ({ shape, data: new Uint8Array(countOf(shape)) as unknown as Values });

/** Every id once. */
const allIds = (count: number): Tensor => ({
  shape: [1, count],
  data: Int32Array.from({ length: count }, (_, id) => id) as unknown as Values,
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
    const first = FIRST - count;
    const isMarked = !isOpen(weight, ids);
    const length = countOf(weight.shape);
    if (isMarked) count += length;
    const data = new Int32Array(length);
    if (isMarked) for (let i = 0; i < length; i++) data[i] = first - i;
    return [role, { shape: weight.shape, data: data as unknown as Values }] as const;
  });
  const shapes = inputs.map(({ shape }) => shape);
  const small = ids === undefined ? smallest(operator, attributes, shapes).map(zeros) : [allIds(ids)];
  const marks = new Marks(count);
  const alu = markingAlu(marks);
  const run = (own: Weights): readonly Tensor[] => operator.run(attributes, small, operator.prepare(attributes, own, alu), alu);
  const all = Object.fromEntries(tensors);
  const outputs =
    experts === undefined ? run(all) : Array.from({ length: experts.count }, (_, expert) => run(weightsOfExpert(all, expert))).flat();
  for (const { data } of outputs) for (const element of Array.from(data as ArrayLike<Value>)) marks.mark(element);
  return { weights: marks.count, beyond: marks.beyond };
}
