import { eachPlace, offsetIn, stridesOf } from '../../core/places.ts';
import { elements as countElements, type Shape } from '../../core/shape.ts';
import type { Edge } from '../../graph/graph.ts';
import { charge } from '../../problems/allowance.ts';
import type { ElementType, OnnxElement, OnnxTensor } from '../file/model.ts';

/** What is known of a value that flows through an ONNX graph. */
export interface ReadValue {
  readonly type: ElementType | undefined;
  readonly shape: Shape;
  /** Its elements, in row-major order, where they do not depend on the model's inputs and are few enough. */
  elements(): readonly OnnxElement[] | undefined;
  /** The tensor of the file whose elements these are, maybe in another order and shape. */
  readonly origin?: OnnxTensor | undefined;
  /** What a layer makes of the model's inputs; constants have none until a layer needs them. */
  readonly tensor?: Edge | undefined;
  /** The tensors of a list; such a value is no tensor. */
  readonly items?: readonly ReadValue[] | undefined;
  /** Made by the file or by folding, so the same for every input of the model. */
  readonly isConstant: boolean;
  /** Written in a node, not among the tensors of the file: what is learned is rarely there. */
  readonly isLiteral?: boolean | undefined;
  /** The same number everywhere, as files have it that were stripped of their weights. */
  readonly isFilled?: boolean | undefined;
  /** Not learned, whoever uses it. */
  readonly isHeld?: boolean | undefined;
}

/** More elements than these are never folded: no shape has as many. */
export const MAX_FOLDED = 2 ** 20;

const none = (): undefined => undefined;

/** A value that was computed from others that are known. */
export const known = (type: ElementType | undefined, shape: Shape, elements: readonly OnnxElement[]): ReadValue => ({
  type,
  shape,
  elements: () => elements,
  isConstant: true,
});

/** A tensor of the file. */
export const fromFile = (tensor: OnnxTensor): ReadValue => ({
  type: tensor.type,
  shape: tensor.shape,
  origin: tensor,
  isConstant: true,
  elements: () => (countElements(tensor.shape) > BigInt(MAX_FOLDED) ? undefined : tensor.elements()),
});

/** A list of tensors: which they are is known while the model is read. */
export const listOf = (items: readonly ReadValue[]): ReadValue => ({
  type: items[0]?.type,
  shape: [items.length],
  elements: none,
  isConstant: true,
  items,
});

/** A value that depends on the model's inputs. */
export const flowing = (type: ElementType | undefined, shape: Shape, tensor: Edge): ReadValue => ({
  type,
  shape,
  tensor,
  elements: none,
  isConstant: false,
});

/** The same elements in another shape, or of another type. */
export const viewed = (value: ReadValue, shape: Shape, type = value.type): ReadValue => ({ ...value, shape, type });

/** A constant in another order: its axes are those of `value` in this order. The elements are moved when they are asked for. */
export function reordered(value: ReadValue, order: readonly number[]): ReadValue {
  const shape = order.map((axis) => value.shape[axis] as number);
  const strides = stridesOf(value.shape);
  const steps = order.map((axis) => strides[axis] as number);
  const elements = (): readonly OnnxElement[] | undefined => {
    const own = value.elements();
    const moved: OnnxElement[] = [];
    charge('elements', own?.length ?? 0);
    if (own !== undefined) eachPlace(shape, (at) => moved.push(own[offsetIn(steps, at)] as OnnxElement));
    return own && moved;
  };
  return { ...value, shape, elements };
}

const FLOATS: ReadonlySet<ElementType | undefined> = new Set<ElementType>([
  'float32',
  'float64',
  'float16',
  'bfloat16',
  'float8e4m3fn',
  'float8e4m3fnuz',
  'float8e5m2',
  'float8e5m2fnuz',
  'float4e2m1',
]);

const isFloat = (type: ElementType | undefined): boolean => FLOATS.has(type);

/**
 * Whether a constant is a weight where an operator takes it for one operand among others: a tensor of the file that has
 * floating-point numbers, and more than one. A single number, such as the 1/√d of attention, is part of the formula.
 */
export const isWeight = ({ origin, type, shape, isHeld }: ReadValue): boolean =>
  isHeld !== true && origin !== undefined && isFloat(type) && countElements(shape) !== 1n;

/** The same value, which is not learned: a mask, a state to start from, a grid. */
export const held = (value: ReadValue): ReadValue => (value.isHeld === true || !value.isConstant ? value : { ...value, isHeld: true });

/** More elements are not read to see what they are, unless they are a square, as masks are. */
const MAX_SEEN = 2 ** 16;

const MASKED = -9999;

const isMasking = (number: number): boolean => number <= MASKED || !Number.isFinite(number);

/**
 * Whether a float tensor that is added, multiplied or chosen is a table that somebody wrote, and not learned: a mask, which has
 * what no training gives; or, written in a node, a grid or a list of strides, all of whole numbers or halves, or one number everywhere.
 */
function isTable(value: ReadValue): boolean {
  const { shape, isLiteral } = value;
  const isSquare = shape.length > 1 && shape.at(-1) === shape.at(-2);
  if (!isSquare && countElements(shape) > BigInt(MAX_SEEN)) return false;
  const numbers = numbersIn(value);
  if (numbers === undefined) return false;
  if (numbers.some(isMasking)) return true;
  return (
    isLiteral === true && (numbers.every((number) => number === numbers[0]) || numbers.every((number) => Number.isInteger(2 * number)))
  );
}

/** An operand of arithmetic: as it is where it is learned, else held. */
export const operand = (value: ReadValue): ReadValue => (isWeight(value) && isTable(value) ? held(value) : value);

/** Names that exporters make up for tensors that are no parameters of a module. */
const MADE_UP = /^(onnx::|const)/i;

/** Factors or offsets that do nothing, all of them one number, as exporters write them for a normalisation that has none; any others as they are. */
export function unlessTrivial(value: ReadValue, number: 0 | 1): ReadValue {
  const isOwn = value.origin !== undefined && value.isLiteral !== true && value.origin.name !== '' && !MADE_UP.test(value.origin.name);
  if (!value.isConstant || isOwn || countElements(value.shape) > BigInt(MAX_SEEN)) return value;
  return numbersIn(value)?.every((one) => one === number) === true ? held(value) : value;
}

/** The elements as numbers, where they are known and no text is among them. */
export function numbersIn(value: ReadValue | undefined): number[] | undefined {
  const elements = value?.elements();
  charge('elements', elements?.length ?? 0);
  if (elements === undefined || elements.some((element) => typeof element === 'string')) return undefined;
  return elements.map(Number);
}

/** The only element. */
export function numberIn(value: ReadValue | undefined): number | undefined {
  // Weights are not read to see that they are none.
  return value !== undefined && countElements(value.shape) === 1n ? numbersIn(value)?.[0] : undefined;
}
