import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesMoved, intensityOf } from '../../../src/analysis/intensity.ts';
import { memoryOf } from '../../../src/analysis/memory.ts';
import { NARROW, type Plot, plotsFile, plotsSvg, WIDE } from '../../../src/report/plots/plot.ts';
import { PLOTS, type PlotName, plotsOf } from '../../../src/report/plots/plots.ts';
import { linear, logarithmic } from '../../../src/report/plots/scale.ts';
import { checkPicture } from '../drawing/picture.ts';
import { counted } from '../helpers.ts';

const NAMES = Object.keys(PLOTS) as PlotName[];

describe('a linear scale', () => {
  it('begins at 0, ends at or above the most, and has ticks of 1, 2 or 5', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e18, noNaN: true }), fc.integer({ min: 2, max: 8 }), (most, count) => {
        const { at, ticks } = linear(most, [0, 100], count);
        const step = (ticks[1] as number) - (ticks[0] as number);
        expect(ticks[0]).toBe(0);
        expect(at(0)).toBe(0);
        expect(at(ticks.at(-1) as number)).toBeCloseTo(100, 6);
        expect((ticks.at(-1) as number) / most).toBeGreaterThan(1 - 1e-6);
        expect([1, 2, 5]).toContain(Number(step.toExponential(6).slice(0, 1)));
        expect(ticks.length).toBeLessThanOrEqual(count + 2);
      }),
    );
  });
});

describe('a logarithmic scale', () => {
  it('has powers of ten around the values', () => {
    const { at, ticks } = logarithmic([30, 4000], [0, 300], 9);
    expect(ticks).toEqual([10, 100, 1000, 10_000]);
    expect([10, 100, 10_000].map(at)).toEqual([0, 100, 300]);
  });

  it('stands where there are no values', () => expect(logarithmic([], [0, 1], 5).ticks).toEqual([1, 10]));
});

describe('arithmetic intensity', () => {
  // 3×3 convolution, 64 to 64 channels, 56×56: 115,605,504 MACs; fp32 inputs, outputs and 36,864 weights.
  it('of a convolution by hand', () => {
    const [conv] = counted('basic').rows;
    if (conv === undefined) throw new Error('no layer');
    const bytes = 4n * (2n * 64n * 56n * 56n + 36_864n);
    expect(bytesMoved(conv)).toBe(bytes);
    expect(intensityOf(conv)).toBeCloseTo(115_605_504 / Number(bytes), 5);
    expect(bytesMoved(conv, { dtype: 'fp16' })).toBe(bytes / 2n);
  });
});

describe('plots', () => {
  const resnet = counted('resnet50');

  it('memory marks its peak, at its layer', () => {
    const [plot] = plotsOf('memory', [resnet]);
    const { peak, peakAt } = memoryOf(resnet.graph);
    const [panel] = plot?.panels ?? [];
    expect(panel?.mark).toEqual({
      x: resnet.rows.findIndex(({ path }) => path === peakAt) + 0.5,
      y: Number(peak),
      text: `9.63 MB at ${peakAt}`,
    });
    expect(Math.max(...(panel?.series[0]?.points.map(({ y }) => y) ?? []))).toBe(Number(peak));
  });

  it('of several models are on one scale', () => {
    const basic = counted('basic');
    for (const what of ['cost', 'memory'] as const)
      for (const panel of plotsOf(what, [basic, resnet]).flatMap(({ panels }) => panels)) {
        const alone = plotsOf(what, [resnet])
          .concat(plotsOf(what, [basic]))
          .flatMap(({ panels }) => panels)
          .filter(({ label }) => label === panel.label);
        expect(panel.most).toBe(Math.max(...alone.flatMap(({ series }) => series.flatMap(({ points }) => points.map(({ y }) => y)))));
      }
    const [small] = plotsOf('cost', [basic, resnet]);
    expect(plotsSvg([small as Plot], WIDE).text).toContain('>800</text>'); // the receptive field of ResNet-50 is 619
  });

  it('cumulative cost ends at the total of each model', () => {
    const models = [counted('resnet34'), resnet];
    const [plot] = plotsOf('cumulative', models);
    expect(plot?.panels[0]?.series.map(({ points }) => points.at(-1))).toMatchObject(
      models.map(({ totals }) => ({ x: 100, y: Number(totals.macs) })),
    );
  });

  it('cost has a bar for each layer and the receptive field below', () => {
    const [plot] = plotsOf('cost', [resnet]);
    expect(plot?.panels.map(({ label }) => label)).toEqual(['MACs', 'receptive field']);
    expect(plot?.panels[0]?.series[0]?.points[0]).toEqual({ x: 0, y: 118_013_952, title: 'conv1/conv: 118,013,952 MACs' });
  });

  it('the roofline has a point for each layer with MACs', () =>
    expect(plotsOf('roofline', [resnet])[0]?.panels[0]?.series[0]?.points).toHaveLength(
      resnet.rows.filter(({ macs }) => macs > 0n).length,
    ));

  it.each(['resnet50', 'gpt2', 'swin_t', 'basic', 'unet', 'yolov8x', 'densenet201'])('of %s have no texts on each other', (name) => {
    const analysis = counted(name);
    const plots = NAMES.flatMap((what) => plotsOf(what, [analysis]));
    checkPicture(plotsFile(plots));
    for (const plot of plots) for (const size of [WIDE, NARROW]) checkPicture(plotsSvg([plot], size).text);
  });
});
