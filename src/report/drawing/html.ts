import type { Drawing } from '../../analysis/drawing/drawing.ts';
import { describeModel } from '../cost/describe-model.ts';
import { html } from '../html/html.ts';
import type { MadeOption } from '../html/made.ts';
import { page } from '../html/page.ts';
import type { HeatOptions } from './heat.ts';
import { pictureHtml } from './picture.ts';

/** Drawings as a page. */
export const drawingHtml = (drawings: readonly Drawing[], options: HeatOptions & MadeOption): string => {
  const title = drawings.map(({ name }) => name).join(', ');
  return page(
    `${title} · flopwise`,
    html`<h1>${title}</h1>
${drawings.map(({ analysis }) => html`<p class="about">${analysis.name}: ${describeModel(analysis)}</p>`)}
${pictureHtml(drawings, 'The networks drawn', options)}`,
    options.made,
  );
};
