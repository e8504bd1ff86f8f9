import type { Analysis } from '../../analysis/cost.ts';
import type { Endpoint, Explanation, Step } from '../../analysis/explain.ts';
import { type Fit, type GivenNumber, isFound, type Match } from '../../analysis/find-number.ts';
import { headingMarkdown, headingText } from '../kit/heading.ts';
import { toJson } from '../kit/json-text.ts';
import { renderMarkdown } from '../kit/markdown.ts';
import { decimal, exact } from '../kit/number.ts';
import { type ColumnOf, makeTable, type Table } from '../kit/table.ts';
import { renderTable, type Screen } from '../kit/terminal.ts';
import { wrap } from '../kit/text.ts';

/** `+22,227,968`, `−231,211,008` */
const signed = (change: bigint): string => (change < 0n ? `−${exact(-change)}` : `+${exact(change)}`);

/** A total as it is published, where that is rounded: `4.11 G`. */
const published = ({ decimals }: Endpoint, total: bigint): string =>
  decimals === undefined ? '' : `${decimal(total, 1_000_000_000n, decimals)} G`;

const layersOf = ({ layers }: Step): string => String(layers);

/** Why, and whether it is a bug, or was never compared with the tool. */
const reason = ({ because, bugs, isUnproven }: Step): string => `${because}${bugs.length > 0 ? ' (a bug)' : ''}${isUnproven ? ' ?' : ''}`;

const UNPROVEN = '?  The rule was read in the code of the tool; no figure that it printed is at hand to hold it against.';

const caveats = ({ steps }: Pick<Explanation, 'steps'>): string[] => (steps.some(({ isUnproven }) => isUnproven) ? [UNPROVEN] : []);

const STEPS: readonly ColumnOf<Step>[] = [
  { header: 'change', align: 'right', drop: 0, cell: ({ change }) => signed(change) },
  { header: 'reason', align: 'left', drop: 0, cell: reason },
  { header: 'layers', align: 'right', drop: 2, cell: layersOf },
  { header: 'total', align: 'right', drop: 1, cell: ({ total }) => exact(total) },
];

const endpoint = (convention: Endpoint, total: bigint): string => `${exact(total)} ${convention.unit.name}, ${convention.name}`;

/** The steps as a table; where nothing differs, it is empty. */
function stepsTable({ from, to, start, steps, end }: Explanation): Table {
  const table = makeTable(STEPS, steps);
  return {
    columns: table.columns,
    rows: [[exact(start), `${from.name} (${from.unit.name})`, '', exact(start)], ...table.rows],
    footer: [[exact(end), `${to.name} (${to.unit.name})`, '', exact(end)]],
  };
}

const bugsOf = ({ steps }: Explanation): string[] => [
  ...new Set(steps.flatMap(({ operator, bugs }) => bugs.map((bug) => `${operator}: ${bug}`))),
];

export const explanationText = (explanation: Explanation, screen: Screen): string =>
  [
    screen.bold(`${explanation.model}: ${explanation.from.name} → ${explanation.to.name}`),
    '',
    renderTable(stepsTable(explanation), screen),
    ...withTitle(tokenLines(explanation), '', String),
    ...withTitle(bugsOf(explanation), '', (bug) => screen.dim(`Bug  ${bug}`)),
    ...withTitle(caveats(explanation), '', (caveat) => screen.dim(caveat)),
  ].join('\n');

/** `46,179,280,896`, or with decimals where tokens differ. */
const perToken = (count: bigint, tokens: bigint): string => (count % tokens === 0n ? exact(count / tokens) : decimal(count, tokens, 1));

/** What is counted for one of the tokens, at both ends. */
const tokenLines = ({ from, to, start, end, tokens }: Explanation): string[] =>
  tokens === undefined
    ? []
    : [
        `Per token, of ${exact(tokens)}: ${perToken(start, tokens)} ${from.unit.name} by ${from.name}, ${perToken(end, tokens)} ${to.unit.name} by ${to.name}.`,
      ];

const withTitle = (items: readonly string[], title: string, line: (item: string) => string): string[] =>
  items.length === 0 ? [] : [title, ...items.map(line)];

export const explanationMarkdown = (explanation: Explanation): string =>
  [
    `### ${explanation.model}: ${endpoint(explanation.from, explanation.start)} → ${endpoint(explanation.to, explanation.end)}`,
    '',
    renderMarkdown(stepsTable(explanation)),
    ...withTitle(tokenLines(explanation), '', String),
    ...withTitle(bugsOf(explanation), '', (bug) => `- Bug: ${bug}`),
    ...withTitle(caveats(explanation), '', (caveat) => caveat),
  ].join('\n');

const endpointFields = (convention: Endpoint, count: bigint) => ({ convention: convention.name, unit: convention.unit.name, count });

export const explanationJson = ({ model, from, to, start, steps, end, tokens }: Explanation): string =>
  toJson({
    model,
    ...(tokens === undefined ? {} : { tokens }),
    from: endpointFields(from, start),
    steps: steps.map(({ because, change, total, operator, layers, bugs, isUnproven }) => ({
      because,
      change,
      total,
      operator,
      layers,
      ...(bugs.length > 0 ? { bugs } : {}),
      ...(isUnproven ? { unproven: true } : {}),
    })),
    to: endpointFields(to, end),
  });

/** One convention's number of a network, and how it comes from the default's. */
interface Overview {
  readonly convention: Endpoint;
  readonly total: bigint;
  readonly steps: readonly Step[];
  readonly tokens: bigint | undefined;
}

const overviewColumns = (from: string): readonly ColumnOf<Overview>[] => [
  { header: 'convention', align: 'left', drop: 0, cell: ({ convention }) => convention.name },
  { header: 'count', align: 'right', drop: 0, cell: ({ total }) => exact(total) },
  { header: 'unit', align: 'left', drop: 0, cell: ({ convention }) => convention.unit.name },
  { header: 'per token', align: 'right', drop: 0, cell: ({ total, tokens }) => (tokens === undefined ? '' : perToken(total, tokens)) },
  { header: 'published as', align: 'right', drop: 2, cell: ({ convention, total }) => published(convention, total) },
  {
    header: from,
    align: 'left',
    drop: 1,
    cell: ({ steps }) => steps.map(({ change, because }) => `${signed(change)} ${because.split(':')[0]}`).join(', '),
  },
];

const overviewOf = (explanations: readonly Explanation[]): Overview[] =>
  explanations.map(({ to, end, steps, tokens }) => ({ convention: to, total: end, steps, tokens }));

/** Of networks without tokens, there is nothing for each of them. */
function overviewTable(explanations: readonly Explanation[]): Table {
  const rows = overviewOf(explanations);
  const from = explanations[0]?.from.name ?? '';
  const columns = overviewColumns(`from ${from === 'macs' ? 'the MACs' : from}`);
  const hasTokens = rows.some(({ tokens }) => tokens !== undefined);
  const hasPublished = rows.some(({ convention: { decimals } }) => decimals !== undefined);
  return makeTable(
    columns.filter(({ header }) => (header !== 'per token' || hasTokens) && (header !== 'published as' || hasPublished)),
    rows,
  );
}

/** What to know of the counts beside each other, line by line. */
export type Notes = readonly string[];

export const overviewText = (analysis: Analysis, explanations: readonly Explanation[], notes: Notes, screen: Screen): string =>
  [
    headingText(analysis, screen),
    '',
    renderTable(overviewTable(explanations), screen),
    '',
    ...notes.map((note) => screen.dim(wrap(note, screen.columns, ' '.repeat(NOTE_INDENT)))),
  ].join('\n');

const NOTE_INDENT = 10;

export const overviewMarkdown = (analysis: Analysis, explanations: readonly Explanation[]): string =>
  [headingMarkdown(analysis), '', renderMarkdown(overviewTable(explanations))].join('\n');

export const overviewJson = (analysis: Analysis, explanations: readonly Explanation[]): string =>
  toJson({
    model: { name: analysis.name, source: analysis.source },
    input: analysis.input,
    ...(explanations[0]?.tokens === undefined ? {} : { tokens: explanations[0].tokens }),
    conventions: explanations.map(({ to, end, steps }) => ({
      ...endpointFields(to, end),
      steps: steps.map(({ because, change, operator, layers }) => ({ because, change, operator, layers })),
    })),
  });

const FIT_IN_WORDS: Readonly<Record<Fit, string>> = {
  equal: 'equal',
  rounded: 'rounded',
  cut: 'cut off, not rounded',
  near: 'near',
};

const MATCHES: readonly ColumnOf<Match>[] = [
  { header: 'count', align: 'right', drop: 0, cell: ({ count }) => exact(count) },
  { header: 'unit', align: 'left', drop: 0, cell: ({ unit }) => unit },
  { header: 'fit', align: 'left', drop: 1, cell: ({ fit }) => FIT_IN_WORDS[fit] },
  { header: 'network', align: 'left', drop: 0, cell: ({ changes }) => (changes.length === 0 ? 'as named' : changes.join('; ')) },
  { header: 'convention', align: 'left', drop: 0, cell: ({ conventions }) => conventions.join(', ') },
];

function verdict(model: string, { text }: GivenNumber, matches: readonly Match[]): string {
  if (matches.length === 0) return `Nothing that is known of ${model} gives ${text}, or comes within 20% of it.`;
  if (isFound(matches)) return `What gives ${text} for ${model}, the likeliest first:`;
  return `Nothing gives ${text} for ${model} at its precision. The nearest:`;
}

const matchTable = (matches: readonly Match[], render: (table: Table) => string): string[] =>
  matches.length === 0 ? [] : ['', render(makeTable(MATCHES, matches))];

export const matchesText = (model: string, number: GivenNumber, matches: readonly Match[], screen: Screen): string =>
  [screen.bold(verdict(model, number, matches)), ...matchTable(matches, (table) => renderTable(table, screen))].join('\n');

export const matchesMarkdown = (model: string, number: GivenNumber, matches: readonly Match[]): string =>
  [verdict(model, number, matches), ...matchTable(matches, renderMarkdown)].join('\n');

export const matchesJson = (model: string, number: GivenNumber, matches: readonly Match[]): string =>
  toJson({ model, number: number.text, matches });
