import { fail } from './problem.ts';

/** A formula over named quantities, computed in exact integers. */
export interface Formula {
  readonly text: string;
  /** The quantities it reads. */
  readonly names: ReadonlySet<string>;
  evaluate(read: (name: string) => bigint): bigint;
}

type Evaluate = Formula['evaluate'];

const MAX_TEXT = 500;
const MAX_NESTING = 50;

const TOKEN = /\s*(?:(\d+)(?!\w)|([A-Za-z_]\w*)|(\/\/|==|!=|<=|>=|[-+*/%()<>,]))/y;

interface Token {
  readonly kind: 'number' | 'word' | 'symbol' | 'end';
  readonly text: string;
  readonly at: number;
}

const KINDS = ['number', 'word', 'symbol'] as const;

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== '') {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null)
      throw fail('BAD_EXPRESSION', { text, at: text.slice(at).trim(), expected: 'there is no such sign; numbers are whole' });
    const which = match.slice(1).findIndex((part) => part !== undefined);
    tokens.push({ kind: KINDS[which] as Token['kind'], text: match[which + 1] as string, at });
  }
  return [...tokens, { kind: 'end', text: '', at: text.length }];
}

type Binary = (a: bigint, b: bigint) => bigint;

const truth = (holds: boolean): bigint => (holds ? 1n : 0n);

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
  '==': (a, b) => truth(a === b),
  '!=': (a, b) => truth(a !== b),
  '<': (a, b) => truth(a < b),
  '<=': (a, b) => truth(a <= b),
  '>': (a, b) => truth(a > b),
  '>=': (a, b) => truth(a >= b),
} as const satisfies Readonly<Record<string, Binary>>;

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

/** Recursive descent; each method parses one level of precedence, loosest first. */
class Parser {
  readonly names = new Set<string>();
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #nesting = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  whole(): Evaluate {
    const evaluate = this.#choice();
    if (this.#peek.kind !== 'end') throw this.#unexpected('it should end');
    return evaluate;
  }

  get #peek(): Token {
    return this.#tokens[this.#next] as Token;
  }

  #unexpected(expected: string) {
    return fail('BAD_EXPRESSION', { text: this.#text, at: this.#text.slice(this.#peek.at).trim(), expected });
  }

  #take<T extends string>(...texts: readonly T[]): T | undefined {
    const found = texts.find((text) => text === this.#peek.text);
    if (found !== undefined) this.#next++;
    return found;
  }

  /** `a if condition else b` */
  #choice(): Evaluate {
    if (++this.#nesting > MAX_NESTING) throw fail('NESTED_TOO_DEEPLY', { limit: MAX_NESTING });
    const yes = this.#or();
    if (this.#take('if') === undefined) {
      this.#nesting--;
      return yes;
    }
    const condition = this.#or();
    if (this.#take('else') === undefined) throw this.#unexpected('"else" is missing');
    const no = this.#choice();
    this.#nesting--;
    return (read) => (condition(read) === 0n ? no : yes)(read);
  }

  #or(): Evaluate {
    let left = this.#and();
    while (this.#take('or')) {
      const [a, b] = [left, this.#and()];
      left = (read) => truth(a(read) !== 0n || b(read) !== 0n);
    }
    return left;
  }

  #and(): Evaluate {
    let left = this.#not();
    while (this.#take('and')) {
      const [a, b] = [left, this.#not()];
      left = (read) => truth(a(read) !== 0n && b(read) !== 0n);
    }
    return left;
  }

  #not(): Evaluate {
    let negations = 0;
    while (this.#take('not')) negations++;
    const operand = this.#comparison();
    return negations === 0 ? operand : (read) => truth((operand(read) === 0n) === (negations % 2 === 1));
  }

  #comparison(): Evaluate {
    const left = this.#sum();
    const sign = this.#take('==', '!=', '<=', '>=', '<', '>');
    return sign === undefined ? left : this.#binary(sign, left, this.#sum());
  }

  #sum(): Evaluate {
    let left = this.#product();
    for (let sign = this.#take('+', '-'); sign !== undefined; sign = this.#take('+', '-')) left = this.#binary(sign, left, this.#product());
    return left;
  }

  #product(): Evaluate {
    let left = this.#unary();
    for (let sign = this.#take('*', '//', '/', '%'); sign !== undefined; sign = this.#take('*', '//', '/', '%'))
      left = this.#binary(sign, left, this.#unary());
    return left;
  }

  #unary(): Evaluate {
    let minus = false;
    while (this.#take('-')) minus = !minus;
    const operand = this.#atom();
    return minus ? (read) => -operand(read) : operand;
  }

  #binary(sign: Sign, left: Evaluate, right: Evaluate): Evaluate {
    const compute: Binary = OPERATORS[sign];
    if (!DIVIDES.has(sign)) return (read) => compute(left(read), right(read));
    return (read) => {
      const divisor = right(read);
      if (divisor === 0n) throw fail('DIVISION_BY_ZERO', { text: this.#text });
      return compute(left(read), divisor);
    };
  }

  #atom(): Evaluate {
    const { kind, text } = this.#peek;
    if (this.#take('(')) {
      const inner = this.#choice();
      if (this.#take(')') === undefined) throw this.#unexpected('")" is missing');
      return inner;
    }
    if (kind === 'number') {
      this.#next++;
      const value = BigInt(text);
      return () => value;
    }
    if (kind !== 'word' || KEYWORDS.has(text)) throw this.#unexpected('a whole number or the name of a quantity is missing');
    if (this.#tokens[this.#next + 1]?.text === '(') return this.#call(text);
    this.#next++;
    this.names.add(text);
    return (read) => read(text);
  }

  #call(name: string): Evaluate {
    const compute = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
    if (compute === undefined)
      throw this.#unexpected(`there is no function "${name}"; the functions are ${Object.keys(FUNCTIONS).join(', ')}`);
    this.#next += 2;
    const a = this.#choice();
    if (this.#take(',') === undefined) throw this.#unexpected('a comma and a second value are missing');
    const b = this.#choice();
    if (this.#take(')') === undefined) throw this.#unexpected('")" is missing');
    return (read) => compute(a(read), b(read));
  }
}

/**
 * Parses a formula: whole numbers, names of quantities, `+ - *`, `/` or `//` (both rounded down) and `%`, comparisons,
 * `and or not`, `a if c else b`, `min(a, b)`, `max(a, b)`, `significant(a, digits)`; what is not 0 is true. Unlike expressions of a spec, which compute in doubles as the
 * published implementations do, it is exact at any size.
 */
export function parseFormula(text: string): Formula {
  if (text.length > MAX_TEXT)
    throw fail('BAD_EXPRESSION', { text, at: `${text.slice(0, 20)}…`, expected: `it is longer than ${MAX_TEXT} characters` });
  const parser = new Parser(text);
  return { text, evaluate: parser.whole(), names: parser.names };
}
