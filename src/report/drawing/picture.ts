import type { Drawing } from '../../analysis/drawing/drawing.ts';
import { type Html, html } from '../html/html.ts';
import type { HeatOptions } from './heat.ts';
import { drawingSvg } from './svg.ts';

/** Drawings in a page: what is wider than it scrolls in its own frame. */
export const pictureHtml = (drawings: readonly Drawing[], label: string, options?: HeatOptions): Html =>
  html`<div class="picture" tabindex="0" role="region" aria-label="${label}">${drawingSvg(drawings, options)}</div>`;
