import type { Analysis } from '../../analysis/cost.ts';
import { stageOf } from '../../analysis/group.ts';
import { memoryOf, memoryRule } from '../../analysis/memory.ts';
import { OPERATIONS } from '../../core/work.ts';
import { type Html, html } from '../html/html.ts';
import { type Bar, type BarColumn, type Fold, htmlTable } from '../html/html-table.ts';
import type { MadeOption } from '../html/made.ts';
import { page } from '../html/page.ts';
import { tile } from '../html/tile.ts';
import { exact, readable, withUnit } from '../kit/number.ts';
import { type Table, withColumns } from '../kit/table.ts';
import { plotFigure } from '../plots/figure.ts';
import { type PlotName, plotsOf } from '../plots/plots.ts';
import { describeModel } from './describe-model.ts';
import { costMap, fraction, tonesOf } from './map.ts';
import { type ShownRow, sharedOf, shownRows, stageRuns } from './rows.ts';
import { type CostOptions, costTable, summaryTable } from './table.ts';

/** The totals of a model, each at a glance and exact. */
export function costTotals(analysis: Analysis, options: CostOptions): Html {
  const { totals: cost, counter, rows, graph } = analysis;
  const memory = memoryOf(graph, options);
  const operations = OPERATIONS.reduce((sum, kind) => sum + (cost.operations[kind] ?? 0n), 0n);
  const counted = counter?.count(rows);
  return html`<dl class="totals">
${tile('parameters', readable(cost.parameters), exact(cost.parameters))}
${tile('MACs', withUnit(cost.macs, 'MAC'), exact(cost.macs))}
${tile('FLOPs', withUnit(cost.flops, 'FLOP'), exact(cost.flops))}
${counter === undefined || counted === undefined ? '' : tile(counter.title, withUnit(counted, counter.symbol), exact(counted))}
${tile('scalar operations', readable(operations), exact(operations))}
${tile('activations', readable(cost.activations), exact(cost.activations))}
${tile('bytes of weights', withUnit(memory.weights, 'B'), `${exact(memory.weights)} (${options.dtype ?? 'fp32'})`)}
${tile('peak bytes', withUnit(memory.peak, 'B'), exact(memory.peak))}
</dl>`;
}

/** The operations of each kind that occurs, and where most memory is taken. */
function costDetails({ totals: { operations }, graph }: Analysis, options: CostOptions): Html {
  const occurring = OPERATIONS.filter((kind) => (operations[kind] ?? 0n) > 0n);
  const { peakAt } = memoryOf(graph, options);
  return html`<ul class="notes">
<li>Operations: ${occurring.length === 0 ? 'none' : occurring.map((kind) => `${exact(operations[kind] as bigint)} ${kind}`).join(' · ')}</li>
<li>Most memory is taken ${peakAt === '' ? 'at the start' : `at ${peakAt}`}. ${memoryRule(options)}</li>
</ul>`;
}

/** Twice the MACs, and what the layer before gave, say nothing new in a row; the share is drawn as a bar, beside the name. */
const LEFT_OUT = ['input', 'FLOPs'];
const SHARE = 'share of ';

/** Where the share is, behind the name. */
const SHARE_COLUMN = 1;

/** A table without what is drawn beside it. */
function besideBars(table: Table): Table {
  const places = table.columns.flatMap(({ header }, place) => (LEFT_OUT.includes(header) ? [] : [place]));
  const share = table.columns.findIndex(({ header }) => header.startsWith(SHARE));
  const first = share < 0 ? [0] : [0, share];
  return withColumns(table, [...first, ...places.filter((place) => !first.includes(place))]);
}

/** The rows of a model. */
export const rowsTable = (analysis: Analysis, rows: readonly ShownRow[], options: CostOptions): Table =>
  besideBars(costTable(analysis, options, rows));

/** Layers in order can be folded by stage. */
function foldsOf(analysis: Analysis, options: CostOptions): Fold[] {
  const { by = 'layer', depth, tree, sort, top } = options;
  if (by !== 'layer' || (depth ?? tree ?? sort ?? top) !== undefined) return [];
  const runs = stageRuns(analysis);
  const { rows } = besideBars(
    costTable(
      analysis,
      options,
      runs.map(({ row }) => row),
    ),
  );
  return runs.map(({ first }, index) => ({ first, cells: rows[index] as readonly string[] }));
}

const PLOTTED: readonly PlotName[] = ['cost', 'memory', 'roofline'];

/** The largest share of some rows of a model, as a number. */
function largestOf({ totals }: Analysis, rows: readonly ShownRow[], options: CostOptions): number {
  const { of } = sharedOf(options);
  return rows.reduce((most, row) => Math.max(most, fraction(of(row), of(totals))), 0);
}

/** The largest share of any row: bars of all models of a page are on one scale, so that equal shares are equally long. */
export const largestShare = (analyses: readonly Analysis[], options: CostOptions): number =>
  analyses.reduce((most, analysis) => Math.max(most, largestOf(analysis, shownRows(analysis, options), options)), 0);

/** Bars of the shares of a model's rows, in the colours of their stages; `largest` is the share that has the longest. */
export function shareBars(
  analysis: Analysis,
  rows: readonly ShownRow[],
  options: CostOptions,
  largest = largestOf(analysis, rows, options),
): BarColumn {
  const tones = tonesOf(analysis);
  const { of } = sharedOf(options);
  const bars = rows.map(
    (row): Bar => ({
      part: largest === 0 ? 0 : fraction(of(row), of(analysis.totals)) / largest,
      tone: tones.get(stageOf(row.rows[0]?.path ?? '')) ?? 0,
    }),
  );
  return { column: SHARE_COLUMN, of: bars };
}

interface Placed {
  /** What the ids of its rows begin with. */
  readonly ids: string;
  /** The share that has the longest bar, if not the largest of its own. */
  readonly largest?: number;
}

/** One model: totals, where they come from, every row. */
export function modelHtml(analysis: Analysis, options: CostOptions, { ids, largest }: Placed): Html {
  const wanted: CostOptions = { ...options, exact: true, formula: true, receptiveField: true };
  const rows = shownRows(analysis, wanted);
  return html`${costTotals(analysis, options)}
${costDetails(analysis, options)}
<div class="maps">
${costMap(analysis, 'macs')}
${costMap(analysis, 'parameters')}
</div>
<div class="plots flowing">${PLOTTED.flatMap((what) => plotsOf(what, [analysis], options)).map(plotFigure)}</div>
<h3>Every ${options.depth === undefined ? (options.by ?? 'layer') : 'part'}</h3>
${htmlTable(rowsTable(analysis, rows, wanted), { caption: `What ${analysis.name} costs`, bars: [shareBars(analysis, rows, wanted, largest)], ids, folds: foldsOf(analysis, wanted) })}`;
}

const heading = (analysis: Analysis): Html => html`<h1>${analysis.name}</h1>
<p class="about">${describeModel(analysis)}</p>`;

/** Several models: a row for each, with a bar of its MACs, then each. */
function several(analyses: readonly Analysis[], options: CostOptions): Html {
  const summary = summaryTable(analyses, { ...options, sort: undefined, exact: true });
  const most = analyses.reduce((max, { totals: { macs } }) => (macs > max ? macs : max), 0n);
  const macs: BarColumn = {
    column: summary.columns.findIndex(({ header }) => header === 'MACs'),
    of: analyses.map(({ totals }) => ({ part: fraction(totals.macs, most), tone: 0 })),
  };
  const largest = largestShare(analyses, options);
  return html`<h1>${analyses.length} models</h1>
<h3>Summary</h3>
${htmlTable(summary, { caption: 'What the models cost', links: analyses.map((_, index) => `#model-${index + 1}`), bars: [macs] })}
${analyses.map(
  (analysis, index) => html`<section class="model" id="model-${index + 1}">
<h2>${analysis.name}</h2>
<p class="about">${describeModel(analysis)}</p>
${modelHtml(analysis, options, { ids: `row-${index + 1}`, largest })}
</section>
`,
)}`;
}

/** Costs as one HTML file. */
export function costHtml(analyses: readonly Analysis[], options: CostOptions & MadeOption): string {
  const [first] = analyses;
  const { made } = options;
  if (first === undefined || analyses.length > 1) return page(`${analyses.length} models · flopwise`, several(analyses, options), made);
  return page(`${first.name} · flopwise`, html`${heading(first)}\n${modelHtml(first, options, { ids: 'row' })}`, made);
}
