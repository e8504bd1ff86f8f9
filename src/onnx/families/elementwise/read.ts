import { broadcastTo } from '../../../core/places.ts';
import { elementCount, type Shape, sameShape } from '../../../core/shape.ts';
import type { PickInput } from '../../../operators/kit/pick.ts';
import type { PointwiseFunction } from '../../../operators/pointwise.ts';
import type { OperatorName } from '../../../operators/registry.ts';
import { charge } from '../../../problems/allowance.ts';
import type { ElementType, OnnxElement } from '../../file/model.ts';
import {
  broadcastAll,
  broken,
  type Call,
  decimal,
  has,
  input,
  int,
  type ReadRule,
  type ReadRules,
  real,
  textAttribute,
} from '../../read/call.ts';
import { filled, layerShape, moveLayer } from '../../read/layers.ts';
import { ARITHMETIC, calculate, cast, FUNCTIONS, isInteger, LOGIC, rounded } from '../../read/numbers.ts';

import { held, isWeight, known, MAX_FOLDED, numberIn, operand, type ReadValue } from '../../read/value.ts';

type Compute = (elements: readonly OnnxElement[]) => OnnxElement | undefined;

/** The inputs that are there, at least so many. */
function operands(call: Call, least: number): ReadValue[] {
  const values = call.inputs.map((_, index) => input(call, index));
  if (values.length < least) throw broken(call.node, `it has ${values.length} inputs, but needs ${least}`);
  return values;
}

const shapesOf = (values: readonly ReadValue[]): Shape[] => values.map(({ shape }) => shape);

/** The result for known operands that are no weights; `undefined` where it has to be computed. */
function folded(values: readonly ReadValue[], shape: Shape, type: ElementType | undefined, compute: Compute): ReadValue | undefined {
  if (values.some((value) => !value.isConstant || isWeight(value)) || elementCount(shape) > MAX_FOLDED) return undefined;
  const spread: (readonly OnnxElement[])[] = [];
  for (const value of values) {
    const elements = value.elements();
    if (elements === undefined) return undefined;
    spread.push(broadcastTo(elements, value.shape, shape));
  }
  const results: OnnxElement[] = [];
  const total = elementCount(shape);
  charge('elements', total);
  for (let i = 0; i < total; i++) {
    const result = compute(spread.map((elements) => elements[i] as OnnxElement));
    if (result === undefined) return undefined;
    results.push(result);
  }
  return known(type, shape, results);
}

/** The constant number that one of two operands is, if it changes no shape. */
function numberOperand(values: readonly ReadValue[], shape: Shape): { number: number; other: ReadValue; reversed: boolean } | undefined {
  const [first, second] = values;
  if (values.length !== 2 || first === undefined || second === undefined) return undefined;
  for (const [constant, other, reversed] of [
    [second, first, false],
    [first, second, true],
  ] as const) {
    const number = constant.isConstant ? numberIn(constant) : undefined;
    const isPlain = !other.isConstant && sameShape(layerShape(other.shape), layerShape(shape));
    if (number !== undefined && Number.isFinite(number) && isPlain) return { number, other, reversed };
  }
  return undefined;
}

/** Arithmetic that has an operator of its own where no number is involved. */
const OWN: Partial<Record<string, OperatorName>> = { add: 'add', multiply: 'multiply' };

/** An operation on two or more tensors, with broadcasting. */
export function joinedBy(
  call: Call,
  operation: string,
  given: readonly ReadValue[],
  shape: Shape,
  type: ElementType | undefined,
): ReadValue[] {
  const options = { shapes: [shape], types: [type] };
  const values = given.map(operand);
  if (elementCount(shape) === 0) return filled(call, values, shape, type);
  const constant = numberOperand(values, shape);
  if (constant === undefined) {
    const own = OWN[operation];
    return own === undefined ? call.layer('arithmetic', { operation }, values, options) : call.layer(own, {}, values, options);
  }
  const { number, other, reversed } = constant;
  if (operation === 'power' && !reversed && number === 0.5) return call.layer('pointwise', { function: 'sqrt' }, [other], options);
  const name = operation === 'power' && !reversed && number === 2 ? 'square' : operation;
  return call.layer('arithmetic', { operation: name, number, reversed }, [other], options);
}

/** One operation between all inputs. */
const arithmetic =
  (operation: string): ReadRule =>
  (call) => {
    const values = operands(call, 1).map(operand);
    const [first] = values as [ReadValue, ...ReadValue[]];
    const shape = broadcastAll(call.node, shapesOf(values));
    const { operator } = call.node;
    const name = operator === 'Mod' && int(call.node, 'fmod') === 1 ? 'Fmod' : operator === 'Sum' ? 'Add' : operator;
    const fold: Compute = ([start, ...rest]) =>
      rest.reduce<OnnxElement | undefined>((a, b) => (a === undefined ? a : calculate(name, a, b, first.type)), start);
    const result = ARITHMETIC[name] === undefined ? undefined : folded(values, shape, first.type, fold);
    if (result !== undefined) return [result];
    return values.length === 1
      ? call.layer('identity', {}, values, { shapes: [shape] })
      : joinedBy(call, operation, values, shape, first.type);
  };

const shift = ({ node }: Call): PickInput => ({ by: 'bitshift', mode: textAttribute(node, 'direction') === 'RIGHT' ? 'RIGHT' : 'LEFT' });

/** What picks elements, or makes truths and bits of them. */
const MOVES: Readonly<Record<string, (call: Call) => PickInput>> = {
  Where: () => ({ by: 'where' }),
  And: () => ({ by: 'and' }),
  Or: () => ({ by: 'or' }),
  Xor: () => ({ by: 'xor' }),
  Not: () => ({ by: 'not' }),
  BitwiseAnd: () => ({ by: 'bitwiseand' }),
  BitwiseOr: () => ({ by: 'bitwiseor' }),
  BitwiseXor: () => ({ by: 'bitwisexor' }),
  BitwiseNot: () => ({ by: 'bitwisenot' }),
  BitShift: shift,
};

/** A layer for such an operator. */
const moveOf = (call: Call, values: readonly ReadValue[], type: ElementType | undefined): ReadValue[] =>
  moveLayer(call, (MOVES[call.node.operator] as (typeof MOVES)[string])(call), values, type);

/** A comparison, or logic, which costs nothing. */
const logic =
  (operation: string | undefined): ReadRule =>
  (call) => {
    // What is compared with something says which elements are meant, and is not learned.
    const values = operands(call, 2).map(held);
    const shape = broadcastAll(call.node, shapesOf(values));
    const holds = LOGIC[call.node.operator] as (typeof LOGIC)[string];
    const result = folded(values, shape, 'bool', ([a, b]) => (holds(a as OnnxElement, b as OnnxElement) ? 1 : 0));
    if (result !== undefined) return [result];
    return operation === undefined ? moveOf(call, values, 'bool') : joinedBy(call, operation, values, shape, 'bool');
  };

/** A function of one element; what folds is in `FUNCTIONS`. */
function one(call: Call, layer: (x: ReadValue, options: { shapes: readonly Shape[] }) => ReadValue[]): ReadValue[] {
  const x = input(call, 0);
  const compute = FUNCTIONS[call.node.operator];
  const fold: Compute = ([element]) => {
    if (typeof element === 'string' || element === undefined || compute === undefined || x.type === undefined) return undefined;
    if (!isInteger(x.type)) return rounded(compute(Number(element)), x.type);
    return typeof element === 'bigint' ? undefined : cast(compute(element), x.type);
  };
  const result = compute === undefined ? undefined : folded([x], x.shape, x.type, fold);
  if (result !== undefined) return [result];
  if (elementCount(x.shape) === 0) return filled(call, [x], x.shape);
  return layer(x, { shapes: [x.shape] });
}

/** A function; `numbersOf` gives the fixed numbers of its formula, where they are numbers. */
const pointwise =
  (name: PointwiseFunction, numbersOf?: (call: Call) => readonly number[]): ReadRule =>
  (call) => {
    const numbers = numbersOf?.(call);
    const attributes = { function: name, ...(numbers?.every(Number.isFinite) && { numbers }) };
    return one(call, (x, options) => call.layer('pointwise', attributes, [x], options));
  };

const alphaOf = ({ node }: Call): readonly number[] => [real(node, 'alpha') ?? 1];

function shrinkNumbers({ node }: Call): readonly number[] {
  const lambda = real(node, 'lambd') ?? 0.5;
  return [-lambda, lambda, real(node, 'bias') ?? 0];
}

const activation =
  (operator: OperatorName, attributes: (call: Call) => object = () => ({})): ReadRule =>
  (call) =>
    one(call, (x, options) => call.layer(operator, attributes(call), [x], options));

/** x times the sigmoid of alpha x. */
const swish: ReadRule = (call) => {
  const alpha = decimal(call.node, 'alpha') ?? 1;
  if (alpha === 1) return activation('silu')(call);
  return one(call, (x, options) => {
    const scaled = call.layer('arithmetic', { operation: 'multiply', number: alpha }, [x], options);
    return call.layer('multiply', {}, [x, ...call.layer('sigmoid', {}, scaled, options)], options);
  });
};

/** A bound of a clip: an attribute before opset 11, an input since; NaN where only a run knows it. */
function boundOf(call: Call, name: string, index: number): number | undefined {
  if (call.opset < 11) return real(call.node, name);
  const value = call.inputs[index];
  if (value !== undefined && (value.shape.length > 1 || elementCount(value.shape) !== 1))
    throw broken(call.node, `its "${name}" is ${value.shape.join('×')}, and must be one number`);
  return value === undefined ? undefined : (numberIn(value) ?? Number.NaN);
}

const clip: ReadRule = (call) => {
  const x = input(call, 0);
  const [low, high] = [boundOf(call, 'min', 1), boundOf(call, 'max', 2)];
  const options = { shapes: [x.shape] };
  const result = folded([x], x.shape, x.type, ([element]) => {
    if (typeof element !== 'number' || Number.isNaN(low) || Number.isNaN(high)) return undefined;
    return Math.min(Math.max(element, low ?? Number.NEGATIVE_INFINITY), high ?? Number.POSITIVE_INFINITY);
  });
  if (result !== undefined) return [result];
  if (elementCount(x.shape) === 0) return filled(call, [x], x.shape);
  if (low === undefined && high === undefined) return call.layer('identity', {}, [x], options);
  if (low === 0 && high === 6) return call.layer('relu6', {}, [x], options);
  if (low !== undefined && high !== undefined) {
    const numbers = [low, high].every(Number.isFinite) ? { numbers: [low, high] } : {};
    return call.layer('pointwise', { function: 'clip', ...numbers }, [x], options);
  }
  const bound = low ?? high ?? 0;
  const operation = low === undefined ? 'minimum' : 'maximum';
  return call.layer('arithmetic', { operation, number: Number.isFinite(bound) ? bound : 0 }, [x], options);
};

const prelu: ReadRule = (call) => {
  const [given, slope] = [input(call, 0), input(call, 1)];
  const isOld = call.opset < 7;
  const wide = isOld ? given.shape : broadcastAll(call.node, [given.shape, slope.shape]);
  // Slopes of more axes, or of larger ones, spread the input.
  const [x] = sameShape(wide, given.shape) ? [given] : (moveLayer(call, { by: 'expand', to: [[...wide]] }, [given]) as [ReadValue]);
  const sizes = elementCount(slope.shape);
  const hasAxes = slope.shape.length === x.shape.length - 1 || (isOld && slope.shape.length === 1);
  const isPerChannel = sizes === x.shape[1] && hasAxes && slope.shape[0] === sizes;
  if (slope.isConstant && (sizes === 1 || isPerChannel))
    return call.layer('prelu', { shared: sizes === 1 }, [x], { weights: { slope }, shapes: [x.shape] });
  return call.layer('prelu', {}, [x, slope], { shapes: [x.shape] });
};

/** The mean of any number of tensors: their sum, divided once. */
const mean: ReadRule = (call) => {
  const values = operands(call, 1);
  const shape = broadcastAll(call.node, shapesOf(values));
  const [sum] = values.length === 1 ? values : joinedBy(call, 'add', values, shape, values[0]?.type);
  return joinedBy(call, 'divide', [sum as ReadValue, known(values[0]?.type, [], [values.length])], shape, values[0]?.type);
};

/** Free unless all is known: elements that stay or go, and bits. */
const moving =
  (
    least: number,
    type: (values: readonly ReadValue[]) => ElementType | undefined,
    compute: (call: Call, values: readonly ReadValue[]) => Compute,
  ): ReadRule =>
  (call) => {
    const values = operands(call, least);
    const shape = broadcastAll(call.node, shapesOf(values));
    const result = folded(values, shape, type(values), compute(call, values));
    if (result !== undefined) return [result];
    return moveOf(call, values, type(values));
  };

const typeOfFirst = ([first]: readonly ReadValue[]): ElementType | undefined => first?.type;

const where = moving(
  3,
  ([, second]) => second?.type,
  () =>
    ([condition, a, b]) =>
      condition ? a : b,
);

const not = moving(
  1,
  () => 'bool',
  () =>
    ([element]) =>
      element ? 0 : 1,
);

const bits = moving(1, typeOfFirst, ({ node }, [first]) => ([a, b]) => {
  const name = node.operator === 'BitShift' ? `BitShift${textAttribute(node, 'direction') ?? 'LEFT'}` : node.operator;
  return a === undefined || b === undefined ? undefined : calculate(name, a, b, first?.type);
});

/** Whether an element is infinite or no number. */
const test =
  (name: 'isnan' | 'isinf'): ReadRule =>
  (call) => {
    const x = input(call, 0);
    const bounds = ['detect_negative', 'detect_positive'].map((side) => int(call.node, side) ?? 1);
    const attributes = name === 'isinf' ? { function: name, numbers: bounds } : { function: name };
    return call.layer('pointwise', attributes, [x], { shapes: [x.shape], types: ['bool'] });
  };

const slopeOf = ({ node }: Call): object => (has(node, 'alpha') ? { slope: real(node, 'alpha') } : {});
const approximation = ({ node }: Call): object => ({ approximate: textAttribute(node, 'approximate') === 'tanh' ? 'tanh' : 'none' });

/** A sixth and a half are what it is without attributes. */
function lineOf({ node }: Call): object {
  const [slope, offset] = [decimal(node, 'alpha') ?? 0.2, decimal(node, 'beta') ?? 0.5];
  return Math.fround(slope) === Math.fround(1 / 6) && offset === 0.5 ? {} : { slope, offset };
}

/** A remainder is what a division leaves. */
const modulo: ReadRule = (call) => {
  const isRemainder = int(call.node, 'fmod') === 1;
  if (!isRemainder && call.inputs[0]?.type?.includes('float') === true)
    call.fault('it has no "fmod", which numbers of floating point need');
  return arithmetic(isRemainder ? 'remainder' : 'modulo')(call);
};

/** Arithmetic, logic and functions of one element. */
export const elementwise: ReadRules = {
  Add: arithmetic('add'),
  Sub: arithmetic('subtract'),
  Mul: arithmetic('multiply'),
  // Whole numbers divide towards 0.
  Div: (call) => arithmetic(isInteger(call.inputs[0]?.type) ? 'quotient' : 'divide')(call),
  Pow: arithmetic('power'),
  Max: arithmetic('maximum'),
  Min: arithmetic('minimum'),
  Mod: modulo,
  Sum: arithmetic('add'),
  Mean: mean,

  Equal: logic('equal'),
  Less: logic('less'),
  LessOrEqual: logic('atmost'),
  Greater: logic('greater'),
  GreaterOrEqual: logic('atleast'),
  And: logic(undefined),
  Or: logic(undefined),
  Xor: logic(undefined),
  Not: not,
  BitShift: bits,
  BitwiseAnd: bits,
  BitwiseOr: bits,
  BitwiseXor: bits,
  BitwiseNot: bits,
  IsNaN: test('isnan'),
  IsInf: test('isinf'),
  Where: where,

  Sin: pointwise('sin'),
  Cos: pointwise('cos'),
  Tan: pointwise('tan'),
  Asin: pointwise('asin'),
  Acos: pointwise('acos'),
  Atan: pointwise('atan'),
  Sinh: pointwise('sinh'),
  Cosh: pointwise('cosh'),
  Asinh: pointwise('asinh'),
  Acosh: pointwise('acosh'),
  Atanh: pointwise('atanh'),
  Celu: pointwise('celu', alphaOf),
  Shrink: pointwise('shrink', shrinkNumbers),
  Sqrt: pointwise('sqrt'),
  Exp: pointwise('exp'),
  Log: pointwise('log'),
  Erf: pointwise('erf'),
  Reciprocal: pointwise('reciprocal'),
  Neg: pointwise('negative'),
  Abs: pointwise('absolute'),
  Sign: pointwise('sign'),
  Round: pointwise('round'),
  Floor: pointwise('floor'),
  Ceil: pointwise('ceil'),
  Softplus: pointwise('softplus'),
  Softsign: pointwise('softsign'),
  Mish: pointwise('mish'),
  Selu: pointwise('selu'),
  ThresholdedRelu: pointwise('threshold', alphaOf),
  Clip: clip,

  Relu: activation('relu'),
  LeakyRelu: activation('leakyrelu', slopeOf),
  PRelu: prelu,
  Elu: activation('elu', ({ node }) => ({ alpha: real(node, 'alpha') ?? 1 })),
  Gelu: activation('gelu', approximation),
  Sigmoid: activation('sigmoid'),
  Tanh: activation('tanh'),
  HardSigmoid: activation('hardsigmoid', lineOf),
  HardSwish: activation('hardswish'),
  Swish: swish,
};
