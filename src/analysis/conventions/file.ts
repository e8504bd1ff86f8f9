import { parseFormula } from '../../language/formula.ts';
import { isOperatorName, type OperatorName, operatorNames } from '../../operators/registry.ts';
import { FlopwiseError, type Position, type Problem, ProblemList } from '../../problems/problem.ts';
import type { ProblemCode, ProblemData } from '../../problems/sentences.ts';
import { type Convention, FLOPS, MACS, OPERATIONS_UNIT, type Rule, TRAINING, type Unit } from './convention.ts';
import { isQuantity, quantityNames } from './quantities.ts';
import { conventionNames, conventions } from './registry.ts';

/** The parsed text of a file: its value, and where each of its parts stands. */
export interface ConventionSource {
  readonly file: string;
  readonly value: unknown;
  locate(location: readonly (string | number)[], target: 'key' | 'value'): Position;
}

const UNITS: Readonly<Record<string, Unit>> = Object.fromEntries([MACS, FLOPS, TRAINING, OPERATIONS_UNIT].map((unit) => [unit.name, unit]));

const TEXTS = ['name', 'summary', 'version', 'source', 'extends'] as const;
const KEYS: readonly string[] = [...TEXTS, 'unit', 'otherwise', 'rules'];
const RULE_KEYS: readonly string[] = ['count', 'says', 'where', 'bug'];

type Keys = Readonly<Record<string, unknown>>;

const isMap = (value: unknown): value is Keys => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads one file; what is wrong is collected. */
class Reader {
  readonly #source: ConventionSource;
  readonly #problems = new ProblemList();

  constructor(source: ConventionSource) {
    this.#source = source;
  }

  read(): Convention {
    const { file, value } = this.#source;
    const raw: Keys = isMap(value) ? value : {};
    if (!isMap(value)) this.#add('WRONG_VALUE', { key: file, value, expected: 'a map of keys such as "unit:" and "rules:"' }, []);
    this.#known(raw, KEYS, 'a convention', []);
    for (const key of TEXTS) if (raw[key] !== undefined) this.#text(raw[key], key, [key]);
    const base = this.#base(raw.extends);
    const otherwise = raw.otherwise === undefined ? undefined : this.#rule(raw.otherwise, 'otherwise', ['otherwise']);
    const own = this.#rules(raw.rules);
    const rules = operatorNames.map((name) => [name, own.get(name) ?? otherwise ?? base?.rules[name]] as const);
    const given = new Set(Object.keys(isMap(raw.rules) ? raw.rules : {}));
    const missing = rules.filter(([name, rule]) => rule === undefined && !given.has(name)).map(([name]) => name);
    // Where a rule for the others is given but wrong, that is told already.
    if (missing.length > 0 && raw.otherwise === undefined && (raw.extends === undefined || base !== undefined))
      this.#add(
        'MISSING_KEY',
        {
          key: missing[0] as string,
          owner: 'rules',
          expected: 'a formula; or give all others one with "otherwise: 0", or "extends: fvcore"',
        },
        ['rules'],
      );
    const convention: Convention = {
      name: typeof raw.name === 'string' ? raw.name : (/([^/]+?)(?:\.\w+)?$/.exec(file)?.[1] ?? file),
      summary: typeof raw.summary === 'string' ? raw.summary : `The convention of ${file}.`,
      unit: this.#unit(raw.unit) ?? base?.unit ?? MACS,
      ...(typeof raw.version === 'string' ? { version: raw.version } : {}),
      ...(typeof raw.source === 'string' ? { source: raw.source } : {}),
      rules: Object.fromEntries(rules) as Record<OperatorName, Rule>,
    };
    if (this.#problems.found.length > 0) throw new FlopwiseError(this.#problems.found);
    return convention;
  }

  #add<C extends ProblemCode>(code: C, data: ProblemData[C], location: readonly string[], target: 'key' | 'value' = 'value'): void {
    this.#problems.add({ code, data, position: this.#source.locate(location, target) } as Problem);
  }

  /** Reports keys that mean nothing. */
  #known(raw: Keys, known: readonly string[], owner: string, location: readonly string[]): void {
    for (const key of Object.keys(raw))
      if (!known.includes(key)) this.#add('UNKNOWN_KEY', { key, owner, known }, [...location, key], 'key');
  }

  #text(value: unknown, key: string, location: readonly string[]): string | undefined {
    if (typeof value === 'string') return value;
    this.#add('WRONG_VALUE', { key, value, expected: 'a text' }, location);
    return undefined;
  }

  #base(name: unknown): Convention | undefined {
    if (typeof name !== 'string') return undefined;
    const found = conventions.find((convention) => convention.name === name);
    if (found === undefined) this.#add('UNKNOWN_CONVENTION', { name, known: conventionNames }, ['extends']);
    return found;
  }

  #unit(name: unknown): Unit | undefined {
    if (name === undefined) return undefined;
    const unit = typeof name === 'string' && Object.hasOwn(UNITS, name) ? UNITS[name] : undefined;
    if (unit === undefined) this.#add('WRONG_VALUE', { key: 'unit', value: name, expected: Object.keys(UNITS).join(', ') }, ['unit']);
    return unit;
  }

  #rules(raw: unknown): ReadonlyMap<OperatorName, Rule> {
    const rules = new Map<OperatorName, Rule>();
    if (raw !== undefined && !isMap(raw))
      this.#add('WRONG_VALUE', { key: 'rules', value: raw, expected: 'operators with formulas' }, ['rules']);
    for (const [name, value] of Object.entries(isMap(raw) ? raw : {})) {
      const rule = this.#rule(value, name, ['rules', name]);
      if (!isOperatorName(name)) this.#add('UNKNOWN_OPERATOR', { name, known: operatorNames }, ['rules', name], 'key');
      else if (rule !== undefined) rules.set(name, rule);
    }
    return rules;
  }

  /** A formula, or a map with one and what is said of it. */
  #rule(raw: unknown, key: string, location: readonly string[]): Rule | undefined {
    if (!isMap(raw)) return this.#formula(raw, key, location);
    this.#known(raw, RULE_KEYS, `the rule for ${key}`, location);
    const rule = this.#formula(raw.count, 'count', [...location, 'count']);
    const texts = ['says', 'where', 'bug'].flatMap((name) => {
      const text = raw[name] === undefined ? undefined : this.#text(raw[name], name, [...location, name]);
      return text === undefined ? [] : [[name, text] as const];
    });
    return rule && { ...rule, ...Object.fromEntries(texts) };
  }

  #formula(raw: unknown, key: string, location: readonly string[]): Rule | undefined {
    const isFormula = typeof raw === 'string' || (Number.isSafeInteger(raw) && (raw as number) >= 0);
    if (!isFormula) {
      this.#add('WRONG_VALUE', { key, value: raw, expected: 'a formula, as in "macs + o if bias else macs"' }, location);
      return undefined;
    }
    const formula = this.#problems.attempt(
      () => parseFormula(String(raw)),
      () => this.#source.locate(location, 'value'),
    );
    const unknown = [...(formula?.names ?? [])].filter((name) => !isQuantity(name));
    for (const name of unknown) this.#add('UNKNOWN_QUANTITY', { name, known: quantityNames }, location);
    return formula && unknown.length === 0 ? { count: formula.text } : undefined;
  }
}

/**
 * A convention of one's own: `unit`, `rules` with a formula per operator, and `otherwise` or `extends` for those left out.
 * @throws FlopwiseError with all that is wrong in it.
 */
export const readConvention = (source: ConventionSource): Convention => new Reader(source).read();
