import type { Analysis } from '../../analysis/cost.ts';
import { stagesOf } from '../../analysis/drawing/stages.ts';
import type { LabelRun } from '../../analysis/drawing/summary.ts';
import { describeModel } from '../cost/describe-model.ts';
import { type Html, html } from '../html/html.ts';
import type { MadeOption } from '../html/made.ts';
import { page } from '../html/page.ts';
import { type NumberOptions, numberFormat } from '../kit/number.ts';
import { partText, sizeOf, spans, textsOf, totalRows } from './stages.ts';

/** A block in a bracket as high as its layers. */
function partHtml(part: LabelRun): Html {
  const texts = textsOf(part);
  if (texts.length === 1) return html`<div>${partText(part)}</div>`;
  return html`<div class="repeated"><span class="block">${texts.map((text, at) => html`${at === 0 ? '' : html`<br>`}${text}`)}</span> ×${part.times}</div>`;
}

/** Models by their stages, as one table. */
export function stagesTable(analyses: readonly Analysis[], options: NumberOptions): Html {
  const number = numberFormat(options);
  const rows = stagesOf(analyses).map((stage) => {
    let at = 0;
    const cells = spans(stage.parts.map((parts) => parts.map(partText).join('\n'))).map(({ count }) => {
      const parts = stage.parts[at] ?? [];
      at += count;
      return html`<td colspan="${count}">${parts.map(partHtml)}</td>`;
    });
    return html`<tr><th scope="row">${stage.name}</th><td>${sizeOf(stage)}</td>${cells}</tr>\n`;
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="The stages of the models">
<table class="stages"><caption>The stages of the models</caption>
<thead><tr><th scope="col">layer</th><th scope="col">output size</th>${analyses.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>
${rows}</tbody>
<tfoot>${totalRows(analyses).map(({ label, values }) => html`<tr><th scope="row" colspan="2">${label}</th>${values.map((value) => html`<td>${number(value)}</td>`)}</tr>\n`)}</tfoot>
</table>
</div>`;
}

/** Models by their stages as a page. */
export function stagesHtml(analyses: readonly Analysis[], options: NumberOptions & MadeOption): string {
  const title = analyses.map(({ name }) => name).join(', ');
  return page(
    `${title} · flopwise`,
    html`<h1>${title}</h1>
${analyses.map((analysis) => html`<p class="about">${analysis.name}: ${describeModel(analysis)}</p>`)}
${stagesTable(analyses, options)}`,
    options.made,
  );
}
