import { fail } from '../problems/problem.ts';
import { type ComparisonSign, Conditions } from './conditions.ts';

/** A formula over named quantities, computed in exact integers. */
export interface Formula {
  readonly text: string;
  /** The quantities it reads. */
  readonly names: ReadonlySet<string>;
  evaluate(read: (name: string) => bigint): bigint;
}

type Evaluate = Formula['evaluate'];
type Read = Parameters<Evaluate>[0];

const LEXICON = {
  pattern: /\s*(?:(\d+)(?!\w)|([A-Za-z_]\w*)|(\/\/|==|!=|<=|>=|[-+*/%()<>,]))/y,
  kinds: ['number', 'word', 'symbol'],
  noSign: 'there is no such sign; numbers are whole',
} as const;

type Binary = (a: bigint, b: bigint) => bigint;

/** Rounded down, as in Python. */
function quotient(a: bigint, b: bigint): bigint {
  const cut = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? cut - 1n : cut;
}

const OPERATORS = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => quotient(a, b),
  '//': (a, b) => quotient(a, b),
  '%': (a, b) => a - b * quotient(a, b),
} as const satisfies Readonly<Record<string, Binary>>;

const COMPARISONS: Readonly<Record<ComparisonSign, (a: bigint, b: bigint) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** Rounded to so many significant decimal digits, halves to the even neighbour: what `%.3e` prints of 4 digits. */
function significant(x: bigint, digits: bigint): bigint {
  const size = x < 0n ? -x : x;
  const unit = 10n ** BigInt(Math.max(0, String(size).length - Number(digits)));
  const [below, rest] = [size / unit, 2n * (size % unit)];
  const rounded = (rest > unit || (rest === unit && below % 2n === 1n) ? below + 1n : below) * unit;
  return x < 0n ? -rounded : rounded;
}

/** Functions of two values. */
const FUNCTIONS: Readonly<Record<string, Binary>> = {
  min: (a, b) => (a < b ? a : b),
  max: (a, b) => (a > b ? a : b),
  significant,
};

type Sign = keyof typeof OPERATORS;

const DIVIDES: ReadonlySet<Sign> = new Set(['/', '//', '%']);

/** Words that are operators, so they name no quantity. */
const KEYWORDS = new Set(['if', 'else', 'and', 'or', 'not']);

class Parser extends Conditions<(typeof LEXICON.kinds)[number], Read, bigint> {
  constructor(text: string) {
    super(text, LEXICON);
  }

  protected override operand(): Evaluate {
    return this.#sum();
  }

  protected override compare(sign: ComparisonSign, left: bigint, right: bigint): boolean {
    return COMPARISONS[sign](left, right);
  }

  protected override isTrue(value: bigint): boolean {
    return value !== 0n;
  }

  protected override truth(holds: boolean): bigint {
    return holds ? 1n : 0n;
  }

  #sum(): Evaluate {
    return this.#signs(() => this.#product(), '+', '-');
  }

  #product(): Evaluate {
    return this.#signs(() => this.#unary(), '*', '//', '/', '%');
  }

  #signs(operand: () => Evaluate, ...signs: readonly Sign[]): Evaluate {
    return this.tokens.chain(operand, (sign: Sign, left, right) => this.#binary(sign, left, right), ...signs);
  }

  #unary(): Evaluate {
    let minus = false;
    while (this.tokens.take('-')) minus = !minus;
    const operand = this.#atom();
    return minus ? (read) => -operand(read) : operand;
  }

  #binary(sign: Sign, left: Evaluate, right: Evaluate): Evaluate {
    const compute: Binary = OPERATORS[sign];
    if (!DIVIDES.has(sign)) return (read) => compute(left(read), right(read));
    return (read) => {
      const divisor = right(read);
      if (divisor === 0n) throw fail('DIVISION_BY_ZERO', { text: this.tokens.text });
      return compute(left(read), divisor);
    };
  }

  #atom(): Evaluate {
    const { kind, text } = this.tokens.peek;
    const inner = this.parenthesis();
    if (inner !== undefined) return inner;
    if (kind === 'number') {
      this.tokens.skip();
      const value = BigInt(text);
      return () => value;
    }
    if (kind !== 'word' || KEYWORDS.has(text)) throw this.tokens.unexpected('a whole number or the name of a quantity is missing');
    if (this.tokens.isCall) return this.#call(text);
    this.tokens.skip();
    this.names.add(text);
    return (read) => read(text);
  }

  #call(name: string): Evaluate {
    const compute = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (compute === undefined)
      throw this.tokens.unexpected(`there is no function "${name}"; the functions are ${Object.keys(FUNCTIONS).join(', ')}`);
    this.tokens.skip();
    this.tokens.expect('(');
    const a = this.choice();
    this.tokens.expect(',', 'a comma and a second value are missing');
    const b = this.choice();
    this.tokens.expect(')');
    return (read) => compute(a(read), b(read));
  }
}

/**
 * Parses a formula: whole numbers, names of quantities, `+ - *`, `/` or `//` (both rounded down) and `%`, comparisons,
 * `and or not`, `a if c else b`, `min(a, b)`, `max(a, b)`, `significant(a, digits)`; what is not 0 is true. Unlike expressions of a spec, which compute in doubles as the
 * published implementations do, it is exact at any size.
 */
export function parseFormula(text: string): Formula {
  const parser = new Parser(text);
  return { text, evaluate: parser.whole(), names: parser.names };
}
