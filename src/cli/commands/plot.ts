import type { Command } from 'commander';
import type { Analysis } from '../../analysis/cost.ts';
import type { MemoryOptions } from '../../analysis/memory.ts';
import type { MadeOption } from '../../report/html/made.ts';
import { plotsHtml } from '../../report/plots/html.ts';
import { type Plot, plotsFile } from '../../report/plots/plot.ts';
import { PLOTS, type PlotName, plotsOf } from '../../report/plots/plots.ts';
import { analyseAsAsked } from '../convention.ts';
import type { Io } from '../io.ts';
import { addModelOptions, type ModelOptions } from '../models.ts';
import { addFormatOptions, addMemoryOptions, choiceOption, type ResultOptions, report } from '../options.ts';

interface PlotOptions extends ModelOptions, MemoryOptions, ResultOptions {
  readonly what?: PlotName;
}

interface Plotted {
  readonly analyses: readonly Analysis[];
  readonly plots: readonly Plot[];
}

const formats = {
  svg: ({ plots }: Plotted) => plotsFile(plots),
  html: ({ plots, analyses }: Plotted, { made }: MadeOption) => plotsHtml(plots, analyses, { made }),
};

const NAMES = Object.keys(PLOTS) as PlotName[];

export const addPlot = (program: Command, io: Io): Command => {
  const command = program
    .command('plot <model...>')
    .description('plot cost and receptive field by layer, memory over the run, arithmetic intensity, cost up to each layer')
    .addOption(choiceOption('--what <plot>', 'one plot', NAMES).default(undefined, 'all'));
  return addFormatOptions(addModelOptions(addMemoryOptions(command)), Object.keys(formats), 'svg').action(
    (models: string[], options: PlotOptions) => {
      const analyses = analyseAsAsked(models, options, io);
      const wanted = options.what === undefined ? NAMES : [options.what];
      report({ analyses, plots: wanted.flatMap((what) => plotsOf(what, analyses, options)) }, formats, options, io);
    },
  );
};
