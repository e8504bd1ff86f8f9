import type { CostGroup } from '../../analysis/group.ts';
import { describeModel } from '../cost/describe-model.ts';
import { costMap, fraction } from '../cost/map.ts';
import { pictureHtml } from '../drawing/picture.ts';
import { type Html, html, lines } from '../html/html.ts';
import { type BarColumn, htmlTable } from '../html/html-table.ts';
import type { MadeOption } from '../html/made.ts';
import { page } from '../html/page.ts';
import { withUnit } from '../kit/number.ts';
import type { Table } from '../kit/table.ts';
import { plotFigure } from '../plots/figure.ts';
import { plotsOf } from '../plots/plots.ts';
import { type ComparisonReport, pairsTable, totalsTable } from './comparison.ts';
import { derivationText } from './derivation.ts';
import { comparisonDrawings } from './picture.ts';

const isSame = (a: CostGroup | undefined, b: CostGroup | undefined): boolean =>
  a !== undefined && b !== undefined && a.macs === b.macs && a.parameters === b.parameters;

/** The MACs of each row as bars, those of both models on one scale. */
function macBars({ pairs }: ComparisonReport, { columns }: Table): BarColumn[] {
  const most = pairs.flat().reduce((max, group) => ((group?.macs ?? 0n) > max ? (group?.macs ?? 0n) : max), 0n);
  const places = columns.flatMap(({ header }, place) => (header === 'MACs' ? [place] : []));
  return places.map((column, side) => ({
    column,
    of: pairs.map((pair) => pair[side] && { part: fraction(pair[side].macs, most), tone: side }),
  }));
}

/** Rows of two models side by side; those that cost differently are marked. */
function sideBySide(report: ComparisonReport): Html {
  const table = pairsTable(report);
  return html`<h3>Side by side</h3>
${htmlTable(table, {
  caption: 'The models side by side; rows that differ in cost are marked',
  marks: report.pairs.map(([a, b]) => (isSame(a, b) ? '' : 'apart')),
  bars: macBars(report, table),
  look: 'pairs',
})}`;
}

/** The MACs of each model as a bar, the longest for the most. */
function tiles({ models }: ComparisonReport): Html {
  const most = models.reduce((max, { analysis }) => (analysis.totals.macs > max ? analysis.totals.macs : max), 0n);
  return html`<dl class="totals">${models.map(
    ({ name, analysis: { totals } }, index) => html`
<div><dt>${name}</dt><dd class="big">${withUnit(totals.macs, 'MAC')}</dd>
<dd><svg class="bar tone${index % 8}" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="1"/><rect class="fill" width="${fraction(totals.macs, most) * 100}" height="1"/></svg></dd>
<dd class="exact">${withUnit(totals.parameters, '')} parameters</dd></div>`,
  )}</dl>`;
}

/** The models as a picture: their difference, where there are two. */
function drawn(report: ComparisonReport): Html {
  const drawings = comparisonDrawings(report);
  if (drawings.length === 0) return html``;
  return html`<h3>${drawings.length === 1 ? 'What is different' : 'Drawn'}</h3>
${pictureHtml(drawings, 'The models drawn')}`;
}

/** Models beside each other: totals, maps, the difference, rows, and the derivation of the ratio. */
export function comparisonBody(report: ComparisonReport): Html {
  const { models, pairs, notes, derivations, label } = report;
  return html`${models.map(({ name, analysis }) => html`<p class="about">${name}: ${describeModel(analysis)}</p>`)}
${tiles(report)}
<h3>Totals</h3>
${htmlTable(totalsTable(report), { caption: 'Totals of the models' })}
<ul class="notes">${notes.map((note) => html`<li>${note}</li>`)}</ul>
<div class="maps">${models.map(({ name, analysis }) => costMap(analysis, 'macs', name))}</div>
<div class="plots">${plotsOf(
    'cumulative',
    models.map(({ name, analysis }) => ({ ...analysis, name })),
  ).map(plotFigure)}</div>
${drawn(report)}
${pairs.length === 0 ? '' : sideBySide(report)}
${derivations.map(({ derivation, names }) => html`<h3>${label} in factors: ${names[0]} and ${names[1]}</h3>\n<pre>${lines(derivationText(derivation, names, label))}</pre>`)}`;
}

/** Models beside each other as one HTML file. */
export function comparisonHtml(report: ComparisonReport, { made }: MadeOption = {}): string {
  const title = report.models.map(({ name }) => name).join(' and ');
  return page(`${title} · flopwise`, html`<h1>${title}</h1>\n${comparisonBody(report)}`, made);
}
