import { describe, it } from 'vitest';
import { draw } from '../../src/analysis/drawing/draw.ts';
import { zooModels } from '../../src/library/reference.ts';
import { zoo } from '../../src/node/disk.ts';
import { differenceOf } from '../../src/report/drawing/difference.ts';
import { drawingFile } from '../../src/report/drawing/svg.ts';
import { NARROW, plotsFile, plotsSvg } from '../../src/report/plots/plot.ts';
import { PLOTS, type PlotName, plotsOf } from '../../src/report/plots/plots.ts';
import { checkMaps } from '../report/cost/check-map.ts';
import { checkPicture, checkWays } from '../report/drawing/picture.ts';
import { counted } from '../report/helpers.ts';

const models = zooModels(zoo).map(({ name }) => name);

describe('every model of the zoo', () => {
  it.each(models.map((name, place) => [name, models[(place + 1) % models.length] as string]))(
    '%s is compared with %s, beside it and as what changed, without overlaps',
    (name, other) => {
      const [a, b] = [counted(name), counted(other)];
      checkWays(checkPicture(drawingFile(draw([a, b]), {})));
      checkWays(checkPicture(drawingFile([differenceOf(a, b)], {})));
    },
  );

  it.each(models)('%s is plotted and mapped without texts on each other', (name) => {
    const analysis = counted(name);
    checkMaps(analysis);
    const plots = (Object.keys(PLOTS) as PlotName[]).flatMap((what) => plotsOf(what, [analysis]));
    checkPicture(plotsFile(plots));
    for (const plot of plots) checkPicture(plotsSvg([plot], NARROW).text);
  });
});
