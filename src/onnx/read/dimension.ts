/**
 * Sizes that exporters write as expressions of others, such as `past_sequence_length + sequence_length`, `8*s0` or
 * `((s1 - 1)//2) + 1`.
 */

/** Names may be paths, such as `Squeeze/decoder/output_0_dim_0`. */
const TOKEN = /\s*(\/\/|[+*/(),-]|\d+(?![\w.])|[A-Za-z_][\w.:]*(?:\/[A-Za-z_][\w.:]*)*)/y;

function tokensOf(text: string): string[] | undefined {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined) return undefined;
    tokens.push(token);
  }
  return tokens;
}

type Binary = (a: number, b: number) => number;

const SUMS: Readonly<Record<string, Binary>> = { '+': (a, b) => a + b, '-': (a, b) => a - b };
const PRODUCTS: Readonly<Record<string, Binary>> = {
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '//': (a, b) => Math.floor(a / b),
};
const FUNCTIONS: Readonly<Record<string, (...numbers: readonly number[]) => number>> = {
  floor: (x = Number.NaN) => Math.floor(x),
  ceiling: (x = Number.NaN) => Math.ceil(x),
  max: (...numbers) => Math.max(...numbers),
  min: (...numbers) => Math.min(...numbers),
};

/** Parentheses within parentheses. */
const MAX_DEPTH = 32;

class Reader {
  readonly #tokens: readonly string[];
  readonly #sizeOf: (name: string) => number | undefined;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly string[], sizeOf: (name: string) => number | undefined) {
    this.#tokens = tokens;
    this.#sizeOf = sizeOf;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }

  #chain(operators: Readonly<Record<string, Binary>>, operand: () => number): number {
    let value = operand();
    for (;;) {
      const token = this.#tokens[this.#at];
      const operator = token !== undefined && Object.hasOwn(operators, token) ? operators[token] : undefined;
      if (operator === undefined) return value;
      this.#at++;
      value = operator(value, operand());
    }
  }

  sum = (): number => {
    if (++this.#depth > MAX_DEPTH) return Number.NaN;
    const value = this.#chain(SUMS, () => this.#chain(PRODUCTS, this.#operand));
    this.#depth--;
    return value;
  };

  readonly #operand = (): number => {
    let sign = 1;
    while (this.#take('-')) sign = -sign;
    return sign * this.#plain();
  };

  #plain(): number {
    if (this.#take('(')) {
      const value = this.sum();
      return this.#take(')') ? value : Number.NaN;
    }
    const token = this.#tokens[this.#at++];
    if (token === undefined) return Number.NaN;
    if (/^\d/.test(token)) return Number(token);
    const rule = FUNCTIONS[token.toLowerCase()];
    if (rule === undefined || !this.#take('(')) return this.#sizeOf(token) ?? Number.NaN;
    const given = [this.sum()];
    while (this.#take(',')) given.push(this.sum());
    return this.#take(')') ? rule(...given) : Number.NaN;
  }
}

/** The size that an expression gives; `undefined` where it is none, one of its names has no size, or the result is no size. */
export function sizeOfExpression(text: string, sizeOf: (name: string) => number | undefined): number | undefined {
  const tokens = tokensOf(text);
  if (tokens === undefined || tokens.length < 2) return undefined;
  const reader = new Reader(tokens, sizeOf);
  const size = reader.sum();
  return reader.isAtEnd && Number.isSafeInteger(size) && size >= 0 ? size : undefined;
}

/** Names that an expression is of; none where the text is a name itself, or no expression. */
export function namesInExpression(text: string): string[] {
  const tokens = tokensOf(text) ?? [];
  if (tokens.length < 2 || sizeOfExpression(text, () => 1) === undefined) return [];
  return tokens.filter((token, index) => /^[A-Za-z_]/.test(token) && tokens[index + 1] !== '(');
}
