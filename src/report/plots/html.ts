import type { Analysis } from '../../analysis/cost.ts';
import { describeModel } from '../cost/describe-model.ts';
import { html } from '../html/html.ts';
import type { MadeOption } from '../html/made.ts';
import { page } from '../html/page.ts';
import { plotFigure } from './figure.ts';
import type { Plot } from './plot.ts';

/** Plots as a page. */
export function plotsHtml(plots: readonly Plot[], analyses: readonly Analysis[], { made }: MadeOption = {}): string {
  const title = analyses.map(({ name }) => name).join(', ');
  return page(
    `${title} · flopwise`,
    html`<h1>${title}</h1>
${analyses.map((analysis) => html`<p class="about">${analysis.name}: ${describeModel(analysis)}</p>`)}
<div class="plots">${plots.map(plotFigure)}</div>`,
    made,
  );
}
