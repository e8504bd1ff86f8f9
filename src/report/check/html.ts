import type { CheckedLimit, CheckedModel, CheckResult, ModelChange } from '../../analysis/check/result.ts';
import type { Analysis } from '../../analysis/cost.ts';
import { describeModel } from '../cost/describe-model.ts';
import { largestShare, modelHtml } from '../cost/html.ts';
import { pictureHtml } from '../drawing/picture.ts';
import { type Html, html } from '../html/html.ts';
import { htmlTable } from '../html/html-table.ts';
import type { MadeOption } from '../html/made.ts';
import { page } from '../html/page.ts';
import { exact } from '../kit/number.ts';
import { plural } from '../kit/plural.ts';
import { type ColumnOf, makeTable } from '../kit/table.ts';
import { amountText, overText, placeText, subjectText } from './amount.ts';
import { layerDifference, totalLine } from './change-lines.ts';
import { type Finding, findings } from './finding.ts';
import { changeDrawing } from './picture.ts';
import { modelVerdict, type Verdict, verdictOf } from './verdict.ts';

/** A check as one HTML file. */

interface LimitRow {
  readonly model: CheckedModel;
  readonly limit: CheckedLimit;
}

const stateOf = ({ broken, severity }: CheckedLimit): string => (broken ? (severity === 'error' ? 'exceeded' : 'a warning') : 'kept');

const LIMITS: readonly ColumnOf<LimitRow>[] = [
  { header: 'model', align: 'left', drop: 0, cell: ({ model }) => model.name },
  { header: 'limit on', align: 'left', drop: 0, cell: ({ limit }) => subjectText(limit) },
  { header: 'allowed', align: 'left', drop: 0, cell: ({ limit }) => limit.written },
  { header: 'is', align: 'right', drop: 0, cell: ({ limit }) => amountText(limit.actual, limit.unit) },
  { header: 'over by', align: 'right', drop: 0, cell: ({ limit }) => (limit.broken ? overText(limit) : '–') },
  { header: 'state', align: 'left', drop: 0, cell: ({ limit }) => stateOf(limit) },
  { header: 'set in', align: 'left', drop: 0, cell: ({ limit }) => placeText(limit) },
];

function limitsTable(models: readonly CheckedModel[]): Html {
  const rows = models.flatMap((model) => model.limits.map((limit): LimitRow => ({ model, limit })));
  if (rows.length === 0) return html``;
  return html`<h3>Limits</h3>
${htmlTable(makeTable(LIMITS, rows), { caption: 'Every limit, kept or exceeded', marks: rows.map(({ limit }) => (limit.broken ? 'bad' : '')) })}`;
}

const badge = ({ outcome, text }: Verdict): Html => html`<p class="verdict ${outcome}">${text}</p>`;

const place = ({ position, file }: Finding): string =>
  position === undefined ? (file ?? '') : `${position.file}:${position.line}:${position.column}`;

const found = (all: readonly Finding[]): Html =>
  all.length === 0
    ? html``
    : html`<h3>What was found</h3>
<ul>${all.map((finding) => html`<li><strong>${finding.title}</strong> <code>${place(finding)}</code><br>${finding.message}</li>\n`)}</ul>`;

function changeHtml(change: ModelChange, baseline: string): Html {
  if (change.kind !== 'changed')
    return html`<p class="about">${change.kind === 'added' ? `New: not in ${baseline}.` : `As in ${baseline}.`}</p>`;
  return html`<details open><summary>Changed from ${baseline}: ${plural(change.layers.length, 'layer')}</summary>
<ul>${change.totals.map((total) => html`<li>${totalLine(total)}</li>`)}</ul>
<ul>${change.layers.map((layer) => html`<li>${layer.kind} <code>${layer.path}</code> ${layerDifference(layer)}</li>`)}</ul></details>`;
}

/** What became of a model, in words and as a picture. */
function changed(model: CheckedModel, baseline: string): Html {
  if (model.change === undefined) return html``;
  const drawing = changeDrawing(model, baseline);
  return html`${changeHtml(model.change, baseline)}
${drawing === undefined ? '' : pictureHtml([drawing], `What changed of ${model.name}`)}`;
}

/** The verdict, what was found, all limits, and what is gone. */
const outcome = (result: CheckResult): Html => html`${badge(verdictOf(result))}
${found(findings(result))}
${limitsTable(result.models)}
${result.removed.length === 0 ? '' : html`<h3>Removed</h3><ul>${result.removed.map(({ name, source, totals }) => html`<li>${name} (${source}), ${exact(totals.macs)} MACs</li>`)}</ul>`}`;

/** A check without the layers of its models. */
export const checkBody = (result: CheckResult): Html =>
  html`${outcome(result)}\n${result.models.map((model) => changed(model, result.baseline ?? ''))}`;

/** With more models, only those that break a limit or changed are shown layer by layer: the file is to stay small. */
const MANY = 20;

const isTold = ({ limits, change }: CheckedModel): boolean =>
  limits.some(({ broken }) => broken) || (change !== undefined && change.kind !== 'same');

/** A model that is shown layer by layer. */
interface Shown {
  readonly model: CheckedModel;
  readonly analysis: Analysis;
}

function section({ model, analysis }: Shown, baseline: string, place: number, largest: number): Html {
  return html`<section class="model">
<h2>${model.name}</h2>
<p class="about">${describeModel(analysis)}</p>
${badge(modelVerdict(model))}
${changed(model, baseline)}
${modelHtml(analysis, {}, { ids: `row-${place + 1}`, largest })}
</section>
`;
}

export function checkHtml(result: CheckResult, { made }: MadeOption = {}): string {
  const { models, baseline = '' } = result;
  const verdict = verdictOf(result);
  const shown = (models.length > MANY ? models.filter(isTold) : models).slice(0, MANY);
  const hidden = models.length - shown.length;
  const counted = shown.map((model): Shown => ({ model, analysis: model.count() }));
  const largest = largestShare(
    counted.map(({ analysis }) => analysis),
    {},
  );
  return page(
    `${verdict.text} · flopwise check`,
    html`<h1>Check of ${plural(models.length, 'model')}</h1>
${baseline === '' ? '' : html`<p class="about">Compared with ${baseline}</p>`}
${outcome(result)}
${counted.map((one, place) => section(one, baseline, place, largest))}
${hidden === 0 ? '' : html`<p class="about">${plural(hidden, 'more model')} not shown layer by layer.</p>`}`,
    made,
  );
}
