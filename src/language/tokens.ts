import { fail, type ProblemError } from '../problems/problem.ts';

/** Most characters of an expression. */
const MAX_TEXT = 500;
/** Deepest nesting of expressions in parentheses and the like. */
const MAX_NESTING = 50;

/** A part of an expression, and where it begins. */
interface Token<Kind extends string> {
  readonly kind: Kind | 'end';
  readonly text: string;
  readonly at: number;
}

/** What a language is made of: a sticky pattern with a group for each kind of token, after blanks; and what to say of any other sign. */
export interface Lexicon<Kind extends string> {
  readonly pattern: RegExp;
  readonly kinds: readonly Kind[];
  readonly noSign: string;
}

function tokenize<Kind extends string>(text: string, { pattern, kinds, noSign }: Lexicon<Kind>): Token<Kind>[] {
  const tokens: Token<Kind>[] = [];
  pattern.lastIndex = 0;
  while (text.slice(pattern.lastIndex).trim() !== '') {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) throw fail('BAD_EXPRESSION', { text, at: text.slice(at).trim(), expected: noSign });
    const which = match.slice(1).findIndex((part) => part !== undefined);
    tokens.push({ kind: kinds[which] as Kind, text: match[which + 1] as string, at });
  }
  return tokens;
}

/** The tokens of an expression, taken one after the other. Throws a `ProblemError` where they are not what is expected. */
export class Tokens<Kind extends string> {
  readonly text: string;
  readonly #tokens: readonly Token<Kind>[];
  #next = 0;
  #nesting = 0;

  constructor(text: string, lexicon: Lexicon<Kind>) {
    if (text.length > MAX_TEXT)
      throw fail('BAD_EXPRESSION', { text, at: `${text.slice(0, 20)}…`, expected: `it is longer than ${MAX_TEXT} characters` });
    this.text = text;
    this.#tokens = [...tokenize(text, lexicon), { kind: 'end', text: '', at: text.length }];
  }

  get peek(): Token<Kind> {
    return this.#tokens[this.#next] as Token<Kind>;
  }

  /** Whether the next token is followed by a parenthesis, as the name of a function is. */
  get isCall(): boolean {
    return this.#tokens[this.#next + 1]?.text === '(';
  }

  skip(): void {
    this.#next++;
  }

  /** Takes the next token if it is one of these words and symbols. */
  take<T extends string>(...texts: readonly T[]): T | undefined {
    const { kind, text } = this.peek;
    const found = kind === 'symbol' || kind === 'word' ? texts.find((wanted) => wanted === text) : undefined;
    if (found !== undefined) this.#next++;
    return found;
  }

  expect(text: string, what = `"${text}" is missing`): void {
    if (this.take(text) === undefined) throw this.unexpected(what);
  }

  expectEnd(): void {
    if (this.peek.kind !== 'end') throw this.unexpected('it should end');
  }

  unexpected(expected: string): ProblemError {
    return fail('BAD_EXPRESSION', { text: this.text, at: this.text.slice(this.peek.at).trim(), expected });
  }

  /** Operands with signs between them, joined from the left. */
  chain<T, S extends string>(operand: () => T, join: (sign: S, left: T, right: T) => T, ...signs: readonly S[]): T {
    let left = operand();
    for (let sign = this.take(...signs); sign !== undefined; sign = this.take(...signs)) left = join(sign, left, operand());
    return left;
  }

  /** Parses an expression inside another. */
  nested<T>(parse: () => T): T {
    if (++this.#nesting > MAX_NESTING) throw fail('NESTED_TOO_DEEPLY', { limit: MAX_NESTING });
    const result = parse();
    this.#nesting--;
    return result;
  }
}
