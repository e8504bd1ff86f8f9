import { groupsOf, macsOf, type TrainingGroup } from '../../analysis/training/groups.ts';
import type { Training } from '../../analysis/training/step.ts';
import { fraction } from '../cost/map.ts';
import { type Html, html } from '../html/html.ts';
import { type BarColumn, htmlTable } from '../html/html-table.ts';
import type { MadeOption } from '../html/made.ts';
import { page } from '../html/page.ts';
import { tile } from '../html/tile.ts';
import { exact, readable, withUnit } from '../kit/number.ts';
import { formatShapes } from '../kit/shapes.ts';
import { plotFigure } from '../plots/figure.ts';
import { describeTraining } from './notes.ts';
import type { TrainingReportOptions } from './options.ts';
import { memoryPlot, workPlot } from './plots.ts';
import { trainingTable } from './table.ts';

/** The totals of a step, each at a glance and exact. */
function totals({ trained, forward, inputGradient, weightGradient, recomputed, memory }: Training): Html {
  const macs = (label: string, count: bigint): Html => tile(label, withUnit(count, 'MAC'), exact(count));
  const bytes = (label: string, count: bigint): Html => tile(label, withUnit(count, 'B'), exact(count));
  return html`<dl class="totals">
${tile('trained parameters', readable(trained), exact(trained))}
${macs('forward', forward.macs)}
${macs('gradients of inputs', inputGradient.macs)}
${macs('gradients of weights', weightGradient.macs)}
${recomputed.macs === 0n ? '' : macs('done again', recomputed.macs)}
${bytes('weights', memory.weights + memory.masters)}
${bytes('optimizer', memory.state)}
${bytes('saved bytes', memory.saved)}
${bytes('peak bytes', memory.peak)}
</dl>`;
}

/** The share that a row has of the step, as a number. */
const shareIn = (training: Training, group: TrainingGroup): number => fraction(macsOf(group), macsOf(training));

/** The largest share of any row of any step: bars are on one scale. */
const largestShare = (trainings: readonly Training[], { by }: TrainingReportOptions): number =>
  trainings.flatMap((training) => groupsOf(training, by).map((group) => shareIn(training, group))).reduce((a, b) => Math.max(a, b), 1e-9);

/**
 * One step: totals, what they rest on, work and memory drawn, every row. `ids` begins the ids of the rows, if they have any; bars end
 * at the largest share.
 */
export function trainingBody(
  training: Training,
  options: TrainingReportOptions,
  { ids, largest = largestShare([training], options) }: { readonly ids?: string; readonly largest?: number } = {},
): Html {
  const groups = groupsOf(training, options.by);
  const wanted = { ...options, exact: true };
  const table = trainingTable(training, wanted);
  const bars: BarColumn = {
    column: table.columns.length - 1,
    of: groups.map((group) => ({ part: shareIn(training, group) / largest, tone: 0 })),
  };
  return html`${totals(training)}
<div class="plots">${[workPlot(training), memoryPlot(training, options)].map(plotFigure)}</div>
<ul class="notes">${describeTraining(training, wanted).map(([label, text]) => html`<li>${label}: ${text}</li>\n`)}</ul>
<h3>Every ${options.by ?? 'layer'}</h3>
${htmlTable(table, {
  caption: `What a training step of ${training.name} costs`,
  bars: [bars],
  ...(ids !== undefined && { ids }),
})}`;
}

const about = ({ source, input, output }: Training): string => `${source} · ${formatShapes(input)} → ${formatShapes(output)}`;

/** Training steps as one HTML file. */
export function trainingHtml(trainings: readonly Training[], options: TrainingReportOptions & MadeOption): string {
  const title = trainings.map(({ name }) => name).join(', ');
  const largest = largestShare(trainings, options);
  return page(
    `Training ${title} · flopwise`,
    html`<h1>A training step of ${title}</h1>
${trainings.map(
  (training, index) => html`<section class="${trainings.length > 1 ? 'model' : ''}">
${trainings.length > 1 ? html`<h2>${training.name}</h2>` : ''}<p class="about">${about(training)}</p>
${trainingBody(training, options, { ids: `row-${index + 1}`, largest })}
</section>
`,
)}`,
    options.made,
  );
}
