import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import { ONE, type Value, value, wholeOf, ZERO } from '../core/tensor.ts';
import { each, elementFactors, type Term } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { about, flag, oneOf, optional, real, withDefault } from './kit/attributes.ts';
import { fill, readBroadcast } from './kit/elements.ts';
import { joined } from './kit/elementwise.ts';
import { savedInput, unbroadcast } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';

interface Arithmetic {
  /** What is done for each element and each operand after the first. */
  readonly operations: Term['each'];
  compute(a: Value, b: Value, alu: Alu): Value;
}

const truth = (holds: boolean): Value => (holds ? ONE : ZERO);

/** Whether the first is no less: not below it. */
const isAtLeast = (a: Value, b: Value, alu: Alu): Value => truth(!alu.compare(b, a));

const COMPARE = { compare: 1 };

/** The first to the power of the second, by the way of exp(b · log a). */
const power: Arithmetic = {
  operations: { multiply: 1, exp: 1, log: 1 },
  compute: (a, b, alu) => alu.power(a, b),
};

/** All two-handed arithmetic. A comparison compares once, whatever it asks. */
const TABLE = {
  add: { operations: { add: 1 }, compute: (a, b, alu) => alu.add(a, b) },
  subtract: { operations: { subtract: 1 }, compute: (a, b, alu) => alu.subtract(a, b) },
  multiply: { operations: { multiply: 1 }, compute: (a, b, alu) => alu.multiply(a, b) },
  divide: { operations: { divide: 1 }, compute: (a, b, alu) => alu.divide(a, b) },
  quotient: { operations: { divide: 1 }, compute: (a, b, alu) => value(wholeOf(alu.divide(a, b))) },
  modulo: { operations: { divide: 1 }, compute: (a, b, alu) => alu.modulo(a, b) },
  remainder: { operations: { divide: 1 }, compute: (a, b, alu) => alu.remainder(a, b) },
  power,
  square: { operations: { multiply: 1 }, compute: (a, _, alu) => alu.multiply(a, a) },
  maximum: { operations: COMPARE, compute: (a, b, alu) => (alu.compare(a, b) ? a : b) },
  minimum: { operations: COMPARE, compute: (a, b, alu) => (alu.compare(b, a) ? a : b) },
  greater: { operations: COMPARE, compute: (a, b, alu) => truth(alu.compare(a, b)) },
  less: { operations: COMPARE, compute: (a, b, alu) => truth(alu.compare(b, a)) },
  atleast: { operations: COMPARE, compute: isAtLeast },
  atmost: { operations: COMPARE, compute: (a, b, alu) => isAtLeast(b, a, alu) },
  // Of numbers, a = b is |a − b| not above 0; the sign is dropped, which is no operation.
  equal: { operations: { subtract: 1, compare: 2 }, compute: (a, b, alu) => equals(a, b, alu) },
} as const satisfies Readonly<Record<string, Arithmetic>>;

function equals(a: Value, b: Value, alu: Alu): Value {
  const difference = alu.subtract(a, b);
  const isAbove = alu.compare(difference, ZERO);
  const isBelow = alu.compare(ZERO, difference);
  return truth(!isAbove && !isBelow);
}

interface Slope {
  /** For the gradient of each operand, per element and operand after the first; of comparisons and whole numbers there is none. */
  readonly operations: Term['each'] | 'none';
  /** What is kept: each operand for the gradients of the others, or all. */
  readonly keeps?: 'others' | 'all';
}

/** With a number for the other operand these need their input still: its slope is not the same everywhere. */
const BY_ONE_OPERAND: readonly string[] = ['power', 'square', 'maximum', 'minimum'];

const NO_SLOPE: Slope = { operations: 'none' };

const GRADIENTS: { readonly [N in keyof typeof TABLE]: Slope } = {
  add: { operations: {} },
  subtract: { operations: { subtract: 1 } },
  multiply: { operations: { multiply: 1 }, keeps: 'others' },
  divide: { operations: { multiply: 1, divide: 1 }, keeps: 'all' },
  quotient: NO_SLOPE,
  modulo: NO_SLOPE,
  remainder: NO_SLOPE,
  power: { operations: { multiply: 3, exp: 1, log: 1 }, keeps: 'all' },
  square: { operations: { multiply: 2 }, keeps: 'all' },
  maximum: { operations: COMPARE, keeps: 'all' },
  minimum: { operations: COMPARE, keeps: 'all' },
  greater: NO_SLOPE,
  less: NO_SLOPE,
  atleast: NO_SLOPE,
  atmost: NO_SLOPE,
  equal: NO_SLOPE,
};

type Name = keyof typeof TABLE;
const NAMES = Object.keys(TABLE) as [Name, ...Name[]];

const attributes = z.strictObject({
  operation: about(oneOf(...NAMES), 'What joins the operands, from left to right.'),
  number: about(optional(real), 'A fixed operand after the inputs.'),
  reversed: about(withDefault(flag, false), 'Whether the number comes before the inputs.'),
});

type Attributes = z.infer<typeof attributes>;

/** How many operands come after the first. */
function others({ number, operation }: Attributes, inputs: number): number {
  const count = inputs - 1 + (number === undefined ? 0 : 1);
  if (count === 0)
    throw fail('CONTRADICTION', { message: `"${operation}" needs two operands. Name two inputs, or give a "number"` }, 'operation');
  return count;
}

export const arithmetic = defineOperator({
  name: 'arithmetic',
  summary:
    'Join tensors element by element, with NumPy’s broadcasting, or a tensor and a fixed number; with reversed: true the number comes first.',
  attributes,
  rule: 'Per output element and operand after the first: add, subtract, multiply, divide and square one of their kind; quotient (of whole numbers, towards 0), modulo (with the sign of the divisor) and remainder (with that of the dividend) one divide; maximum, minimum, greater, less, atleast and atmost one compare; equal one subtract and two compares; power, as exp(b · log a), one log, one multiply and one exp.',
  source: 'ONNX operators Add, Sub, Mul, Div, Mod, Pow, Max, Min, Greater, Less, Equal and their like',
  inputs: { min: 1, max: Number.POSITIVE_INFINITY },
  shape(a, inputs) {
    others(a, inputs.length);
    return joined('arithmetic', inputs);
  },
  work(a, inputs) {
    const times = others(a, inputs.length);
    const operations = Object.entries(TABLE[a.operation].operations).map(([kind, count]) => [kind, count * times]);
    return [each(Object.fromEntries(operations), elementFactors(joined('arithmetic', inputs)))];
  },
  inPlace: true,
  gradient: {
    saves(a, inputs, needs) {
      const { keeps }: Slope = GRADIENTS[a.operation];
      if (inputs.length === 1 && !BY_ONE_OPERAND.includes(a.operation)) return [];
      return inputs.flatMap((_, index) =>
        keeps === 'all' || (keeps === 'others' && needs.inputs.some((needed, other) => needed && other !== index))
          ? [savedInput(index)]
          : [],
      );
    },
    inputs(a, inputs) {
      const output = joined('arithmetic', inputs);
      const { operations }: Slope = GRADIENTS[a.operation];
      if (operations === 'none') return inputs.map(() => 'none');
      const times = others(a, inputs.length);
      const all = Object.fromEntries(Object.entries(operations).map(([kind, count]) => [kind, count * times]));
      return inputs.map((input) => [each(all, elementFactors(output)), ...unbroadcast(input, output)]);
    },
  },
  run(a, [first, ...rest], _, alu) {
    const { compute } = TABLE[a.operation];
    const output = joined(
      'arithmetic',
      [first, ...rest].map(({ shape }) => shape),
    );
    const number = a.number === undefined ? undefined : value(a.number);
    return fill(output, alu, (at) => {
      const operands = [first, ...rest].map((tensor) => readBroadcast(tensor, at));
      const [start, ...following] = number === undefined ? operands : a.reversed ? [number, ...operands] : [...operands, number];
      return following.reduce((result, operand) => compute(result, operand, alu), start);
    });
  },
});
