import { describe, expect, it } from 'vitest';
import { type Analysis, analyse } from '../../../src/analysis/cost.ts';
import { type Depth, draw, MOST_VERTICES } from '../../../src/analysis/drawing/draw.ts';
import { openModel, parseReference } from '../../../src/library/reference.ts';
import { diskLibrary } from '../../../src/node/disk.ts';
import { differenceOf } from '../../../src/report/drawing/difference.ts';
import { HEATS, type HeatMetric } from '../../../src/report/drawing/heat.ts';
import { MERMAID_VERTICES } from '../../../src/report/drawing/mermaid.ts';
import { drawingFile } from '../../../src/report/drawing/svg.ts';
import { plotsFile } from '../../../src/report/plots/plot.ts';
import { PLOTS, type PlotName, plotsOf } from '../../../src/report/plots/plots.ts';
import { checkMaps } from '../cost/check-map.ts';
import { counted } from '../helpers.ts';
import { checkParsed } from './check-parsed.ts';
import { hostile, NAMES } from './hostile.ts';
import { checkPicture, checkWays } from './picture.ts';

/** A network from the text of a spec. */
const of = (text: string): Analysis =>
  analyse(
    openModel(parseReference('net.yaml'), {
      ...diskLibrary,
      open: () => ({ folder: { prefix: '', read: () => text, list: () => ['net.yaml'] }, path: 'net.yaml' }),
    }),
  );

const check = (analyses: readonly Analysis[], depth?: Depth): void =>
  void checkWays(checkPicture(drawingFile(draw(analyses, { depth }), {})));

const plotted = (analyses: readonly Analysis[]): string =>
  plotsFile((Object.keys(PLOTS) as PlotName[]).flatMap((what) => plotsOf(what, analyses)));

describe.each(Object.entries(NAMES))('names that are %s', (_, name) => {
  const [model, other] = [hostile(name), counted('resnet18')];

  it.each([undefined, 'stage', 'block', 'layer', 1, 2, 3, 50] as const)('are drawn at depth %s', (depth) => check([model, model], depth));

  it('are drawn in a difference, plotted and mapped', () => {
    checkWays(checkPicture(drawingFile([differenceOf(model, other)], {})));
    checkPicture(plotted([model, other]));
    checkMaps(model);
  });

  it('are read by Mermaid and Graphviz', () => checkParsed(draw([model], { most: MERMAID_VERTICES })));
});

describe('a network', () => {
  it.each(['relu', 'conv: { kernel: 3, out: 4 }', 'flatten', 'linear: { out: 3 }', 'identity'])(
    'of one layer, %s, is drawn',
    async (layer) => {
      const model = of(`input: [3, 8, 8]\nlayers:\n  - ${layer}\n`);
      for (const depth of [undefined, 'stage', 'layer'] as const) check([model], depth);
      checkPicture(plotted([model]));
      checkMaps(model);
      checkWays(checkPicture(drawingFile([differenceOf(model, model)], {})));
      await checkParsed(draw([model]));
    },
  );

  it.each(Object.keys(HEATS) as HeatMetric[])('is coloured by %s, from nothing to the most', (heat) => {
    const svg = drawingFile(draw([counted('mobilenet_v2'), counted('gpt2')]), { heat });
    checkWays(checkPicture(svg));
    expect(svg).toContain('class="heat9"');
    expect(svg).toContain(`>${HEATS[heat]} of a box, with all its repeats</text>`);
  });

  // Branches that meet, and skip each other: the more there are, the more a layout has to do.
  const crowd = (count: number): string =>
    Array.from({ length: count }, (_, index) => {
      const from = index === 0 ? 'input' : `c${Math.floor((index * 7) / 11)}`;
      return `  - conv: { kernel: 3, out: 4, padding: 1 }\n    as: c${index}\n    from: ${index === 0 ? 'input' : `c${index - 1}`}\n${index % 3 === 0 && index > 3 ? `  - add:\n    from: [c${index}, ${from}]\n    as: c${index}x\n` : ''}`;
    }).join('');

  it.each([30, 120, 1000])('of %i convolutions that are joined across is drawn in bounded time', (count) => {
    const text = `input: [4, 8, 8]\nlayers:\n${crowd(count).replace(/ {4}from: input\n/, '')}`;
    const model = of(text);
    const start = performance.now();
    const drawings = draw([model]);
    checkWays(checkPicture(drawingFile(drawings, {})));
    expect(drawings[0]?.vertices.length).toBeLessThanOrEqual(MOST_VERTICES);
    if (count === 1000) expect(drawings[0]?.note).toMatch(/^net is drawn .* it has more than the 400 boxes of a picture\.$/);
    expect(performance.now() - start).toBeLessThan(60_000);
  });
});
