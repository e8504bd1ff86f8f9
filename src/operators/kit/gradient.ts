import type { Alu } from '../../core/alu.ts';
import { broadcastOffset, eachPlace, type Place } from '../../core/places.ts';
import { elementCount, type Shape } from '../../core/shape.ts';
import { type Element, elementOf, type Tensor, wholeOf, ZERO } from '../../core/tensor.ts';
import { each, elementFactors, type Term, type Work } from '../../core/work.ts';

/** Which gradients of a layer are asked for. */
export interface Needs {
  /** For each input, whether something before it learns. */
  readonly inputs: readonly boolean[];
  /** For each weight, whether it is trained. */
  readonly weights: Readonly<Record<string, boolean>>;
}

/** The type of what is kept: that of the network's elements, or one of its own whatever that is; that of a mask depends on the device. */
export type SavedType = 'element' | 'mask' | 'float32' | 'int64';

/** One tensor that is kept from the forward pass until the gradient is computed. Weights are there anyway. */
export type Saved =
  /** An input or output; `as` where it is kept in another shape, which takes a copy if its elements lie apart. */
  | { readonly what: 'input' | 'output'; readonly index: number; readonly as?: Shape }
  | { readonly what: 'mask' | 'statistics' | 'indices' | 'between'; readonly shape: Shape; readonly type: SavedType }
  /** A table that all layers with the same key share. */
  | { readonly what: 'table'; readonly key: string; readonly shape: Shape; readonly type: SavedType };

/** How the elements of a tensor lie in memory: for each axis, how far apart neighbours are. */
export interface MemoryLayout {
  readonly shape: Shape;
  readonly strides: readonly number[];
}

/** What the gradients of a layer are computed from. */
export interface Pass {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly weights: Weights;
  /** Of the outputs. */
  readonly gradients: readonly Tensor[];
  /** Which gradients are asked for; no other is computed. */
  readonly needs: Needs;
}

/** What backward kernels compute with: operations for gradients of inputs, and of what lies between, are counted apart from those for weights. */
export interface Alus {
  readonly inputs: Alu;
  readonly weights: Alu;
  /** For what the forward pass has kept: it is computed again, and does not count. */
  readonly kept: Alu;
}

/** What comes of it: gradients of those inputs and weights that have one. */
export interface Gradients {
  readonly inputs: readonly (Tensor | undefined)[];
  readonly weights: Readonly<Record<string, Tensor>>;
}

/** The gradients of a layer that are asked for. */
interface Backwards<A> {
  run(attributes: A, pass: Pass, alus: Alus): Gradients;
}
export type Backward<A> = Backwards<A>['run'];

interface Forwards<A> {
  run(attributes: A, inputs: readonly Tensor[], weights: Weights, alu: Alu): readonly Tensor[];
}
type Forward<A> = Forwards<A>['run'];

/**
 * The backward half of an operator: what it keeps, and the work of each gradient apart. Pure functions of attributes and
 * shapes of the inputs. Only the gradients that are needed are counted.
 */
export interface Gradient<A> {
  /** What PyTorch's autograd keeps in eager mode (1.13). */
  saves(attributes: A, inputs: readonly Shape[], needs: Needs): readonly Saved[];
  /** Work of the gradient of each input; `none` where no gradient flows: ids, masks, what only gives a shape. */
  inputs(attributes: A, inputs: readonly Shape[]): readonly (Work | 'none')[];
  /** Work of the gradient of each learned weight, by role. */
  weights(attributes: A, inputs: readonly Shape[]): Readonly<Record<string, Work>>;
  /** Gradients of what is computed between input and output, which the needed gradients share. */
  between(attributes: A, inputs: readonly Shape[], needs: Needs): Work;
  /** What the forward pass computes while training, where that is other than at inference; from weights as they are held. */
  readonly training?: {
    work(attributes: A, inputs: readonly Shape[]): Work;
    run(attributes: A, inputs: readonly Tensor[], weights: Weights, alu: Alu): Tensor;
  };
  /** Where the outputs have the memory of the first input: how they lie in it; nothing where they must be copied. */
  view?(attributes: A, input: MemoryLayout): readonly MemoryLayout[] | undefined;
  /** The reference kernel of the gradients, in terms of the same arithmetic as the forward one. */
  readonly run: Backward<A>;
  /** The output is a weight, or fixed: its memory is there anyway. */
  readonly held?: boolean;
}

/** The tensors that an operator holds, by role. */
type Weights = Readonly<Record<string, Tensor>>;

/** Why nothing flows back. */
export interface NoGradient {
  readonly none: string;
}

/** As an operator states it: what it leaves out saves nothing and computes nothing. */
export type Differentiation<A> = (Partial<Gradient<A>> & { readonly repeats?: Repeats<A> }) | NoGradient;

const NOTHING: Omit<Gradient<unknown>, 'run'> = {
  saves: () => [],
  inputs: (_, inputs) => inputs.map(() => []),
  weights: () => ({}),
  between: () => [],
};

/** Places as elements: in double precision, which holds more of them. */
const marks = (shape: Shape): Tensor => ({ shape, data: new Float64Array(elementCount(shape)) as unknown as Tensor['data'] });

/** Tensors whose elements are marked, from one number on. */
class Marked {
  readonly #all: { readonly tensor: Tensor; readonly first: number }[] = [];
  #next = 1;

  /** The tensor with the number of each place for its element. */
  mark(shape: Shape): Tensor {
    const tensor = marks(shape);
    const first = this.#next;
    for (let i = 0; i < tensor.data.length; i++) tensor.data[i] = elementOf(first + i);
    this.#all.push({ tensor, first });
    this.#next += tensor.data.length;
    return tensor;
  }

  /** Where a number was put in a tensor, if it was put there; what was filled in is nowhere. */
  placeOf(mark: number, tensor: Tensor): number | undefined {
    const first = this.#all.find((one) => one.tensor === tensor)?.first ?? 0;
    return mark >= first && mark < first + tensor.data.length && mark > 0 ? mark - first : undefined;
  }
}

/** What is filled in has the number of no place. */
const filledWithNothing = <A>(attributes: A): A =>
  (attributes as { readonly value?: unknown }).value === undefined ? attributes : { ...attributes, value: 0 };

/** Whether the gradients of an input or weight are added up, since one of its elements may go to several places. */
export type Repeats<A> = (attributes: A, of: number | string, inputs: readonly Shape[]) => boolean;

/**
 * Gradients of elements that were only moved go back to where these came from: places are moved in place of elements to find where.
 * Inputs without a gradient, such as indices, steer, and stay as they are.
 */
const movedBack =
  <A>(forward: Forward<A>, flows: Gradient<A>['inputs'], repeats: Repeats<A> = () => false): Backward<A> =>
  (attributes, { inputs, weights, gradients, needs }, { inputs: alu, weights: weightAlu, kept }) => {
    const marked = new Marked();
    const shapes = inputs.map(({ shape }) => shape);
    const steering = flows(attributes, shapes);
    const marksOf = (tensor: Tensor, isNeeded: boolean | undefined): Tensor =>
      isNeeded === true ? marked.mark(tensor.shape) : marks(tensor.shape);
    const places = inputs.map((input, index) => (steering[index] === 'none' ? input : marksOf(input, needs.inputs[index])));
    const held = Object.entries(weights).map(([role, weight]) => [role, marksOf(weight, needs.weights[role])] as const);
    const inDoubles = Object.create(kept, { zeros: { value: marks } }) as Alu;
    const moved = forward(filledWithNothing(attributes), places, Object.fromEntries(held), inDoubles);
    const result = (place: Tensor, of: number | string, own: Alu): Tensor =>
      gatheredFrom(moved, gradients, (mark) => marked.placeOf(mark, place), place.shape, repeats(attributes, of, shapes), own);
    return {
      inputs: places.map((place, index) => (needs.inputs[index] === true ? result(place, index, alu) : undefined)),
      weights: Object.fromEntries(
        held.flatMap(([role, place]) => (needs.weights[role] === true ? [[role, result(place, role, weightAlu)]] : [])),
      ),
    };
  };

/** The gradients of what was moved, back where it was. What comes from elsewhere has no part in a sum, but is gone through like the rest. */
function gatheredFrom(
  moved: readonly Tensor[],
  gradients: readonly Tensor[],
  placeOf: (mark: number) => number | undefined,
  shape: Shape,
  isAdded: boolean,
  alu: Alu,
): Tensor {
  const to = alu.zeros(shape);
  for (const [index, { data }] of moved.entries())
    for (let i = 0; i < data.length; i++) {
      const place = placeOf(wholeOf(data[i]));
      const gradient = place === undefined ? ZERO : gradients[index]?.data[i];
      if (isAdded) to.data[place ?? 0] = alu.add(to.data[place ?? 0], gradient);
      else if (place !== undefined) to.data[place] = gradient;
    }
  return to;
}

/** The gradient with what was left out. Without a kernel of its own, elements are only moved. */
export function completed<A>(stated: Differentiation<A>, forward: Forward<A>): Gradient<A> | NoGradient {
  if ('none' in stated) return stated;
  const whole = { ...NOTHING, ...stated };
  return { ...whole, run: stated.run ?? movedBack(forward, whole.inputs, stated.repeats) };
}

/** Ways of a multiply-accumulate: useful, on padding, or for what a mask makes useless. */
export type Products = 'multiplyAdd' | 'multiplyAddOnPadding' | 'multiplyAddMasked';

/** The gradient of one input or weight, added up element by element. Nothing is computed where it is not asked for. */
export class GradientSum {
  readonly tensor: Tensor | undefined;
  readonly #alu: Alu;

  constructor(shape: Shape, isAsked: boolean | undefined, alu: Alu) {
    this.tensor = isAsked === true ? alu.zeros(shape) : undefined;
    this.#alu = alu;
  }

  get isAsked(): boolean {
    return this.tensor !== undefined;
  }

  /** Adds a gradient to that of an element. */
  add(place: number, gradient: Element): void {
    if (this.tensor !== undefined) this.tensor.data[place] = this.#alu.add(this.tensor.data[place], gradient);
  }

  /** Adds a product, as a multiply-accumulate; of an element that is on padding, and nowhere, nothing is kept. */
  product(place: number | undefined, a: Element, b: Element, by: Products = 'multiplyAdd'): void {
    if (this.tensor === undefined) return;
    if (place === undefined) this.#alu[by](ZERO, a, b);
    else this.tensor.data[place] = this.#alu[by](this.tensor.data[place], a, b);
  }

  /** Adds a product, as a multiply and an add. */
  scaled(place: number, a: Element, b: Element): void {
    if (this.tensor !== undefined) this.add(place, this.#alu.multiply(a, b));
  }
}

/** The gradients of the inputs of a pass. */
export const inputSums = ({ inputs, needs }: Pick<Pass, 'inputs' | 'needs'>, alu: Alu): GradientSum[] =>
  inputs.map(({ shape }, index) => new GradientSum(shape, needs.inputs[index], alu));

/** The gradient of a weight of a pass. */
export const weightSum = ({ weights, needs }: Pick<Pass, 'weights' | 'needs'>, role: string, alu: Alu): GradientSum =>
  new GradientSum(weights[role]?.shape ?? [], needs.weights[role], alu);

/** Those weights that are asked for. */
export const weightGradients = (sums: Readonly<Record<string, GradientSum>>): Gradients['weights'] =>
  Object.fromEntries(Object.entries(sums).flatMap(([role, { tensor }]) => (tensor === undefined ? [] : [[role, tensor]])));

/** A kernel for one input and no weights. */
export const toInput =
  <A>(
    of: (attributes: A, pass: { readonly x: Tensor; readonly y: Tensor; readonly g: Tensor }, alu: Alu, kept: Alu) => Tensor,
  ): Backward<A> =>
  (attributes, { inputs: [x, ...others], outputs: [y], gradients: [g] }, { inputs: alu, kept }) => ({
    inputs: [of(attributes, { x, y, g } as { x: Tensor; y: Tensor; g: Tensor }, alu, kept), ...others.map(() => undefined)],
    weights: {},
  });

/** A kernel that makes the gradient of each input by itself. */
export const toEach =
  <A>(of: (attributes: A, index: number, pass: Pass, alu: Alu, kept: Alu) => Tensor): Backward<A> =>
  (attributes, pass, { inputs: alu, kept }) => ({
    inputs: pass.inputs.map((_, index) => (pass.needs.inputs[index] === true ? of(attributes, index, pass, alu, kept) : undefined)),
    weights: {},
  });

/** Elements are only moved, each to one place: their gradients are moved back, without arithmetic. */
export const MOVED = {};

export const savedInput = (index: number): Saved => ({ what: 'input', index });
export const savedOutput = (index = 0): Saved => ({ what: 'output', index });

/** The gradient of a factor of a product costs what the product costs: it is summed up to the shape of that factor. */
export const productsFor = (work: Work, sums: Shape): Work =>
  work.filter((term) => term.sums !== undefined).map((term) => ({ ...term, sums }));

/** The derivative of an element times the gradient, from the element that went in or the one that came out. */
export type Derivative<A> = (kept: Element, gradient: Element, alu: Alu, attributes: A) => Element;

/** The same arithmetic for each element; input or output is kept. */
export const perElement = <A>(
  keeps: 'input' | 'output',
  operations: (attributes: A) => Term['each'],
  derivative: Derivative<A>,
): Pick<Gradient<A>, 'run' | 'saves' | 'inputs'> => ({
  run: toInput((a, { x, y, g }, alu) => {
    const [elements, result] = [(keeps === 'input' ? x : y).data, alu.zeros(x.shape)];
    for (let i = 0; i < elements.length; i++) result.data[i] = derivative(elements[i], g.data[i], alu, a);
    return result;
  }),
  saves: () => [keeps === 'input' ? savedInput(0) : savedOutput()],
  inputs: (a, [x, ...others]) => [[each(operations(a), elementFactors(x as Shape))], ...others.map(() => 'none' as const)],
});

/** One add for each element of the output: several of them have the gradient of one element. */
export const addedUp = (output: Shape): Work => [each({ add: 1 }, elementFactors(output))];

/** What broadcasting an input costs backward: its gradient is summed over the places that it was repeated to. */
export const unbroadcast = (input: Shape, output: Shape): Work =>
  input.length === output.length && input.every((size, axis) => size === output[axis]) ? [] : addedUp(output);

const contiguous = (shape: Shape): number[] => {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--)
    strides[axis] = (strides[axis + 1] as number) * Math.max(shape[axis + 1] as number, 1);
  return strides;
};

/** A tensor whose elements lie one behind the other. */
export const inOrder = (shape: Shape): MemoryLayout => ({ shape, strides: contiguous(shape) });

/**
 * The same elements in another shape without moving them; nothing where they lie too far apart. PyTorch's `computeStride`:
 * each run of axes that lie behind each other must be made of whole axes of the new shape.
 */
export function reshapedLayout({ shape, strides }: MemoryLayout, to: Shape): MemoryLayout | undefined {
  const result = new Array<number>(to.length).fill(1);
  let view = to.length - 1;
  let chunk = strides.at(-1) ?? 1;
  let [inTensor, inView] = [1, 1];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    inTensor *= shape[axis] as number;
    const isEnd = axis === 0 || (shape[axis - 1] !== 1 && strides[axis - 1] !== inTensor * chunk);
    if (!isEnd) continue;
    while (view >= 0 && (inView < inTensor || to[view] === 1)) {
      result[view] = inView * chunk;
      inView *= to[view] as number;
      view--;
    }
    if (inView !== inTensor) return undefined;
    if (axis > 0) {
      chunk = strides[axis - 1] as number;
      [inTensor, inView] = [1, 1];
    }
  }
  return view === -1 ? { shape: to, strides: result } : undefined;
}

/** The axes in another order. */
export const permutedLayout = ({ shape, strides }: MemoryLayout, order: readonly number[]): MemoryLayout => ({
  shape: order.map((axis) => shape[axis] as number),
  strides: order.map((axis) => strides[axis] as number),
});

/** The whole in another shape, or a copy. */
export function viewAs(input: MemoryLayout, to: Shape): readonly MemoryLayout[] | undefined {
  const layout = reshapedLayout(input, to);
  return layout && [layout];
}

/** The gradient of an input from that of each element that it was broadcast to: added up where one element went to several. */
export function gathered(input: Shape, output: Shape, alu: Alu, gradientAt: (at: Place, offset: number) => Element): Tensor {
  const result = alu.zeros(input);
  const isRepeated = unbroadcast(input, output).length > 0;
  eachPlace(output, (at, offset) => {
    const place = broadcastOffset(input, at);
    const gradient = gradientAt(at, offset);
    result.data[place] = isRepeated ? alu.add(result.data[place], gradient) : gradient;
  });
  return result;
}
