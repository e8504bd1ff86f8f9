import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import type { Place } from '../core/places.ts';
import { type Shape, sameShape } from '../core/shape.ts';
import { type Element, elementOf, isTrue, LEAST, ONE, type Tensor, ZERO } from '../core/tensor.ts';
import { each, elementFactors, type Operation, type Term } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { about, oneOf, optional, reals } from './kit/attributes.ts';
import { fill, mapElements, read, readBroadcast } from './kit/elements.ts';
import { joined } from './kit/elementwise.ts';
import { savedInput, savedOutput } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';

interface Function {
  /** How it is computed, as a formula. */
  readonly formula: string;
  /** What is done for each element. */
  readonly operations: Term['each'];
  /** The fixed numbers that the formula names, in its order, where they are not given. */
  readonly numbers?: readonly number[];
  /** So many of them, from the first on, may be inputs in place of numbers: one for each element. */
  readonly most?: number;
  compute(x: Element, alu: Alu, numbers: readonly Element[]): Element;
}

/** log(1 + exp x) */
const softplus = (x: Element, alu: Alu): Element => alu.log(alu.add(ONE, alu.exp(x)));

const HALF = elementOf(0.5);

/** atan(x / √(1 − x²)) */
const arcsine = (x: Element, alu: Alu): Element => alu.atan(alu.divide(x, alu.sqrt(alu.subtract(ONE, alu.multiply(x, x)))));

/** The nearest whole number by adding what leaves no room for a fraction, and taking it off again. */
const MAGIC = elementOf(1.5 * 2 ** 52);
export const rounded = (x: Element, alu: Alu): Element => alu.subtract(alu.add(x, MAGIC), MAGIC);
const between = (x: Element, least: Element, most: Element, alu: Alu): Element => {
  const low = alu.compare(x, least) ? x : least;
  return alu.compare(most, low) ? low : most;
};

/** Functions of one element. */
const TABLE = {
  sqrt: { formula: '√x', operations: { sqrt: 1 }, compute: (x, alu) => alu.sqrt(x) },
  exp: { formula: 'exp x', operations: { exp: 1 }, compute: (x, alu) => alu.exp(x) },
  log: { formula: 'log x', operations: { log: 1 }, compute: (x, alu) => alu.log(x) },
  erf: { formula: 'erf x', operations: { erf: 1 }, compute: (x, alu) => alu.erf(x) },
  reciprocal: { formula: '1 / x', operations: { divide: 1 }, compute: (x, alu) => alu.divide(ONE, x) },
  negative: { formula: '0 − x', operations: { subtract: 1 }, compute: (x, alu) => alu.subtract(ZERO, x) },
  absolute: {
    formula: 'x > 0 ? x : 0 − x',
    operations: { compare: 1, subtract: 1 },
    compute(x, alu) {
      const negated = alu.subtract(ZERO, x);
      return alu.compare(x, ZERO) ? x : negated;
    },
  },
  sign: {
    formula: 'x > 0 ? 1 : 0 > x ? −1 : 0',
    operations: { compare: 2 },
    compute(x, alu) {
      const [isAbove, isBelow] = [alu.compare(x, ZERO), alu.compare(ZERO, x)];
      if (isAbove) return ONE;
      return isBelow ? elementOf(-1) : ZERO;
    },
  },
  sin: { formula: 'sin x', operations: { sin: 1 }, compute: (x, alu) => alu.sin(x) },
  cos: { formula: 'cos x', operations: { cos: 1 }, compute: (x, alu) => alu.cos(x) },
  tan: { formula: 'sin x / cos x', operations: { sin: 1, cos: 1, divide: 1 }, compute: (x, alu) => alu.divide(alu.sin(x), alu.cos(x)) },
  asin: { formula: 'atan(x / √(1 − x²))', operations: { multiply: 1, subtract: 1, sqrt: 1, divide: 1, atan: 1 }, compute: arcsine },
  acos: {
    formula: 'π/2 − asin x',
    operations: { multiply: 1, subtract: 2, sqrt: 1, divide: 1, atan: 1 },
    compute: (x, alu) => alu.subtract(elementOf(Math.PI / 2), arcsine(x, alu)),
  },
  atan: { formula: 'atan x', operations: { atan: 1 }, compute: (x, alu) => alu.atan(x) },
  sinh: {
    formula: '(exp x − exp(0 − x)) · ½',
    operations: { exp: 2, subtract: 2, multiply: 1 },
    compute: (x, alu) => alu.multiply(alu.subtract(alu.exp(x), alu.exp(alu.subtract(ZERO, x))), HALF),
  },
  cosh: {
    formula: '(exp x + exp(0 − x)) · ½',
    operations: { exp: 2, add: 1, subtract: 1, multiply: 1 },
    compute: (x, alu) => alu.multiply(alu.add(alu.exp(x), alu.exp(alu.subtract(ZERO, x))), HALF),
  },
  asinh: {
    formula: 'log(x + √(x² + 1))',
    operations: { multiply: 1, add: 2, sqrt: 1, log: 1 },
    compute: (x, alu) => alu.log(alu.add(x, alu.sqrt(alu.add(alu.multiply(x, x), ONE)))),
  },
  acosh: {
    formula: 'log(x + √(x² − 1))',
    operations: { multiply: 1, add: 1, subtract: 1, sqrt: 1, log: 1 },
    compute: (x, alu) => alu.log(alu.add(x, alu.sqrt(alu.subtract(alu.multiply(x, x), ONE)))),
  },
  atanh: {
    formula: '½ · log((1 + x) / (1 − x))',
    operations: { multiply: 1, add: 1, subtract: 1, divide: 1, log: 1 },
    compute: (x, alu) => alu.multiply(HALF, alu.log(alu.divide(alu.add(ONE, x), alu.subtract(ONE, x)))),
  },
  // By a large number in whose neighbourhood there are no fractions.
  round: { formula: 'x + big − big', operations: { add: 1, subtract: 1 }, compute: rounded },
  floor: { formula: 'x + big − big, rounded down', operations: { add: 1, subtract: 1 }, compute: (x, alu) => alu.floor(x) },
  ceil: { formula: 'x + big − big, rounded up', operations: { add: 1, subtract: 1 }, compute: (x, alu) => alu.ceil(x) },
  isnan: {
    formula: 'x > −∞ or 0 > x ? 0 : 1',
    operations: { compare: 2 },
    compute(x, alu) {
      const [isAbove, isBelow] = [alu.compare(x, LEAST), alu.compare(ZERO, x)];
      return isAbove || isBelow ? ZERO : ONE;
    },
  },
  isinf: {
    formula: 'below and −most > x, or above and x > most',
    operations: { compare: 2 },
    numbers: [1, 1],
    compute(x, alu, [below, above]) {
      const [isBelow, isAbove] = [alu.compare(elementOf(-Number.MAX_VALUE), x), alu.compare(x, elementOf(Number.MAX_VALUE))];
      return (isBelow && isTrue(below)) || (isAbove && isTrue(above)) ? ONE : ZERO;
    },
  },
  clip: {
    formula: 'min(max(x, least), most)',
    operations: { compare: 2 },
    numbers: [0, 1],
    compute: (x, alu, [least, most]) => between(x, least, most, alu),
  },
  softplus: { formula: 'log(1 + exp x)', operations: { add: 1, exp: 1, log: 1 }, compute: softplus },
  softsign: {
    formula: 'x / (1 + |x|)',
    operations: { compare: 1, subtract: 1, add: 1, divide: 1 },
    compute(x, alu) {
      const negated = alu.subtract(ZERO, x);
      const size = alu.compare(x, ZERO) ? x : negated;
      return alu.divide(x, alu.add(ONE, size));
    },
  },
  mish: {
    formula: 'x · tanh(log(1 + exp x))',
    operations: { multiply: 1, add: 1, exp: 1, log: 1, tanh: 1 },
    compute: (x, alu) => alu.multiply(x, alu.tanh(softplus(x, alu))),
  },
  selu: {
    formula: 'scale · (x > 0 ? x : alpha · exp x − alpha), both arms computed',
    operations: { compare: 1, multiply: 2, subtract: 1, exp: 1 },
    compute(x, alu) {
      const [scale, alpha] = [elementOf(1.0507009873554805), elementOf(1.6732632423543772)];
      const curved = alu.subtract(alu.multiply(alpha, alu.exp(x)), alpha);
      return alu.multiply(scale, alu.compare(x, ZERO) ? x : curved);
    },
  },
  celu: {
    formula: 'x > 0 ? x : alpha · exp(x / alpha) − alpha, both arms computed',
    operations: { compare: 1, divide: 1, exp: 1, multiply: 1, subtract: 1 },
    numbers: [1],
    compute(x, alu, [alpha]) {
      const curved = alu.subtract(alu.multiply(alpha, alu.exp(alu.divide(x, alpha))), alpha);
      return alu.compare(x, ZERO) ? x : curved;
    },
  },
  shrink: {
    formula: 'x > lambda ? x − bias : −lambda > x ? x + bias : 0, both arms computed',
    operations: { compare: 2, subtract: 1, add: 1 },
    // The lowest, −lambda, is known beforehand too.
    numbers: [-0.5, 0.5, 0],
    compute(x, alu, [lowest, lambda, bias]) {
      const [lower, upper] = [alu.subtract(x, bias), alu.add(x, bias)];
      const [isAbove, isBelow] = [alu.compare(x, lambda), alu.compare(lowest, x)];
      if (isAbove) return lower;
      return isBelow ? upper : ZERO;
    },
  },
  threshold: {
    formula: 'x > threshold ? x : 0',
    operations: { compare: 1 },
    numbers: [0],
    compute: (x, alu, [threshold]) => (alu.compare(x, threshold) ? x : ZERO),
  },
  quantize: {
    formula: 'min(max(round(x / scale) + zero, least), most)',
    operations: { divide: 1, add: 2, subtract: 1, compare: 2 },
    numbers: [1e-3, 0, -128, 127],
    most: 2,
    compute: (x, alu, [scale, zero, least, most]) => between(alu.add(rounded(alu.divide(x, scale), alu), zero), least, most, alu),
  },
  dequantize: {
    formula: '(x − zero) · scale',
    operations: { subtract: 1, multiply: 1 },
    numbers: [1e-3, 0],
    most: 2,
    compute: (x, alu, [scale, zero]) => alu.multiply(alu.subtract(x, zero), scale),
  },
} as const satisfies Readonly<Record<string, Function>>;

type Name = keyof typeof TABLE;
const NAMES = Object.keys(TABLE) as [Name, ...Name[]];
export type PointwiseFunction = Name;

interface Slope {
  readonly keeps: 'input' | 'output' | 'nothing';
  readonly operations: Term['each'];
  /** The derivative times the gradient, from what is kept. */
  compute(kept: Element, g: Element, alu: Alu, numbers: readonly Element[]): Element;
}

const TWO = elementOf(2);
const squareUnder = (x: Element, alu: Alu): Element => alu.sqrt(alu.subtract(ONE, alu.multiply(x, x)));
const logistic = (x: Element, alu: Alu): Element => alu.divide(ONE, alu.add(ONE, alu.exp(alu.subtract(ZERO, x))));

/** Per element, and what it is computed from; steps have none. */
const GRADIENTS: { readonly [N in Name]: Slope | 'none' } = {
  sqrt: { keeps: 'output', operations: { multiply: 1, divide: 1 }, compute: (y, g, alu) => alu.divide(g, alu.multiply(TWO, y)) },
  exp: { keeps: 'output', operations: { multiply: 1 }, compute: (y, g, alu) => alu.multiply(g, y) },
  log: { keeps: 'input', operations: { divide: 1 }, compute: (x, g, alu) => alu.divide(g, x) },
  erf: {
    keeps: 'input',
    operations: { multiply: 3, subtract: 1, exp: 1 },
    compute: (x, g, alu) =>
      alu.multiply(g, alu.multiply(elementOf(2 / Math.sqrt(Math.PI)), alu.exp(alu.subtract(ZERO, alu.multiply(x, x))))),
  },
  reciprocal: {
    keeps: 'output',
    operations: { multiply: 2, subtract: 1 },
    compute: (y, g, alu) => alu.subtract(ZERO, alu.multiply(g, alu.multiply(y, y))),
  },
  negative: { keeps: 'nothing', operations: { subtract: 1 }, compute: (_, g, alu) => alu.subtract(ZERO, g) },
  absolute: {
    keeps: 'input',
    operations: { compare: 1, subtract: 1 },
    compute(x, g, alu) {
      const negated = alu.subtract(ZERO, g);
      return alu.compare(x, ZERO) ? g : negated;
    },
  },
  sin: { keeps: 'input', operations: { multiply: 1, cos: 1 }, compute: (x, g, alu) => alu.multiply(g, alu.cos(x)) },
  cos: {
    keeps: 'input',
    operations: { multiply: 1, subtract: 1, sin: 1 },
    compute: (x, g, alu) => alu.subtract(ZERO, alu.multiply(g, alu.sin(x))),
  },
  tan: { keeps: 'output', operations: { multiply: 2, add: 1 }, compute: (y, g, alu) => alu.multiply(g, alu.add(ONE, alu.multiply(y, y))) },
  asin: {
    keeps: 'input',
    operations: { multiply: 1, subtract: 1, sqrt: 1, divide: 1 },
    compute: (x, g, alu) => alu.divide(g, squareUnder(x, alu)),
  },
  acos: {
    keeps: 'input',
    operations: { multiply: 1, subtract: 2, sqrt: 1, divide: 1 },
    compute: (x, g, alu) => alu.subtract(ZERO, alu.divide(g, squareUnder(x, alu))),
  },
  atan: {
    keeps: 'input',
    operations: { multiply: 1, add: 1, divide: 1 },
    compute: (x, g, alu) => alu.divide(g, alu.add(ONE, alu.multiply(x, x))),
  },
  sinh: {
    keeps: 'input',
    operations: { exp: 2, add: 1, subtract: 1, multiply: 2 },
    compute: (x, g, alu) => alu.multiply(g, alu.multiply(alu.add(alu.exp(x), alu.exp(alu.subtract(ZERO, x))), HALF)),
  },
  cosh: {
    keeps: 'input',
    operations: { exp: 2, subtract: 2, multiply: 2 },
    compute: (x, g, alu) => alu.multiply(g, alu.multiply(alu.subtract(alu.exp(x), alu.exp(alu.subtract(ZERO, x))), HALF)),
  },
  asinh: {
    keeps: 'input',
    operations: { multiply: 1, add: 1, sqrt: 1, divide: 1 },
    compute: (x, g, alu) => alu.divide(g, alu.sqrt(alu.add(alu.multiply(x, x), ONE))),
  },
  acosh: {
    keeps: 'input',
    operations: { multiply: 1, subtract: 1, sqrt: 1, divide: 1 },
    compute: (x, g, alu) => alu.divide(g, alu.sqrt(alu.subtract(alu.multiply(x, x), ONE))),
  },
  atanh: {
    keeps: 'input',
    operations: { multiply: 1, subtract: 1, divide: 1 },
    compute: (x, g, alu) => alu.divide(g, alu.subtract(ONE, alu.multiply(x, x))),
  },
  clip: {
    keeps: 'input',
    operations: { compare: 2 },
    compute(x, g, alu, [least, most]) {
      const [isAbove, isBelow] = [alu.compare(x, least), alu.compare(most, x)];
      return isAbove && isBelow ? g : ZERO;
    },
  },
  softplus: {
    keeps: 'input',
    operations: { subtract: 1, exp: 1, add: 1, divide: 1, multiply: 1 },
    compute: (x, g, alu) => alu.multiply(g, logistic(x, alu)),
  },
  softsign: {
    keeps: 'input',
    operations: { compare: 1, subtract: 1, add: 1, multiply: 1, divide: 1 },
    compute(x, g, alu) {
      const negated = alu.subtract(ZERO, x);
      const more = alu.add(ONE, alu.compare(x, ZERO) ? x : negated);
      return alu.divide(g, alu.multiply(more, more));
    },
  },
  /** t + x·σ·(1 − t²) with t = tanh(log(1 + exp x)) and σ = 1 / (1 + exp(0 − x)) */
  mish: {
    keeps: 'input',
    operations: { exp: 2, log: 1, tanh: 1, add: 3, subtract: 2, divide: 1, multiply: 4 },
    compute(x, g, alu) {
      const tanh = alu.tanh(softplus(x, alu));
      const share = alu.multiply(alu.multiply(x, logistic(x, alu)), alu.subtract(ONE, alu.multiply(tanh, tanh)));
      return alu.multiply(g, alu.add(tanh, share));
    },
  },
  selu: {
    keeps: 'input',
    operations: { compare: 1, multiply: 3, exp: 1 },
    compute(x, g, alu) {
      const scaled = alu.multiply(g, elementOf(1.0507009873554805));
      const curved = alu.multiply(scaled, alu.multiply(elementOf(1.6732632423543772), alu.exp(x)));
      return alu.compare(x, ZERO) ? scaled : curved;
    },
  },
  celu: {
    keeps: 'input',
    operations: { compare: 1, divide: 1, exp: 1, multiply: 1 },
    compute(x, g, alu, [alpha]) {
      const curved = alu.multiply(g, alu.exp(alu.divide(x, alpha)));
      return alu.compare(x, ZERO) ? g : curved;
    },
  },
  shrink: {
    keeps: 'input',
    operations: { compare: 2 },
    compute(x, g, alu, [lowest, lambda]) {
      const [isAbove, isBelow] = [alu.compare(x, lambda), alu.compare(lowest, x)];
      return isAbove || isBelow ? g : ZERO;
    },
  },
  threshold: { keeps: 'input', operations: { compare: 1 }, compute: (x, g, alu, [least]) => (alu.compare(x, least) ? g : ZERO) },
  dequantize: { keeps: 'nothing', operations: { multiply: 1 }, compute: (_, g, alu, [scale]) => alu.multiply(g, scale) },
  sign: 'none',
  round: 'none',
  floor: 'none',
  ceil: 'none',
  isnan: 'none',
  isinf: 'none',
  quantize: 'none',
};

const PLURAL: Partial<Record<Operation, string>> = { compare: 'compares', add: 'adds', multiply: 'multiplies' };

const inWords = (operations: Term['each']): string =>
  Object.entries(operations)
    .map(([kind, times]) => `${times} ${times === 1 ? kind : (PLURAL[kind as Operation] ?? kind)}`)
    .join(', ');

interface Given {
  readonly function: Name;
  readonly numbers?: readonly number[] | undefined;
}

/** The fixed numbers of a function, which has as many as its table says. */
export function numbersFor(a: Given): readonly number[] {
  const { numbers = [] }: Function = TABLE[a.function];
  if (a.numbers !== undefined && a.numbers.length !== numbers.length)
    throw fail('CONTRADICTION', { message: `"${a.function}" takes ${numbers.length} "numbers", not ${a.numbers.length}` }, 'numbers');
  return a.numbers ?? numbers;
}

/** The numbers of a function at a place: those that are inputs, then the fixed ones. */
function numbersAlong(a: Given, given: readonly Tensor[]): (at: Place) => readonly Element[] {
  const numbers = numbersFor(a).map(elementOf);
  if (given.length === 0) return () => numbers;
  const others = numbers.slice(given.length);
  return (at) => [...given.map((number) => readBroadcast(number, at)), ...others];
}

export const pointwise = defineOperator({
  name: 'pointwise',
  summary:
    'Apply a function to every element; bounds, thresholds and scales are fixed numbers that no count depends on. Those of clip (least, most), celu (alpha), shrink (−lambda, lambda, bias), threshold, isinf (below, above), quantize (scale, zero, least, most) and dequantize (scale, zero) can be given. Scale and zero can also be inputs, which broadcast.',
  attributes: z.strictObject({
    function: about(oneOf(...NAMES), 'The function to apply.'),
    numbers: about(optional(reals), 'Its fixed numbers, such as bounds; those of the function unless given.'),
  }),
  rule: `Per element: ${NAMES.map((name) => `${name}, ${TABLE[name].formula}: ${inWords(TABLE[name].operations)}`).join('; ')}.`,
  source: 'ONNX operators Sqrt, Exp, Log, Erf, Reciprocal, Neg, Abs, Clip, QuantizeLinear and their like',
  inputs: { min: 1, max: 3 },
  shape(a, inputs) {
    numbersFor(a);
    const [x, ...numbers] = inputs;
    const { most = 0 }: Function = TABLE[a.function];
    if (numbers.length > most)
      throw fail('WRONG_INPUT_COUNT', {
        operator: `pointwise ${a.function}`,
        expected: `at most ${most + 1} inputs`,
        actual: inputs.length,
      });
    if (!sameShape(joined('pointwise', inputs), x))
      throw fail('SHAPES_DO_NOT_FIT', { operator: 'pointwise', rule: 'numbers must broadcast to the first input', shapes: inputs });
    return x;
  },
  work: (a, [x]) => [each(TABLE[a.function].operations, elementFactors(x))],
  inPlace: true,
  gradient: {
    saves(a) {
      const slope = GRADIENTS[a.function];
      if (slope === 'none' || slope.keeps === 'nothing') return [];
      return [slope.keeps === 'input' ? savedInput(0) : savedOutput()];
    },
    // Numbers that are inputs are fixed: scales and zeros.
    inputs(a, [x, ...given]) {
      const slope = GRADIENTS[a.function];
      return [slope === 'none' ? 'none' : [each(slope.operations, elementFactors(x as Shape))], ...given.map(() => 'none' as const)];
    },
    run: (a: Given, { inputs: [x, ...given], outputs: [y], gradients: [g] }, { inputs: alu }) => {
      const { keeps, compute } = GRADIENTS[a.function] as Slope;
      const kept = (keeps === 'output' ? y : x) as Tensor;
      const numbersOf = numbersAlong(a, given);
      const to = fill(kept.shape, alu, (at, i) => compute(kept.data[i], (g as Tensor).data[i], alu, numbersOf(at)));
      return { inputs: [to, ...given.map(() => undefined)], weights: {} };
    },
  },
  run(a, [x, ...given], _, alu) {
    const { compute }: Function = TABLE[a.function];
    const numbersOf = numbersAlong(a, given);
    if (given.length === 0) return mapElements(x, alu, (element) => compute(element, alu, numbersOf([])));
    return fill(x.shape, alu, (at) => compute(read(x, at), alu, numbersOf(at)));
  },
});
