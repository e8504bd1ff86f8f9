import { describe, expect, it } from 'vitest';
import { type Analysis, analyse } from '../../src/analysis/cost.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node.ts';
import type { Settings } from '../../src/spec/expand.ts';
import { isMeasured, layersOf } from './layers.ts';
import { inBillions, VGG_AND_RESNET } from './published.ts';

// The networks of He et al. 2015, Deep Residual Learning for Image Recognition, arXiv:1512.03385.

const count = (model: string, settings?: Settings): Analysis => analyse(openModel(parseReference(model), diskLibrary, settings));

const square = (side: number): Settings => ({ input: { image: [3, side, side] } });

describe('MACs', () => {
  /** With what the paper says of it, in billions: Table 1, Figure 3 and section 3.3. */
  it.each([
    { model: 'vgg19', macs: 19_632_062_464n, paper: 19.6 },
    { model: 'plain34', macs: 3_644_493_824n, paper: 3.6 },
    { model: 'resnet34:shortcut=A', macs: 3_644_493_824n, paper: 3.6 },
    { model: 'resnet18', macs: 1_814_073_344n, paper: 1.8 },
    { model: 'resnet50:stride_at=1x1', macs: 3_857_973_248n, paper: 3.8 },
    { model: 'resnet101:stride_at=1x1', macs: 7_570_194_432n, paper: 7.6 },
    { model: 'resnet152:stride_at=1x1', macs: 11_282_415_616n, paper: 11.3 },
    // Not in the paper: option B for 34 layers, and the stride on the 3×3.
    { model: 'resnet34', macs: 3_663_761_408n },
    { model: 'resnet50', macs: 4_089_184_256n },
    { model: 'resnet101', macs: 7_801_405_440n },
    { model: 'resnet152', macs: 11_513_626_624n },
  ])('$model: $macs', ({ model, macs, paper }) => {
    expect(count(model).totals.macs).toBe(macs);
    if (paper === undefined) return;
    // The paper rounds to one decimal; 3.86 of ResNet-50 it cuts to 3.8.
    const rounded = model.startsWith('resnet50') ? Math.floor(Number(macs) / 1e8) / 10 : Math.round(Number(macs) / 1e8) / 10;
    expect(rounded).toBe(paper);
  });

  it('FLOPs are twice the MACs', () => expect(count('resnet50').totals.flops).toBe(2n * 4_089_184_256n));
});

describe("Figure 5's two blocks on 56×56 maps", () => {
  it.each([
    { block: 'basic', formulas: ['3×3×64×56×56×64', '3×3×64×56×56×64'], macs: 231_211_008n, kernels: 73_728n, norms: 256n, input: 64 },
    {
      block: 'bottleneck',
      formulas: ['1×1×256×56×56×64', '3×3×64×56×56×64', '1×1×64×56×56×256'],
      macs: 218_365_952n,
      kernels: 69_632n,
      norms: 768n,
      input: 256,
    },
  ])('$block: $macs', ({ block, formulas, macs, kernels, norms, input }) => {
    const { totals, rows, input: shapes, output } = count(block);
    const convs = rows.filter(({ operator }) => operator === 'conv');
    const written = convs.map(({ work }) =>
      work
        .map(({ factors }) =>
          factors
            .slice(1)
            .map(({ value }) => value)
            .join('×'),
        )
        .join(' + '),
    );
    expect(written).toEqual(formulas);
    expect(totals.macs).toBe(macs);
    expect(convs.reduce((sum, { parameters }) => sum + parameters, 0n)).toBe(kernels);
    expect(totals.parameters).toBe(kernels + norms);
    expect(shapes).toEqual([[1, input, 56, 56]]);
    expect(output).toEqual(shapes);
  });
});

describe.each(VGG_AND_RESNET)('$model', ({ model, parameters, billions, macs }) => {
  const { totals, output } = count(model);

  it('has the published parameters', () => expect(totals.parameters).toBe(parameters));
  it('has the published MACs', () => expect(inBillions(totals.macs)).toBe(billions));
  it('gives the classes it is asked for', () => {
    expect(output).toEqual([[1, 1000]]);
    expect(count(model, { set: { classes: 10 } }).output).toEqual([[1, 10]]);
  });
  it('costs 8 times as much for 8 images, with the same weights', () => {
    const eight = count(model, { batch: 8 }).totals;
    expect([eight.macs, eight.parameters]).toEqual([8n * totals.macs, totals.parameters]);
  });
  if (macs === undefined) return;

  it('has the measured MACs', () => expect(totals.macs).toBe(macs));
  const title = 'has each layer as measured';
  if (isMeasured(model))
    it(title, () => {
      const layers = layersOf(model, count(model));
      expect(layers.counted).toEqual(layers.measured);
    });
  else it.skip(`${title}: the per-layer figures are not beside this repository`);
});

describe('parameters', () => {
  it.each(['resnet50', 'resnet101', 'resnet152'])('%s has as many wherever it strides', (model) => {
    expect(count(`${model}:stride_at=1x1`).totals.parameters).toBe(count(model).totals.parameters);
  });

  it('option A has no weights, B projects three times, C in every block', () => {
    const convs = (shortcut: string) => count(`resnet34:shortcut=${shortcut}`).rows.filter(({ operator }) => operator === 'conv').length;
    expect([convs('A'), convs('B'), convs('C')]).toEqual([33, 36, 33 + 16]);
    expect(count('resnet34:shortcut=A').totals.parameters).toBe(count('plain34').totals.parameters);
    // The kernels and norms of three projections, 64 → 128 → 256 → 512.
    const projections = BigInt(64 * 128 + 128 * 256 + 256 * 512 + 2 * (128 + 256 + 512));
    expect(count('resnet34').totals.parameters - count('plain34').totals.parameters).toBe(projections);
  });

  it('a plain network adds nothing', () => {
    const operators = (model: string) => new Set(count(model).rows.map(({ operator }) => operator));
    expect(operators('plain34').has('add')).toBe(false);
    expect(operators('resnet34').has('add')).toBe(true);
  });
});

describe('resolution', () => {
  it('resnet50 takes any, and costs in proportion to the area at 288×288', () => {
    const convs = (analysis: Analysis) => analysis.totals.macs - (analysis.rows.at(-1)?.macs ?? 0n);
    expect(convs(count('resnet50', square(288))) * 49n).toBe(convs(count('resnet50')) * 81n);
    expect(count('resnet50', square(1)).totals.parameters).toBe(25_557_032n);
  });

  it('vgg16 pools to 7×7 before its linear layers, so its weights stay', () => {
    expect(count('vgg16', square(320)).totals.parameters).toBe(138_357_544n);
    // Five pools halve 32 to 1; 31 leaves nothing for the last.
    expect(count('vgg16', square(32)).output).toEqual([[1, 1000]]);
    expect(() => count('vgg16', square(31))).toThrow();
  });
});
