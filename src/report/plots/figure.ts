import { type Html, html } from '../html/html.ts';
import { NARROW, type Plot, plotsSvg, WIDE } from './plot.ts';

/** A plot for wide and for narrow windows. */
export const plotFigure = (plot: Plot): Html =>
  html`<figure>${plotsSvg([plot], WIDE, 'wide')}${plotsSvg([plot], NARROW, 'narrow')}</figure>\n`;
