import type { Convention, Rule } from '../analysis/conventions/convention.ts';
import { quantities } from '../analysis/conventions/quantities.ts';
import { type OperatorName, operatorNames } from '../operators/index.ts';
import { toJson } from './json-text.ts';
import { renderMarkdown } from './markdown.ts';
import { type Column, type ColumnOf, makeTable, type Table } from './table.ts';
import { renderTable, type Screen } from './terminal.ts';

const LIST: readonly ColumnOf<Convention>[] = [
  { header: 'convention', align: 'left', drop: 0, cell: ({ name }) => name },
  { header: 'unit', align: 'left', drop: 0, cell: ({ unit }) => unit.name },
  { header: 'version', align: 'left', drop: 2, cell: ({ version }) => version ?? 'flopwise' },
  { header: 'what it counts', align: 'left', drop: 1, cell: ({ summary }) => summary },
];

/** A rule as a cell: its formula; zero as a dash; a mark where the tool lists the layer as unsupported, or has a bug. */
const cell = ({ count, listed, bug }: Rule): string =>
  `${count === '0' ? (listed ? 'listed' : '–') : count}${bug === undefined ? '' : ' !'}`;

const hasRule = (conventions: readonly Convention[], operator: OperatorName): boolean =>
  conventions.some(({ rules }) => cell(rules[operator]) !== '–');

/** Conventions with the same rules share a column. */
function distinct(conventions: readonly Convention[]): { readonly header: string; readonly convention: Convention }[] {
  const columns: { header: string; convention: Convention }[] = [];
  for (const convention of conventions) {
    const same = columns.find((column) =>
      operatorNames.every((name) => column.convention.rules[name].count === convention.rules[name].count),
    );
    if (same === undefined) columns.push({ header: convention.name, convention });
    else same.header += `, ${convention.name}`;
  }
  return columns;
}

/** What each convention counts per operator. */
export function matrix(conventions: readonly Convention[]): Table {
  const shown = distinct(conventions);
  const columns: Column[] = [
    { header: 'operator', align: 'left', drop: 0 },
    ...shown.map(({ header }): Column => ({ header, align: 'left', drop: 0 })),
  ];
  const counted = operatorNames.filter((name) => hasRule(conventions, name));
  return { columns, rows: counted.map((name) => [name, ...shown.map(({ convention }) => cell(convention.rules[name]))]), footer: [] };
}

export const LEGEND =
  '"–": counts nothing. "listed": counts nothing, but the tool names such layers as ones that it does not support. "!": a bug of the tool, reproduced.';

/** Operators that no convention but `operations` counts. */
const uncounted = (conventions: readonly Convention[]): string => operatorNames.filter((name) => !hasRule(conventions, name)).join(', ');

/** All but the one that counts everything, whose rule is the same for every operator. */
const ruled = (conventions: readonly Convention[]): Convention[] => conventions.filter(({ name }) => name !== 'operations');

export const conventionsText = (conventions: readonly Convention[], screen: Screen): string =>
  [
    renderTable(makeTable(LIST, conventions), screen),
    '',
    ...ruled(conventions).flatMap((convention) => [screen.bold(convention.name), '', renderTable(ruleTable(convention), screen), '']),
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

const RULES: readonly ColumnOf<RuleLine>[] = [
  { header: 'operators', align: 'left', drop: 0, cell: ({ operators }) => operators.join(', ') },
  { header: 'count', align: 'left', drop: 0, cell: ({ rule }) => cell(rule) },
  { header: 'in words', align: 'left', drop: 2, cell: ({ rule }) => rule.says ?? '' },
  { header: 'where', align: 'left', drop: 1, cell: ({ rule }) => rule.where ?? '' },
];

export const ruleTable = (convention: Convention): Table => makeTable(RULES, ruleLines(convention));

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
    renderMarkdown(matrix(ruled(conventions))),
    '',
    `No tool counts ${uncounted(ruled(conventions))}.`,
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
