import { charge, MAX_LEAVES } from '../problems/allowance.ts';
import { AlreadyReported, fail } from '../problems/problem.ts';
import { cut } from '../problems/text.ts';
import { type ComparisonSign, Conditions, type Evaluate as EvaluateIn } from './conditions.ts';

/** The value of an expression. */
export type Value = number | string | boolean | readonly Value[];

/** The values of names; an unknown name is `undefined`, one with a problem that was reported is `null`. */
export type Environment = Readonly<Record<string, Value | undefined | null>>;

export interface Expression {
  /** The names it reads, without `$`. */
  readonly names: ReadonlySet<string>;
  evaluate(environment: Environment): Value;
}

type Evaluate = EvaluateIn<Environment, Value>;

/**
 * How many values a list holds, those of lists in it included: a list of two lists is short, and may hold any number. Past the
 * limit the rest is not counted.
 */
function leavesOf(list: readonly Value[]): number {
  let held = 0;
  for (const part of list) {
    held += typeof part === 'object' ? leavesOf(part) : 1;
    if (held > MAX_LEAVES) break;
  }
  return held;
}

/** The list, if it holds no more values than lists may; what it holds is charged. Throws a `ProblemError`. */
export function checkedList(list: readonly Value[]): readonly Value[] {
  const held = leavesOf(list);
  if (held > MAX_LEAVES) throw fail('LIST_TOO_LONG', { limit: MAX_LEAVES });
  charge('elements', held);
  return list;
}

/**
 * What makes a text of a spec an expression. A word, such as `same`, `3x3` or `B`, stands for itself;
 * an expression has a `$`, or begins like arithmetic and contains some.
 */
export const EXPRESSION = /\$|^[\d(.+-].*[-+*/%^() ]|^[a-z]+\(/;

export const isExpression = (text: string): boolean => EXPRESSION.test(text);

const LEXICON = {
  pattern: /\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?!\w))|\$([A-Za-z_]\w*)|(\w+)|(\/\/|==|!=|<=|>=|[-+*/%^()<>.,]))/y,
  kinds: ['number', 'name', 'word', 'symbol'],
  noSign: 'there is no such sign',
} as const;

/** Python's and PyTorch's rounding: halves go to the even neighbour. */
function roundHalfToEven(x: number): number {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

/**
 * The channel rounding of the MobileNet family: the nearest multiple, but never less than 90% of `x`.
 * Source: `_make_divisible` in TensorFlow's models/research/slim/nets/mobilenet and in torchvision.
 */
function makeDivisible(x: number, divisor: number): number {
  const rounded = Math.max(divisor, Math.floor((x + divisor / 2) / divisor) * divisor);
  return rounded < 0.9 * x ? rounded + divisor : rounded;
}

const FUNCTIONS: Readonly<Record<string, (...xs: number[]) => number>> = {
  floor: Math.floor,
  ceil: Math.ceil,
  round: roundHalfToEven,
  abs: Math.abs,
  sqrt: Math.sqrt,
  log: Math.log,
  exp: Math.exp,
  min: Math.min,
  max: Math.max,
};

/** A function of one value that makes a list. */
interface ListFunction {
  /** What it takes, in words. */
  readonly takes: string;
  /** `undefined` where the value is not that. */
  readonly make: (value: Value) => readonly Value[] | undefined;
}

/** How often each value occurs, in the order in which they first do. */
function occurrences(value: Value): Map<Value, number> | undefined {
  if (!Array.isArray(value)) return undefined;
  const counts = new Map<Value, number>();
  for (const element of value) counts.set(element, (counts.get(element) ?? 0) + 1);
  return counts;
}

const listed = <T>(values: Iterable<T> | undefined): T[] | undefined => values && [...values];

const LISTS: Readonly<Record<string, ListFunction>> = {
  range: {
    takes: `a whole number from 0 to ${MAX_LEAVES}`,
    make: (n) => (isIndex(n) && n <= MAX_LEAVES ? Array.from({ length: n }, (_, index) => index) : undefined),
  },
  distinct: { takes: 'a list', make: (list) => listed(occurrences(list)?.keys()) },
  counts: { takes: 'a list', make: (list) => listed(occurrences(list)?.values()) },
};

const isIndex = (value: Value): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/** Functions of any number of values; the others take one. */
const VARIADIC = new Set(['min', 'max']);

type Binary = (a: number, b: number) => number;

const ARITHMETIC: Readonly<Record<string, Binary>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '//': (a, b) => Math.floor(a / b),
  '%': (a, b) => a - b * Math.floor(a / b),
  '^': (a, b) => a ** b,
  min: Math.min,
  max: Math.max,
  to: (a, b) => Math.floor(a / b + 0.5) * b,
  divisible: makeDivisible,
};

const DIVIDES = new Set(['/', '//', '%', 'to', 'divisible']);

/** Of numbers; anything can be equal. */
const COMPARISONS: Readonly<Record<Exclude<ComparisonSign, '==' | '!='>, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** Parts of a list by name; of a shape these are its axes. */
const FIELDS: Readonly<Record<string, (list: readonly Value[]) => Value | undefined>> = {
  batch: (list) => list[0],
  channels: (list) => list[1],
  tokens: (list) => list.at(-2),
  depth: (list) => list.at(-3),
  height: (list) => list.at(-2),
  width: (list) => list.at(-1),
  features: (list) => list.at(-1),
  rank: (list) => list.length,
  count: (list) => list.length,
};

const LITERALS: Readonly<Record<string, Value>> = { true: true, false: false };

/** Words that are operators, so they cannot stand for themselves. */
const KEYWORDS = new Set(['if', 'else', 'and', 'or', 'not', 'in', 'min', 'max', 'to', 'divisible']);

/** Where the names are known that are not known everywhere. */
const PLACES: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  index: '; only a layer with "repeat" has it',
  to: '; only the layers of a "shortcut" have it',
  each: '; only the branches of a "parallel" with "each" have it',
});

const show = (value: Value | undefined): string => (value === undefined ? 'nothing' : cut(JSON.stringify(value), SHOWN));

/** Characters of a value that a message shows. */
const SHOWN = 80;

class Parser extends Conditions<(typeof LEXICON.kinds)[number], Environment, Value> {
  constructor(text: string) {
    super(text, LEXICON);
  }

  protected override operand(): Evaluate {
    const left = this.#rounding();
    return this.tokens.take('in') === undefined ? left : this.#member(left, this.#rounding());
  }

  protected override compare(sign: ComparisonSign, left: Value, right: Value): boolean {
    if (sign === '==' || sign === '!=') return (left === right) === (sign === '==');
    return COMPARISONS[sign](this.#number(left), this.#number(right));
  }

  protected override isTrue(value: Value): boolean {
    if (typeof value !== 'boolean') throw this.#noValue(`${show(value)} is neither true nor false`);
    return value;
  }

  protected override truth(holds: boolean): boolean {
    return holds;
  }

  /** `$index in $list` */
  #member(element: Evaluate, whole: Evaluate): Evaluate {
    return (environment) => {
      const list = whole(environment);
      if (!Array.isArray(list)) throw this.#noValue(`${show(list)} is no list, so nothing is in it`);
      charge('elements', list.length);
      return list.includes(element(environment));
    };
  }

  #rounding(): Evaluate {
    return this.#binary(() => this.#sum(), 'to', 'divisible', 'min', 'max');
  }

  #sum(): Evaluate {
    return this.#binary(() => this.#product(), '+', '-');
  }

  #product(): Evaluate {
    return this.#binary(() => this.#unary(), '*', '/', '//', '%');
  }

  #binary(operand: () => Evaluate, ...signs: readonly string[]): Evaluate {
    return this.tokens.chain(operand, (sign, left, right) => this.#arithmetic(sign, left, right), ...signs);
  }

  #unary(): Evaluate {
    let minus = false;
    for (let sign = this.tokens.take('-', '+'); sign !== undefined; sign = this.tokens.take('-', '+')) minus = minus !== (sign === '-');
    const operand = this.#power();
    return minus ? (environment) => this.#each((x) => -x, [operand(environment)]) : operand;
  }

  #power(): Evaluate {
    const base = this.#field();
    return this.tokens.take('^') === undefined ? base : this.#arithmetic('^', base, this.#unary());
  }

  #arithmetic(sign: string, left: Evaluate, right: Evaluate): Evaluate {
    const compute = ARITHMETIC[sign] as Binary;
    const divides = DIVIDES.has(sign);
    const checked: Binary = (a, b) => {
      if (divides && b === 0) throw fail('DIVISION_BY_ZERO', { text: this.tokens.text });
      return compute(a, b);
    };
    return (environment) => this.#each(checked, [left(environment), right(environment)]);
  }

  /** Applied to numbers; where a value is a list, to each of its elements in turn. */
  #each(compute: (...xs: number[]) => number, values: readonly Value[]): Value {
    const lists = values.filter((value): value is readonly Value[] => Array.isArray(value));
    const [first] = lists;
    if (first === undefined) {
      charge('elements');
      return this.#finite(compute(...values.map((value) => this.#number(value))));
    }
    charge('elements', first.length);
    const uneven = lists.find((list) => list.length !== first.length);
    if (uneven !== undefined) throw this.#noValue(`${show(first)} and ${show(uneven)} are not of the same length`);
    const operands: Value[] = [...values];
    return first.map((_, index) => {
      for (let i = 0; i < values.length; i++) {
        const value = values[i] as Value;
        operands[i] = Array.isArray(value) ? (value[index] as Value) : value;
      }
      // Most elements are numbers, and few operations have more than two operands.
      const [a, b] = operands;
      if (operands.length === 2 && typeof a === 'number' && typeof b === 'number') return this.#finite(compute(a, b));
      return this.#each(compute, [...operands]);
    });
  }

  /** `$in.channels`, `$layers.0`, `$layers.$index`, `$layers.($index + 1)` */
  #field(): Evaluate {
    let value = this.#atom();
    while (this.tokens.take('.')) {
      const { kind, text } = this.tokens.peek;
      if (kind === 'name' || text === '(') {
        value = this.#element(value, this.#atom());
        continue;
      }
      if (kind !== 'word' && kind !== 'number') throw this.tokens.unexpected('the name or number of a part should follow the dot');
      this.tokens.skip();
      // "1.2" after a dot is two indices, not a number.
      for (const part of text.split('.')) value = this.#part(value, part);
    }
    return value;
  }

  #part(whole: Evaluate, part: string): Evaluate {
    const index = /^\d+$/.test(part) ? Number(part) : undefined;
    const field = index === undefined && Object.hasOwn(FIELDS, part) ? FIELDS[part] : undefined;
    if (index === undefined && field === undefined)
      throw this.#noValue(`there is no part "${part}"; the parts are 0, 1, 2, … and ${Object.keys(FIELDS).join(', ')}`);
    return (environment) => {
      const list = whole(environment);
      if (!Array.isArray(list)) throw this.#noValue(`${show(list)} is no list, so it has no part "${part}"`);
      const value = index === undefined ? field?.(list) : list[index];
      if (value === undefined) throw this.#noValue(`${show(list)} has no part "${part}"`);
      return value;
    };
  }

  #element(whole: Evaluate, index: Evaluate): Evaluate {
    return (environment) => {
      const list = whole(environment);
      const at = index(environment);
      if (!Array.isArray(list)) throw this.#noValue(`${show(list)} is no list, so it has no part ${show(at)}`);
      const value = isIndex(at) ? list[at] : undefined;
      if (value === undefined) throw this.#noValue(`${show(list)} has no part ${show(at)}`);
      return value;
    };
  }

  #atom(): Evaluate {
    const token = this.tokens.peek;
    if (token.kind === 'number') {
      this.tokens.skip();
      const value = Number(token.text);
      return () => value;
    }
    if (token.kind === 'name') {
      this.tokens.skip();
      this.names.add(token.text);
      return (environment) => {
        const value = environment[token.text];
        if (value === null) throw new AlreadyReported();
        if (value === undefined) throw this.#noValue(`$${token.text} has no value here${PLACES[token.text] ?? ''}`);
        return value;
      };
    }
    const inner = this.parenthesis();
    if (inner !== undefined) return inner;
    if (token.kind === 'word' && this.tokens.isCall) return this.#call(token.text);
    if (token.kind !== 'word' || KEYWORDS.has(token.text)) throw this.tokens.unexpected('a number, a $name or a word is missing');
    this.tokens.skip();
    const literal = Object.hasOwn(LITERALS, token.text) ? (LITERALS[token.text] as Value) : token.text;
    return () => literal;
  }

  #call(name: string): Evaluate {
    const compute = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    const list = Object.hasOwn(LISTS, name) ? LISTS[name] : undefined;
    if (compute === undefined && list === undefined) {
      const known = [...Object.keys(FUNCTIONS), ...Object.keys(LISTS)];
      throw this.tokens.unexpected(`there is no function "${name}"; the functions are ${known.join(', ')}`);
    }
    this.tokens.skip();
    this.tokens.expect('(');
    if (list !== undefined) return this.#list(name, list);
    const operands = [this.choice()];
    while (this.tokens.take(',')) operands.push(this.choice());
    if (operands.length > 1 && !VARIADIC.has(name)) throw this.tokens.unexpected(`${name} takes one value`);
    this.tokens.expect(')');
    return (environment) =>
      this.#each(
        compute as (...xs: number[]) => number,
        operands.map((operand) => operand(environment)),
      );
  }

  #list(name: string, { takes, make }: ListFunction): Evaluate {
    const operand = this.choice();
    this.tokens.expect(')');
    return (environment) => {
      const value = operand(environment);
      const list = make(value);
      if (list === undefined) throw this.#noValue(`${name} takes ${takes}, not ${show(value)}`);
      return checkedList(list);
    };
  }

  #noValue(reason: string) {
    return fail('NO_VALUE', { text: this.tokens.text, reason });
  }

  #number(value: Value): number {
    if (typeof value !== 'number') throw this.#noValue(`${show(value)} is no number`);
    return value;
  }

  #finite(value: number): number {
    if (!Number.isFinite(value)) throw this.#noValue('the result is no finite number');
    return value;
  }
}

/**
 * Parses arithmetic of a spec: numbers, words, `$names`, `+ - * / // % ^`, comparisons, `and or not`,
 * `a if c else b`, `x to 8` (nearest multiple), `x divisible 8` (MobileNet's rounding) and a few functions.
 * Arithmetic with a list is done with each of its elements: `range(3) * 8` is 0, 8, 16.
 * It computes in doubles, as the published implementations do. Nothing in it can run code.
 */
export function parseExpression(text: string): Expression {
  const parser = new Parser(text);
  return { evaluate: parser.whole(), names: parser.names };
}
