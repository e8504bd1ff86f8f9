import { type Lexicon, Tokens } from './tokens.ts';

/** Computes a value in an environment, which knows the names. */
export type Evaluate<Environment, Value> = (environment: Environment) => Value;

const COMPARISONS = ['==', '!=', '<=', '>=', '<', '>'] as const;
export type ComparisonSign = (typeof COMPARISONS)[number];

/**
 * What the small languages share: `a if c else b`, `or`, `and`, `not`, comparisons and parentheses. Recursive descent; each method
 * parses one level of precedence, loosest first. What is compared is each language's own.
 */
export abstract class Conditions<Kind extends string, Environment, Value> {
  /** The names that are read. */
  readonly names = new Set<string>();
  protected readonly tokens: Tokens<Kind>;

  constructor(text: string, lexicon: Lexicon<Kind>) {
    this.tokens = new Tokens(text, lexicon);
  }

  /** What is compared. */
  protected abstract operand(): Evaluate<Environment, Value>;
  protected abstract compare(sign: ComparisonSign, left: Value, right: Value): boolean;
  /** Throws a `ProblemError` where the value is neither true nor false. */
  protected abstract isTrue(value: Value): boolean;
  protected abstract truth(holds: boolean): Value;

  whole(): Evaluate<Environment, Value> {
    const evaluate = this.choice();
    this.tokens.expectEnd();
    return evaluate;
  }

  /** `a if condition else b` */
  protected choice(): Evaluate<Environment, Value> {
    return this.tokens.nested(() => {
      const yes = this.#or();
      if (this.tokens.take('if') === undefined) return yes;
      const condition = this.#or();
      this.tokens.expect('else');
      const no = this.choice();
      return (environment) => (this.isTrue(condition(environment)) ? yes : no)(environment);
    });
  }

  /** `(a)`, where it begins here. */
  protected parenthesis(): Evaluate<Environment, Value> | undefined {
    if (this.tokens.take('(') === undefined) return undefined;
    const inner = this.choice();
    this.tokens.expect(')');
    return inner;
  }

  #or(): Evaluate<Environment, Value> {
    let left = this.#and();
    while (this.tokens.take('or')) {
      const [a, b] = [left, this.#and()];
      left = (environment) => this.truth(this.isTrue(a(environment)) || this.isTrue(b(environment)));
    }
    return left;
  }

  #and(): Evaluate<Environment, Value> {
    let left = this.#not();
    while (this.tokens.take('and')) {
      const [a, b] = [left, this.#not()];
      left = (environment) => this.truth(this.isTrue(a(environment)) && this.isTrue(b(environment)));
    }
    return left;
  }

  #not(): Evaluate<Environment, Value> {
    let negations = 0;
    while (this.tokens.take('not')) negations++;
    const operand = this.#comparison();
    if (negations === 0) return operand;
    return (environment) => this.truth(this.isTrue(operand(environment)) === (negations % 2 === 0));
  }

  #comparison(): Evaluate<Environment, Value> {
    const left = this.operand();
    const sign = this.tokens.take(...COMPARISONS);
    if (sign === undefined) return left;
    const right = this.operand();
    return (environment) => this.truth(this.compare(sign, left(environment), right(environment)));
  }
}
