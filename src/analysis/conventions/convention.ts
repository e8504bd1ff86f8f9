import { sum } from '../../core/exact.ts';
import { type Formula, parseFormula } from '../../language/formula.ts';
import { everyOperator, type OperatorName } from '../../operators/registry.ts';
import type { Analysis, CostRow, Counter } from '../cost.ts';
import { MEASURED } from './measured.ts';
import { type QuantityName, quantities } from './quantities.ts';

/** What a convention counts for one operator. */
export interface Rule {
  /** A formula over quantities. */
  readonly count: string;
  /** What it counts, in few words, for a step of an explanation: "2 per element". */
  readonly says?: string;
  /** Where in the tool it stands. */
  readonly where?: string;
  /** What is wrong with it, where it is a bug of the tool. */
  readonly bug?: string;
  /** Which layers the bug is about: a formula that is not 0 for them; all if not given. */
  readonly bugIf?: string;
  /** The tool names such layers as ones that it does not support. */
  readonly listed?: true;
}

/** The unit of a convention's counts, and how many of it are a multiply-accumulate. */
export interface Unit {
  readonly name: string;
  /** As it stands after a prefix: the MAC of GMAC. */
  readonly symbol: string;
  readonly perMac: 1 | 2 | 6;
}

export const MACS: Unit = { name: 'MACs', symbol: 'MAC', perMac: 1 };
export const FLOPS: Unit = { name: 'FLOPs', symbol: 'FLOP', perMac: 2 };
/** Multiply and add, of the forward pass and of both gradients. */
export const TRAINING: Unit = { name: 'training FLOPs', symbol: 'FLOP', perMac: 6 };
export const OPERATIONS_UNIT: Unit = { name: 'operations', symbol: 'OP', perMac: 2 };

/** A rule for each operator. */
export type Rules = { readonly [O in OperatorName]: Rule };

/** A table with a rule for each operator; the compiler names those that have none. */
export const rulesFor = everyOperator<Rules>();

/** A counting rule with a name: what one tool or paper counts, and how. */
export interface Convention {
  readonly name: string;
  readonly summary: string;
  readonly unit: Unit;
  /** What it is the convention of, with its version. */
  readonly version?: string;
  readonly source?: string;
  /** Whether it is said of the network of the paper, where implementations differ from it; or of networks that look ids up. */
  readonly network?: 'paper' | 'language';
  /** It has the whole forward pass done once more in the backward pass. */
  readonly recomputes?: true;
  /** Nobody prints such counts but flopwise. */
  readonly isUnpublished?: true;
  /** How totals are published: rounded to so many decimals of a billion. */
  readonly decimals?: number;
  /** Complete by type: leaving an operator out does not compile. */
  readonly rules: Rules;
}

/**
 * How a rule was established: it is what the convention is defined as; it gives figures that the tool printed; it was read
 * in the tool's code; or the tool has no rule for such layers.
 */
export type Proof = 'defined' | 'measured' | 'read' | 'none';

export function proofOf({ name, version, rules }: Convention, operator: OperatorName): Proof {
  const { where, count } = rules[operator];
  if (MEASURED[name]?.includes(operator)) return 'measured';
  if (where !== undefined) return 'read';
  return version === undefined || count !== '0' ? 'defined' : 'none';
}

/** Whether its count for an operator was never compared with what the tool prints. */
export const isUnproven = (convention: Convention, operator: OperatorName): boolean => proofOf(convention, operator) === 'read';

/** The same rule for several operators. */
export const each = <const N extends OperatorName>(rule: Rule, ...names: readonly N[]): Record<N, Rule> =>
  Object.fromEntries(names.map((name) => [name, rule])) as Record<N, Rule>;

export const NOTHING: Rule = { count: '0' };

/** Most formulas that are remembered: the conventions here have fewer, those of files may be any. */
const MAX_FORMULAS = 2 ** 10;
const formulas = new Map<string, Formula>();

/** A formula, parsed once. */
function parsed(text: string): Formula {
  const known = formulas.get(text);
  if (known !== undefined) return known;
  const formula = parseFormula(text);
  if (formulas.size >= MAX_FORMULAS) formulas.clear();
  formulas.set(text, formula);
  return formula;
}

/** The formula of a rule. */
export const formulaOf = ({ count }: Rule): Formula => parsed(count);

const worth = (formula: Formula, row: CostRow): bigint => formula.evaluate((name) => quantities[name as QuantityName].of(row));

/** The bug that a convention has in what it counts for a layer, if it has one. */
export function bugIn(convention: Convention, row: CostRow): string | undefined {
  const { bug, bugIf } = convention.rules[row.operator];
  return bugIf === undefined || worth(parsed(bugIf), row) !== 0n ? bug : undefined;
}

/** What a convention counts for one layer. Exact. */
export const countRow = (convention: Convention, row: CostRow): bigint => worth(formulaOf(convention.rules[row.operator]), row);

/** What it counts for some layers. */
export const countRows = (convention: Convention, rows: readonly CostRow[]): bigint => sum(rows.map((row) => countRow(convention, row)));

/** Counts by the convention, with how its counts are called. */
export const counterOf = (convention: Convention): Counter => ({
  convention: convention.name,
  title: `${convention.name} (${convention.unit.name})`,
  unit: convention.unit.name,
  symbol: convention.unit.symbol,
  count: (rows) => countRows(convention, rows),
});

/** What it counts for a network. */
export const countTotal = (convention: Convention, { rows }: Pick<Analysis, 'rows'>): bigint => countRows(convention, rows);
