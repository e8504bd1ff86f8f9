import { type Convention, isUnproven, type Rule } from '../../analysis/conventions/convention.ts';
import { type QuantityName, quantities } from '../../analysis/conventions/quantities.ts';
import { USUALLY } from '../../graph/written.ts';
import { parseFormula } from '../../language/formula.ts';
import { type OperatorName, operatorNames } from '../../operators/registry.ts';
import { toJson } from '../kit/json-text.ts';
import { renderMarkdown } from '../kit/markdown.ts';
import { type Column, type ColumnOf, makeTable, type Table } from '../kit/table.ts';
import { renderTable, type Screen } from '../kit/terminal.ts';

const LIST: readonly ColumnOf<Convention>[] = [
  { header: 'convention', align: 'left', drop: 0, cell: ({ name }) => name },
  { header: 'unit', align: 'left', drop: 0, cell: ({ unit }) => unit.name },
  { header: 'version', align: 'left', drop: 2, cell: ({ version }) => version ?? 'flopwise' },
  { header: 'what it counts', align: 'left', drop: 1, cell: ({ summary }) => summary },
];

/** What a rule counts: its formula; zero as a dash, or marked where the tool lists the layer as unsupported. */
const counted = ({ count, listed }: Rule): string => (count === '0' ? (listed ? 'listed' : '–') : count);

/** A rule as a cell, marked where it is a bug. */
const cell = (rule: Rule): string => `${counted(rule)}${rule.bug === undefined ? '' : ' !'}`;

/** Marks counts that were never compared with what the tool prints. */
const doubt = (convention: Convention, operator: OperatorName): string =>
  convention.rules[operator].count !== '0' && isUnproven(convention, operator) ? ' ?' : '';

/** What a layer is unless said otherwise: on images, with biases, scale and shift. */
const USUAL: Readonly<Record<string, bigint>> = { affine: 1n, bias: 1n, axes: 2n, rank: 2n, nearest: 1n };

/** The index of a word in a formula, outside of brackets; -1 if there is none. */
function outside(formula: string, word: string, from = 0): number {
  let depth = 0;
  for (let at = from; at < formula.length; at++) {
    if (depth === 0 && formula.startsWith(word, at)) return at;
    if (formula[at] === '(') depth++;
    if (formula[at] === ')') depth--;
  }
  return -1;
}

const [IF, ELSE] = [' if ', ' else '] as const;

/** The branch of a formula that holds for such a layer, written as its operator usually is. */
function usualBranch(operator: OperatorName, count: string): string {
  const condition = outside(count, IF);
  if (condition < 0) return count;
  const otherwise = outside(count, ELSE, condition);
  const holds = parseFormula(count.slice(condition + IF.length, otherwise)).evaluate(
    (name) => USUAL[name] ?? (name === USUALLY[operator] ? 1n : 0n),
  );
  return usualBranch(operator, holds !== 0n ? count.slice(0, condition) : count.slice(otherwise + ELSE.length));
}

/** The longest formula that a cell shows. */
const MOST = 40;

/** A rule in short: what it gives for a usual layer; marked where others count otherwise. */
function short(operator: OperatorName, rule: Rule): string {
  const branch = usualBranch(operator, rule.count);
  const text = compact(counted({ ...rule, count: branch }));
  const others = branch === rule.count || text.length > MOST ? '' : ' …';
  return `${text.length > MOST ? 'see its rule' : text}${others}${rule.bug === undefined ? '' : ' !'}`;
}

/** `2i` for `2 * i`, `a·b` for `a * b` */
const compact = (formula: string): string => formula.replace(/\b(\d+) \* (?=[a-z])/g, '$1').replaceAll(' * ', '·');

const hasRule = (conventions: readonly Convention[], operator: OperatorName): boolean =>
  conventions.some(({ rules }) => cell(rules[operator]) !== '–');

/** Conventions with the same rules share a column. */
function distinct(conventions: readonly Convention[]): { readonly header: string; readonly convention: Convention }[] {
  const columns: { header: string; convention: Convention }[] = [];
  for (const convention of conventions) {
    const same = columns.find((column) =>
      operatorNames.every(
        (name) =>
          column.convention.rules[name].count === convention.rules[name].count &&
          doubt(column.convention, name) === doubt(convention, name),
      ),
    );
    if (same === undefined) columns.push({ header: convention.name, convention });
    else same.header += `, ${convention.name}`;
  }
  return columns;
}

/** What each convention counts per operator. */
function matrix(conventions: readonly Convention[]): Table {
  const shown = distinct(conventions);
  const columns: Column[] = [
    { header: 'operator', align: 'left', drop: 0 },
    ...shown.map(({ header }): Column => ({ header, align: 'left', drop: 0 })),
  ];
  const rows = operatorNames.filter((name) => hasRule(conventions, name));
  return {
    columns,
    rows: rows.map((name) => [name, ...shown.map(({ convention }) => `${short(name, convention.rules[name])}${doubt(convention, name)}`)]),
    footer: [],
  };
}

const LEGEND =
  'Formulas are for layers as they usually are: on images, modules, with bias, scale and shift; "…": others count otherwise, see the rule. "–": counts nothing. "listed": counts nothing, but the tool names such layers as ones that it does not support. "!": a bug of the tool, reproduced. "?": read in the code of the tool, never held against what it prints. operations, which counts everything, is left out.';

/** Operators that no convention but `operations` counts. */
const uncounted = (conventions: readonly Convention[]): string => operatorNames.filter((name) => !hasRule(conventions, name)).join(', ');

/** All but the one that counts everything, whose rule is the same for every operator. */
const ruled = (conventions: readonly Convention[]): Convention[] => conventions.filter(({ name }) => name !== 'operations');

/** Those that are about kinds of operator, and those about a language model as a whole. */
const ofOperators = (conventions: readonly Convention[]): Convention[] =>
  ruled(conventions).filter(({ network }) => network !== 'language');
const ofLanguage = (conventions: readonly Convention[]): Convention[] => conventions.filter(({ network }) => network === 'language');

/** What language models are made of, with an operator that stands for each part. */
const PARTS: readonly (readonly [string, OperatorName])[] = [
  ['products with weights', 'linear'],
  ['products of attention', 'sdpa'],
  ['embedding of ids', 'embedding'],
  ['of positions', 'positions'],
  ['norms', 'rmsnorm'],
];

const PART_COLUMNS: readonly ColumnOf<Convention>[] = [
  { header: 'convention', align: 'left', drop: 0, cell: ({ name }) => name },
  ...PARTS.map(
    ([header, operator]): ColumnOf<Convention> => ({
      header,
      align: 'left',
      drop: 0,
      cell: (convention) => `${compact(cell(convention.rules[operator]))}${doubt(convention, operator)}`,
    }),
  ),
];

const KEY: readonly QuantityName[] = [
  'macs',
  'i',
  'o',
  'batch',
  'positions',
  'input_positions',
  'parameters',
  'projections',
  'products',
  'scores',
  'tokens',
  'active',
  'own',
  'looked_up',
  'tied',
  'reach',
];

export const conventionsText = (conventions: readonly Convention[], _: unknown, screen: Screen): string =>
  [
    renderTable(makeTable(LIST, conventions), screen),
    '',
    ...(ruled(conventions).length > 1
      ? [
          renderTable(matrix(ofOperators(conventions)), screen),
          '',
          renderTable(makeTable(PART_COLUMNS, ofLanguage(conventions)), screen),
          '',
          ...KEY.map((name) => `${name.padEnd(16)} ${quantities[name].means}`),
        ]
      : ruled(conventions).flatMap((convention) => [renderTable(ruleTable(convention), screen), ...bugs(convention)])),
    '',
    screen.dim(LEGEND),
  ].join('\n');

interface RuleLine {
  readonly operators: readonly OperatorName[];
  readonly rule: Rule;
}

/** The rules of a convention that count something, each with its operators. */
function ruleLines({ rules }: Convention): RuleLine[] {
  const lines = new Map<string, { operators: OperatorName[]; rule: Rule }>();
  for (const name of operatorNames) {
    const rule = rules[name];
    if (cell(rule) === '–') continue;
    const key = `${cell(rule)} ${rule.where ?? ''}`;
    const line = lines.get(key);
    if (line === undefined) lines.set(key, { operators: [name], rule });
    else line.operators.push(name);
  }
  return [...lines.values()];
}

/** Operators by name; most of them as all, or all others. */
function names(operators: readonly OperatorName[]): string {
  if (operators.length === operatorNames.length) return 'all';
  return 2 * operators.length > operatorNames.length ? 'all others' : operators.join(', ');
}

const RULES: readonly ColumnOf<RuleLine>[] = [
  { header: 'operators', align: 'left', drop: 0, cell: ({ operators }) => names(operators) },
  { header: 'count', align: 'left', drop: 0, cell: ({ rule }) => cell(rule) },
  { header: 'in words', align: 'left', drop: 2, cell: ({ rule }) => rule.says ?? '' },
  { header: 'where', align: 'left', drop: 1, cell: ({ rule }) => rule.where ?? '' },
];

const ruleTable = (convention: Convention): Table => makeTable(RULES, ruleLines(convention));

const bugs = (convention: Convention): string[] =>
  ruleLines(convention).flatMap(({ operators, rule }) => (rule.bug === undefined ? [] : [`- Bug, ${operators.join(', ')}: ${rule.bug}`]));

const section = (convention: Convention): string[] => [
  `## ${convention.name}`,
  '',
  convention.summary,
  '',
  ...(convention.version === undefined ? [] : [`- Version: ${convention.version}`]),
  ...(convention.source === undefined ? [] : [`- Source: <${convention.source}>`]),
  `- Unit: ${convention.unit.name}`,
  ...bugs(convention),
  '',
  renderMarkdown(ruleTable(convention)),
  '',
];

const quantityTable = (): Table => ({
  columns: [
    { header: 'quantity', align: 'left', drop: 0 },
    { header: 'what it is', align: 'left', drop: 0 },
  ],
  rows: Object.entries(quantities).map(([name, { means }]) => [name, means]),
  footer: [],
});

export const conventionsMarkdown = (conventions: readonly Convention[]): string =>
  [
    renderMarkdown(makeTable(LIST, conventions)),
    '',
    '## What each counts per operator',
    '',
    LEGEND,
    '',
    renderMarkdown(matrix(ofOperators(conventions))),
    '',
    `No tool counts ${uncounted(ofOperators(conventions))}.`,
    '',
    '## What each counts of a language model',
    '',
    renderMarkdown(makeTable(PART_COLUMNS, ofLanguage(conventions))),
    '',
    ...ruled(conventions).flatMap(section),
    '## Quantities',
    '',
    renderMarkdown(quantityTable()),
  ].join('\n');

export const conventionsJson = (conventions: readonly Convention[]): string =>
  toJson(
    conventions.map(({ name, summary, unit, version, source, rules }) => ({ name, summary, unit: unit.name, version, source, rules })),
  );
