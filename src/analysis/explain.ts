import { sum } from '../core/exact.ts';
import { type OperatorName, operatorNames } from '../operators/registry.ts';
import { bugIn, type Convention, countRow, countTotal, isUnproven } from './conventions/convention.ts';
import { networkFacts } from './conventions/network-facts.ts';
import { quantities } from './conventions/quantities.ts';
import type { Analysis, CostRow } from './cost.ts';

/** One reason why two numbers differ, and by how much. */
export interface Step {
  readonly because: string;
  readonly change: bigint;
  /** The count after this step. */
  readonly total: bigint;
  readonly operator: OperatorName | undefined;
  /** Number of layers that it is about. */
  readonly layers: number;
  /** What is wrong with the rules it comes from, where one is a bug of its tool. */
  readonly bugs: readonly string[];
  /** It comes from a rule that was read in a tool's code, but never compared with what the tool prints. */
  readonly isUnproven: boolean;
}

/** A network on the way from one variant to another. */
export interface Variant {
  /** What it has instead of the one before. */
  readonly because: string;
  readonly analysis: Analysis;
}

/** What one end of the way is called, and what it is counted in. */
export type Endpoint = Pick<Convention, 'name' | 'unit' | 'decimals'>;

/** The way from one convention's number to another's. The changes of the steps add up to the difference, exactly. */
export interface Explanation {
  readonly model: string;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly start: bigint;
  readonly steps: readonly Step[];
  readonly end: bigint;
  /** Tokens that it is counted for, of a network of language. */
  readonly tokens: bigint | undefined;
}

/** A step whose place on the way is not yet known. */
export type Change = Omit<Step, 'total'>;

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** How many layers a convention counts differently; all, where the networks have not the same layers. */
function changedLayers(convention: Convention, before: Analysis, after: Analysis): number {
  if (before.rows.length !== after.rows.length) return after.rows.length;
  return after.rows.filter((row, index) => countRow(convention, row) !== countRow(convention, before.rows[index] as CostRow)).length;
}

/** From one variant of the network to the next, as the first convention counts them. */
const variantSteps = (from: Convention, first: Analysis, variants: readonly Variant[]): Change[] =>
  variants.map(({ because, analysis }, index) => ({
    because,
    change: countTotal(from, analysis) - countTotal(from, variants[index - 1]?.analysis ?? first),
    operator: undefined,
    layers: changedLayers(from, variants[index - 1]?.analysis ?? first, analysis),
    bugs: [],
    isUnproven: false,
  }));

/** From multiply-accumulates to multiplies and adds apart, or back. */
function unitStep(from: Convention, to: Convention, rows: readonly CostRow[]): Change[] {
  if (from.unit.perMac === to.unit.perMac) return [];
  const products = rows.filter(({ macs }) => macs > 0n);
  return [
    {
      because: UNIT_STEPS[`${from.unit.perMac} to ${to.unit.perMac}`] as string,
      change: sum(rows.map((row) => ofUnit(from, to, row))),
      operator: undefined,
      layers: products.length,
      bugs: [],
      isUnproven: false,
    },
  ];
}

/** What the step from unit to unit is called, by how many of them are a multiply-accumulate. */
const UNIT_STEPS: Readonly<Record<string, string>> = {
  '1 to 2': '×2 counts multiply and add apart',
  '2 to 1': '÷2 counts multiply and add as one',
  '1 to 6': '×6 counts multiply and add apart, and both gradients too',
  '6 to 1': '÷6 counts multiply and add as one, of the forward pass alone',
  '2 to 6': '×3 counts both gradients too',
  '6 to 2': '÷3 counts the forward pass alone',
};

/** What the unit's step adds to one row: its products, as often as the other unit counts them more often, or less. */
function ofUnit(from: Convention, to: Convention, row: CostRow): bigint {
  const [before, after] = [BigInt(from.unit.perMac), BigInt(to.unit.perMac)];
  return before === after ? 0n : least(countRow(from, row) / before, row.macs) * (after - before);
}

/** How often each of the rows' `elements` is counted, if equally often in all. */
function times(counts: readonly bigint[], elements: readonly bigint[]): bigint | undefined {
  const [count = 0n] = counts;
  const [size = 0n] = elements;
  if (size === 0n || count % size !== 0n) return undefined;
  const ratio = count / size;
  return counts.every((each, index) => each === ratio * (elements[index] as bigint)) ? ratio : undefined;
}

/** What a rule comes to for some rows: `2 per element`; or else what it says. */
function inWords(convention: Convention, operator: OperatorName, rows: readonly CostRow[]): string | undefined {
  const counts = rows.map((row) => countRow(convention, row));
  if (counts.every((count) => count === 0n)) return undefined;
  const { says, count } = convention.rules[operator];
  if (convention.network === 'language' || rows.some(({ macs }) => macs > 0n)) return says ?? count;
  const [inputs, outputs] = [rows.map(quantities.i.of), rows.map(quantities.o.of)];
  const [perInput, perOutput] = [times(counts, inputs), times(counts, outputs)];
  if (perInput !== undefined) return perInput === perOutput ? `${perInput} per element` : `${perInput} per input element`;
  return perOutput === undefined ? (says ?? count) : `${perOutput} per output element`;
}

/** What a step between two rules is called. */
function because(operator: OperatorName, before: string | undefined, after: string | undefined): string {
  if (before === undefined) return `${operator}: ${after}`;
  return after === undefined ? `no ${operator}: not ${before}` : `${operator}: ${after} instead of ${before}`;
}

/** A step that is about the biases of products alone, which add once per output element. */
function biasesOf(operator: OperatorName, rows: readonly CostRow[], changes: readonly bigint[]): string | undefined {
  const areProducts = rows.every(({ macs, weights }) => macs > 0n && weights.bias !== undefined);
  const sign = areProducts ? times(changes, rows.map(quantities.o.of)) : undefined;
  if (sign === 1n) return `${operator}: biases, 1 per output element`;
  return sign === -1n ? `${operator}: no biases, 1 per output element` : undefined;
}

/** Where the rules for an operator differ. */
function operatorStep(from: Convention, to: Convention, operator: OperatorName, rows: readonly CostRow[]): Change[] {
  const changes = rows.map((row) => countRow(to, row) - countRow(from, row) - ofUnit(from, to, row));
  const changed = rows.filter((_, index) => changes[index] !== 0n);
  if (changed.length === 0) return [];
  const bugs = [from, to].flatMap((convention) => changed.flatMap((row) => bugIn(convention, row) ?? []));
  const why =
    biasesOf(
      operator,
      changed,
      changes.filter((change) => change !== 0n),
    ) ?? because(operator, inWords(from, operator, changed), inWords(to, operator, changed));
  const unproven = [from, to].some(
    (convention) => isUnproven(convention, operator) && changed.some((row) => countRow(convention, row) > 0n),
  );
  return [{ because: why, change: sum(changes), operator, layers: changed.length, bugs: [...new Set(bugs)], isUnproven: unproven }];
}

/** Where the rules of two conventions differ, beside their units; the largest difference first. */
function operatorSteps(from: Convention, to: Convention, rows: readonly CostRow[]): Change[] {
  const byOperator = grouped(rows);
  return operatorNames.flatMap((operator) => operatorStep(from, to, operator, byOperator.get(operator) ?? [])).toSorted(bySize);
}

const size = (change: bigint): bigint => (change < 0n ? -change : change);

/** Largest first. */
export const bySize = (a: Change, b: Change): number => Number(size(a.change) < size(b.change)) - Number(size(a.change) > size(b.change));

/**
 * Walks from what one convention counts to what another does: first from variant to variant of the network, `variants`
 * after the first; then to the other's unit; then operator by operator.
 */
export function explain(from: Convention, to: Convention, first: Analysis, variants: readonly Variant[] = []): Explanation {
  const last = variants.at(-1)?.analysis ?? first;
  const changes = [...variantSteps(from, first, variants), ...unitStep(from, to, last.rows), ...operatorSteps(from, to, last.rows)].filter(
    ({ change }) => change !== 0n,
  );
  const start = countTotal(from, first);
  let total = start;
  const steps = changes.map((step): Step => {
    total += step.change;
    return { ...step, total };
  });
  const { isLanguage, tokens } = networkFacts(last.graph);
  return { model: last.name, from, to, start, steps, end: countTotal(to, last), tokens: isLanguage ? tokens : undefined };
}

function grouped(rows: readonly CostRow[]): Map<OperatorName, CostRow[]> {
  const groups = new Map<OperatorName, CostRow[]>();
  for (const row of rows) {
    const group = groups.get(row.operator);
    if (group === undefined) groups.set(row.operator, [row]);
    else group.push(row);
  }
  return groups;
}
