import {
  type CheckedLimit,
  type CheckedModel,
  type CheckResult,
  isBroken,
  type LayerChange,
  type ModelChange,
  type ModelRecord,
} from '../../analysis/check/result.ts';
import { BUDGET_METRICS } from '../../language/budget.ts';
import { exact } from '../kit/number.ts';
import { plural } from '../kit/plural.ts';
import { formatShapes } from '../kit/shapes.ts';
import { type ColumnOf, makeTable } from '../kit/table.ts';
import { renderTable, type Screen } from '../kit/terminal.ts';
import { wrap } from '../kit/text.ts';
import { amountText, changeText, overText, placeText, subjectText } from './amount.ts';
import type { ReportContext } from './reporter.ts';

const isOver = ({ broken }: CheckedLimit): boolean => broken;

const verdicts = { error: 'over', warning: 'over, a warning' } as const;

const COLUMNS: readonly ColumnOf<CheckedLimit>[] = [
  { header: 'limit on', align: 'left', drop: 0, cell: subjectText },
  { header: 'allowed', align: 'right', drop: 0, cell: ({ written }) => written.replace(/^(?=\d)/, '<= ') },
  { header: 'is', align: 'right', drop: 0, cell: ({ actual, unit }) => amountText(actual, unit) },
  { header: '', align: 'left', drop: 0, cell: ({ broken, severity }) => (broken ? verdicts[severity] : 'kept') },
  { header: 'room', align: 'right', drop: 2, cell: (limit) => (limit.broken ? '–' : overText(limit)) },
  { header: 'set in', align: 'left', drop: 1, cell: placeText },
];

/** `  conv3_x/conv  2,359,296  nets/small.yaml:14:9`, for each of the layers that weigh most. */
const heavyLines = ({ heaviest }: CheckedLimit): string[] => {
  const width = Math.max(...heaviest.map(({ path }) => path.length));
  const values = heaviest.map(({ value }) => exact(value));
  const valueWidth = Math.max(...values.map(({ length }) => length));
  return heaviest.map(({ path, position }, index) =>
    `    ${path.padEnd(width)}  ${(values[index] as string).padStart(valueWidth)}  ${position === undefined ? '' : `${position.file}:${position.line}`}`.trimEnd(),
  );
};

/** What a limit allows: as it is written, and as an amount where it is written as growth. */
function allowedText({ written, limit, unit }: CheckedLimit): string {
  const amount = written.replace(/^(<=|≤|<) */, '');
  return /^\d/.test(amount) ? amount : `${amountText(limit, unit)} (${amount})`;
}

/** Costs of a whole model that "flopwise solve" takes a target for. */
const SOLVABLE: ReadonlySet<string> = new Set(['macs', 'flops', 'parameters', 'activations']);

/** The greatest whole cost that is within a limit: one less where it is written with "<". */
const greatest = ({ written, limit }: CheckedLimit): CheckedLimit['limit'] =>
  /^<(?!=)/.test(written) && typeof limit === 'bigint' ? limit - 1n : limit;

/** What a limit must be raised to: percent to the next hundredth, for what is shown is rounded. */
const raised = (actual: CheckedLimit['actual']): CheckedLimit['actual'] =>
  typeof actual === 'number' ? Math.ceil(actual * 100) / 100 : actual;

/** What can be done about a limit that is exceeded. */
function adviceText(limit: CheckedLimit, source: string): string {
  const { metric, scope, convention, unit, actual, severity, origin } = limit;
  const raise =
    origin === 'growth'
      ? 'or allow growth, or set a budget for it'
      : `or raise the limit in ${placeText(limit)} to "<= ${amountText(raised(actual), unit)}"`;
  const isSearched = SOLVABLE.has(metric) && (scope ?? convention) === undefined && !source.endsWith('.onnx');
  const search = isSearched ? `; "flopwise solve" finds the value of a parameter that fits: --${metric} "<= ${greatest(limit)}"` : '';
  return `Make the model cheaper${search}; ${raise}.${severity === 'warning' ? ' It is a warning only.' : ''}`;
}

/** `MACs 1,814,073,344, 2,185,926,656 (54.65%) below its limit`: of the limits that are kept, the one with the least room. */
function tightestText(limits: readonly CheckedLimit[]): string {
  const partOf = ({ actual, limit }: CheckedLimit): number => (Number(limit) === 0 ? 1 : Number(actual) / Number(limit));
  const [tightest] = limits.toSorted((a, b) => partOf(b) - partOf(a));
  if (tightest === undefined) return 'no limits';
  return `${plural(limits.length, 'limit')} kept; ${limits.length > 1 ? 'least room: ' : ''}${subjectText(tightest)} ${amountText(tightest.actual, tightest.unit)}, ${overText(tightest)} below its limit`;
}

/** The limit that is exceeded, by how much, where it is set, and the largest layers. */
function brokenText(limit: CheckedLimit, source: string, screen: Screen): string {
  const most = limit.heaviest.length > 0 ? ' Largest layers:' : '';
  const sentence = `${subjectText(limit)}: ${amountText(limit.actual, limit.unit)} is ${overText(limit)} over ${allowedText(limit)}, set in ${placeText(limit)}.${most}`;
  const [text, advice] = [sentence, adviceText(limit, source)].map((line) => wrap(`  ${line}`, screen.columns, '    '));
  return [limit.severity === 'error' ? screen.red(text as string) : text, ...heavyLines(limit), advice].join('\n');
}

const SIGNS = { added: '+', removed: '-', changed: '~', renamed: '→' } as const;

const TOLD = ['parameters', 'macs', 'activations', 'operations'] as const;

/** What differs between a layer as it was and as it is. */
function differences({ kind, before, after }: LayerChange): string[] {
  if (kind === 'renamed') return [`was ${before?.path}`];
  const shape = after ?? before;
  const shapes = (list: LayerChange['after']) => formatShapes(list?.output ?? []);
  const moved =
    before !== undefined && after !== undefined && shapes(before) !== shapes(after) ? `${shapes(before)} → ${shapes(after)}` : '';
  const counts = TOLD.flatMap((metric) => {
    const [was, is] = [before?.[metric] ?? 0n, after?.[metric] ?? 0n];
    const label = metric === 'operations' ? metric : BUDGET_METRICS[metric].label;
    return was === is ? [] : [`${label} ${changeText(was, is)}`];
  });
  const operator = before !== undefined && after !== undefined && before.operator !== after.operator ? `was ${before.operator}` : '';
  return [kind === 'changed' ? moved : shapes(shape), operator, ...counts].filter((text) => text !== '');
}

const MOST_LAYERS = 20;

const layerLine = (change: LayerChange, screen: Screen): string => {
  const { kind, path, position } = change;
  const place = position === undefined ? '' : ` (${position.file}:${position.line})`;
  return wrap(`  ${SIGNS[kind]} ${path}${place}  ${differences(change).join(', ')}`.trimEnd(), screen.columns, '      ');
};

function changeLines({ kind, totals, layers }: ModelChange, baseline: string, screen: Screen): string[] {
  if (kind === 'added') return [`  New: not in ${baseline}.`];
  if (kind === 'same') return [`  As in ${baseline}.`];
  const sums = totals.map(
    ({ metric, before, after }) => `  ${BUDGET_METRICS[metric].label} ${exact(before)} → ${exact(after)}, ${changeText(before, after)}`,
  );
  const shown = layers.slice(0, MOST_LAYERS).map((layer) => layerLine(layer, screen));
  const more = layers.length > MOST_LAYERS ? [`  … ${plural(layers.length - MOST_LAYERS, 'more layer')}; --format json has them all.`] : [];
  return [`  Changed from ${baseline}: ${plural(layers.length, 'layer')}.`, ...sums, ...shown, ...more];
}

function modelText({ name, source, limits, change }: CheckedModel, baseline: string, screen: Screen): string {
  const over = limits.filter(isOver);
  const verdict =
    limits.length === 0
      ? 'no limits'
      : over.length === 0
        ? `${plural(limits.length, 'limit')} kept`
        : `${over.length} of ${plural(limits.length, 'limit')} exceeded`;
  return [
    `${screen.bold(name)} (${source}) · ${(over.some(({ severity }) => severity === 'error') ? screen.red : screen.green)(verdict)}`,
    ...(limits.length === 0
      ? []
      : [
          '',
          renderTable({ ...makeTable(COLUMNS, limits), bad: limits.map(({ broken, severity }) => broken && severity === 'error') }, screen),
        ]),
    ...(over.length === 0 ? [] : ['', ...over.map((limit) => brokenText(limit, source, screen))]),
    ...(change === undefined ? [] : ['', ...changeLines(change, baseline, screen)]),
  ].join('\n');
}

const removedText = (removed: readonly ModelRecord[], baseline: string): string[] =>
  removed.map(({ name, source }) => `${name} (${source}) · removed since ${baseline}`);

const isPassed = (result: CheckResult): boolean => !isBroken(result) && result.problems.length === 0;

/** `3 models, 7 limits: 1 exceeded.` */
function summaryText({ models, problems }: CheckResult): string {
  const limits = models.flatMap((model) => model.limits);
  const errors = limits.filter((limit) => limit.broken && limit.severity === 'error').length;
  const warnings = limits.filter((limit) => limit.broken && limit.severity === 'warning').length;
  const told = [
    errors === 0 ? '' : `${errors} exceeded`,
    warnings === 0 ? '' : plural(warnings, 'warning'),
    problems.length === 0 ? '' : plural(problems.length, 'problem'),
  ].filter((text) => text !== '');
  return `${plural(models.length, 'model')}, ${plural(limits.length, 'limit')}: ${told.length === 0 ? 'all kept' : told.join(', ')}.`;
}

/** A check for a terminal. Models that keep their limits and did not change take one line where there are many. */
export function checkText(result: CheckResult, { screen }: ReportContext): string {
  const { models, removed, baseline = '' } = result;
  const isBrief = models.length > 1;
  const isQuiet = ({ limits, change }: CheckedModel): boolean =>
    isBrief && !limits.some(isOver) && (change === undefined || change.kind === 'same');
  const quiet = models
    .filter(isQuiet)
    .map(({ name, source, limits }) => wrap(`${name} (${source}) · ${tightestText(limits)}`, screen.columns, '    '));
  const loud = models.filter((model) => !isQuiet(model)).map((model) => modelText(model, baseline, screen));
  const lines = [...quiet, ...removedText(removed, baseline)];
  return [
    ...(lines.length === 0 ? [] : [lines.join('\n')]),
    ...loud,
    screen.bold((isPassed(result) ? screen.green : screen.red)(summaryText(result))),
  ].join('\n\n');
}
