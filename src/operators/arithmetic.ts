import * as z from 'zod/mini';
import type { Alu } from '../core/alu.ts';
import type { Place } from '../core/places.ts';
import { type Element, elementOf, ONE, type Tensor, wholeOf, ZERO } from '../core/tensor.ts';
import { each, elementFactors, type Operation, type Term } from '../core/work.ts';
import { fail } from '../problems/problem.ts';
import { about, flag, oneOf, optional, real, withDefault } from './kit/attributes.ts';
import { fill, readBroadcast } from './kit/elements.ts';
import { joined } from './kit/elementwise.ts';
import { gathered, savedInput, toEach, unbroadcast } from './kit/gradient.ts';
import { defineOperator } from './kit/operator.ts';
import { jointly } from './kit/reach.ts';

interface Arithmetic {
  /** What is done for each element and each operand after the first. */
  readonly operations: Term['each'];
  compute(a: Element, b: Element, alu: Alu): Element;
}

const truth = (holds: boolean): Element => (holds ? ONE : ZERO);

/** Whether the first is no less: not below it. */
const isAtLeast = (a: Element, b: Element, alu: Alu): Element => truth(!alu.compare(b, a));

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
  quotient: { operations: { divide: 1 }, compute: (a, b, alu) => elementOf(wholeOf(alu.divide(a, b))) },
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

function equals(a: Element, b: Element, alu: Alu): Element {
  const difference = alu.subtract(a, b);
  const isAbove = alu.compare(difference, ZERO);
  const isBelow = alu.compare(ZERO, difference);
  return truth(!isAbove && !isBelow);
}

/** The gradient of one operand of two, from both, the result and its gradient. */
interface Slope {
  readonly operations: Term['each'];
  compute(g: Element, a: Element, b: Element, y: Element, alu: Alu): Element;
}

interface Slopes {
  readonly first: Slope;
  readonly second: Slope;
  /** What is kept: each operand for the gradients of the others, or all. */
  readonly keeps?: 'others' | 'all';
}

/** With a number for the other operand these need their input still: its slope is not the same everywhere. */
const BY_ONE_OPERAND: readonly string[] = ['power', 'square', 'maximum', 'minimum'];

const PASSED: Slope = { operations: {}, compute: (g) => g };
const NOTHING: Slope = { operations: {}, compute: () => ZERO };

const chosen = (isChosen: (a: Element, b: Element, alu: Alu) => boolean): Slope => ({
  operations: COMPARE,
  compute: (g, a, b, _, alu) => (isChosen(a, b, alu) ? g : ZERO),
});

/** Of comparisons and whole numbers there is none. */
const GRADIENTS: { readonly [N in keyof typeof TABLE]: Slopes | 'none' } = {
  add: { first: PASSED, second: PASSED },
  subtract: { first: PASSED, second: { operations: { subtract: 1 }, compute: (g, _, __, ___, alu) => alu.subtract(ZERO, g) } },
  multiply: {
    keeps: 'others',
    first: { operations: { multiply: 1 }, compute: (g, _, b, __, alu) => alu.multiply(g, b) },
    second: { operations: { multiply: 1 }, compute: (g, a, _, __, alu) => alu.multiply(g, a) },
  },
  divide: {
    keeps: 'all',
    first: { operations: { divide: 1 }, compute: (g, _, b, __, alu) => alu.divide(g, b) },
    second: {
      operations: { multiply: 1, divide: 1, subtract: 1 },
      compute: (g, _, b, y, alu) => alu.subtract(ZERO, alu.multiply(g, alu.divide(y, b))),
    },
  },
  quotient: 'none',
  modulo: 'none',
  remainder: 'none',
  power: {
    keeps: 'all',
    /** g · b · a^(b − 1) */
    first: {
      operations: { multiply: 3, exp: 1, log: 1, subtract: 1 },
      compute: (g, a, b, _, alu) => alu.multiply(alu.multiply(g, b), alu.power(a, alu.subtract(b, ONE))),
    },
    second: { operations: { multiply: 2, log: 1 }, compute: (g, a, _, y, alu) => alu.multiply(alu.multiply(g, y), alu.log(a)) },
  },
  square: {
    keeps: 'all',
    first: { operations: { multiply: 2 }, compute: (g, a, _, __, alu) => alu.multiply(alu.multiply(g, elementOf(2)), a) },
    second: NOTHING,
  },
  maximum: { keeps: 'all', first: chosen((a, b, alu) => alu.compare(a, b)), second: chosen((a, b, alu) => !alu.compare(a, b)) },
  minimum: { keeps: 'all', first: chosen((a, b, alu) => alu.compare(b, a)), second: chosen((a, b, alu) => !alu.compare(b, a)) },
  greater: 'none',
  less: 'none',
  atleast: 'none',
  atmost: 'none',
  equal: 'none',
};

/** What each slope costs that the gradient of an operand passes: that of the join which it enters, and of all later ones. */
function slopesFrom({ first, second }: Slopes, place: number, joins: number): Term['each'] {
  const total: Partial<Record<Operation, number>> = {};
  const later = joins - place;
  for (const [{ operations }, times] of [
    [second, place > 0 ? 1 : 0],
    [first, later],
  ] as const)
    for (const kind of Object.keys(operations) as Operation[]) {
      const count = (total[kind] ?? 0) + times * (operations[kind] as number);
      if (count > 0) total[kind] = count;
    }
  return total;
}

type Name = keyof typeof TABLE;
const NAMES = Object.keys(TABLE) as [Name, ...Name[]];

const attributes = z.strictObject({
  operation: about(oneOf(...NAMES), 'What joins the operands, from left to right.'),
  number: about(optional(real), 'A fixed operand after the inputs; a square needs none.'),
  reversed: about(withDefault(flag, false), 'Whether the number comes before the inputs.'),
});

type Attributes = z.infer<typeof attributes>;

/** The fixed operand: a square alone is one by 2. */
export const fixedOperand = ({ number, operation }: Pick<Attributes, 'number' | 'operation'>, inputs: number): number | undefined =>
  number ?? (operation === 'square' && inputs === 1 ? 2 : undefined);

/** How many operands come after the first. */
function others({ number, operation }: Attributes, inputs: number): number {
  if (operation === 'square' && number !== undefined && number !== 2)
    throw fail('CONTRADICTION', { message: `A square has no "number" but 2, and this one is ${number}. Use operation: power` }, 'number');
  const count = inputs - 1 + (fixedOperand({ number, operation }, inputs) === undefined ? 0 : 1);
  if (count === 0)
    throw fail('CONTRADICTION', { message: `"${operation}" needs two operands. Name two inputs, or give a "number"` }, 'operation');
  return count;
}

/** What a square is a power by. */
const TWO = 2;

/** The operands of one element of the output. */
function operandsAt({ number: given, operation, reversed }: Attributes, inputs: readonly Tensor[], at: Place): Element[] {
  const operands = inputs.map((tensor) => readBroadcast(tensor, at));
  const isAlone = operation === 'square' && operands.length === 1;
  const number = given ?? (isAlone ? TWO : undefined);
  if (number === undefined) return operands;
  return reversed ? [elementOf(number), ...operands] : [...operands, elementOf(number)];
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
  reach: (_, inputs) => jointly(inputs),
  work(a, inputs) {
    const times = others(a, inputs.length);
    const operations = Object.entries(TABLE[a.operation].operations).map(([kind, count]) => [kind, count * times]);
    return [each(Object.fromEntries(operations), elementFactors(joined('arithmetic', inputs)))];
  },
  inPlace: true,
  gradient: {
    saves(a, inputs, needs) {
      const slopes = GRADIENTS[a.operation];
      if (slopes === 'none') return [];
      const { keeps } = slopes;
      if (inputs.length === 1 && !BY_ONE_OPERAND.includes(a.operation)) return [];
      return inputs.flatMap((_, index) =>
        keeps === 'all' || (keeps === 'others' && needs.inputs.some((needed, other) => needed && other !== index))
          ? [savedInput(index)]
          : [],
      );
    },
    inputs(a, inputs) {
      const output = joined('arithmetic', inputs);
      const slopes = GRADIENTS[a.operation];
      if (slopes === 'none') return inputs.map(() => 'none');
      const joins = others(a, inputs.length);
      const shift = a.reversed && a.number !== undefined ? 1 : 0;
      return inputs.map((input, index) => [
        each(slopesFrom(slopes, index + shift, joins), elementFactors(output)),
        ...unbroadcast(input, output),
      ]);
    },
    run: toEach((a: Attributes, index, { inputs, gradients: [g] }, alu, kept) => {
      const { first, second } = GRADIENTS[a.operation] as Slopes;
      const { compute } = TABLE[a.operation];
      const shift = a.reversed && a.number !== undefined ? 1 : 0;
      const place = index + shift;
      return gathered((inputs[index] as Tensor).shape, (g as Tensor).shape, alu, (at, offset) => {
        const operands = operandsAt(a, inputs, at);
        // What each join gave, the first operand being given.
        const results = [operands[0]];
        for (const operand of operands.slice(1)) results.push(compute(results.at(-1), operand, kept));
        let gradient = (g as Tensor).data[offset];
        for (let join = operands.length - 1; join >= Math.max(place, 1); join--) {
          const slope = join === place ? second : first;
          gradient = slope.compute(gradient, results[join - 1], operands[join], results[join], alu);
        }
        return gradient;
      });
    }),
  },
  run(a, [first, ...rest], _, alu) {
    const { compute } = TABLE[a.operation];
    const output = joined(
      'arithmetic',
      [first, ...rest].map(({ shape }) => shape),
    );
    return fill(output, alu, (at) => {
      const [start, ...following] = operandsAt(a, [first, ...rest], at);
      return following.reduce((result, operand) => compute(result, operand, alu), start);
    });
  },
});
