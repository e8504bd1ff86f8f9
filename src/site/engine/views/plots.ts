import type { Analysis } from '../../../analysis/cost.ts';
import { html } from '../../../report/html/html.ts';
import { plotFigure } from '../../../report/plots/figure.ts';
import { plotsHtml } from '../../../report/plots/html.ts';
import { type Plot, plotsFile } from '../../../report/plots/plot.ts';
import { PLOTS, type PlotName, plotsOf } from '../../../report/plots/plots.ts';
import { sideBySide, type View } from '../counted.ts';

const plotted = (analyses: readonly Analysis[]): Plot[] => (Object.keys(PLOTS) as PlotName[]).flatMap((what) => plotsOf(what, analyses));

export const view: View = {
  show: (counted) => ({ html: html`<div class="plots">${plotted(sideBySide(counted)).map(plotFigure)}</div>` }),
  formats: {
    svg: (counted) => plotsFile(plotted(sideBySide(counted))),
    html(counted) {
      const analyses = sideBySide(counted);
      return plotsHtml(plotted(analyses), analyses, counted);
    },
  },
};
