/**
 * The path of a node grows while the graph is built, but whether a step is numbered, `conv` or
 * `conv[0]`, is known only when its siblings are: it is numbered where several share its name.
 */
export class Scope {
  readonly #parent: Scope | undefined;
  readonly #name: string;
  readonly #index: number;
  readonly #siblings = new Map<string, number>();
  #children: Map<string, Scope> | undefined;
  #text: string | undefined;

  constructor(parent?: Scope, name = '') {
    this.#parent = parent;
    this.#name = name;
    this.#index = parent === undefined ? 0 : parent.take(name);
  }

  /** Takes the next number of that name in this scope. */
  take(name: string): number {
    const index = this.#siblings.get(name) ?? 0;
    this.#siblings.set(name, index + 1);
    return index;
  }

  /** The one scope of that name in this, where all that has the name belongs together. */
  child(name: string): Scope {
    this.#children ??= new Map();
    const child = this.#children.get(name) ?? new Scope(this, name);
    this.#children.set(name, child);
    return child;
  }

  /** Whether nothing is in it but one step. Final once all siblings are there. */
  get holdsOne(): boolean {
    const [taken, ...others] = this.#siblings.values();
    return taken === 1 && others.length === 0;
  }

  /** The full path of the step that took `index` of `name`. Final once all siblings are there. */
  path(name: string, index: number): string {
    const step = (this.#siblings.get(name) as number) > 1 ? `${name}[${index}]` : name;
    const scope = this.toString();
    return scope === '' ? step : `${scope}/${step}`;
  }

  toString(): string {
    this.#text ??= this.#parent === undefined ? '' : this.#parent.path(this.#name, this.#index);
    return this.#text;
  }
}
