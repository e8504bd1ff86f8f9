import { describe, expect, it } from 'vitest';
import { type Analysis, analyse } from '../../src/analysis/cost.ts';
import { groupBy } from '../../src/analysis/group.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node.ts';
import { FlopwiseError } from '../../src/problems/problem.ts';
import type { Settings } from '../../src/spec/expand.ts';
import { isMeasured, layersOf } from './layers.ts';
import { CLASSIC, inBillions } from './published.ts';

const count = (model: string, settings?: Settings): Analysis => analyse(openModel(parseReference(model), diskLibrary, settings));

const square = (side: number): Settings => ({ input: { image: [3, side, side] } });

describe.each(CLASSIC)('$model', ({ model, side, parameters, billions, macs, weights = model }) => {
  const { input, totals } = count(model);

  it('takes the published input', () => expect(input).toEqual([[1, 3, side, side]]));
  it('has the published parameters', () => expect(count(weights).totals.parameters).toBe(parameters));
  it('has the published MACs', () => expect(inBillions(totals.macs)).toBe(billions));
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

describe('auxiliary classifiers', () => {
  it.each([
    // Parameters with and without, measured with torchvision 0.14.1.
    { model: 'googlenet', with: 13_004_888n, without: 6_624_904n, outputs: 3 },
    { model: 'inception_v3', with: 27_161_264n, without: 23_834_568n, outputs: 2 },
  ])('of $model are there on demand, weights and outputs', (expected) => {
    const without = count(expected.model);
    const aux = count(`${expected.model}:aux=true`);
    expect(without.totals.parameters).toBe(expected.without);
    expect(without.output).toEqual([[1, 1000]]);
    expect(aux.totals.parameters).toBe(expected.with);
    expect(aux.output).toEqual(new Array(expected.outputs).fill([1, 1000]));
  });

  it('of googlenet take any resolution', () => {
    expect(count('googlenet:aux=true', square(320)).totals.parameters).toBe(13_004_888n);
  });
});

describe('batch', () => {
  it.each(CLASSIC)('$model: 8 images cost 8 times as much, with the same weights', ({ model }) => {
    const [one, eight] = [count(model), count(model, { batch: 8 })];
    expect(eight.totals.macs).toBe(8n * one.totals.macs);
    expect(eight.totals.parameters).toBe(one.totals.parameters);
    expect(eight.output[0]).toEqual([8, 1000]);
  });
});

describe('resolution', () => {
  // Where every stage divides evenly, convolutions cost in proportion to the area; the classifier and squeeze-excite do not.
  const EVEN = ['densenet121', 'resnext50_32x4d', 'wide_resnet50_2', 'regnet_x_400mf', 'regnet_x_8gf'];
  it.each(EVEN)('%s costs (288/224)² as much at 288×288', (model) => {
    const convolutions = (analysis: Analysis) =>
      analysis.rows.filter(({ operator }) => operator === 'conv').reduce((sum, { macs }) => sum + macs, 0n);
    expect(convolutions(count(model, square(288))) * 49n).toBe(convolutions(count(model)) * 81n);
  });

  // The least side that torchvision 0.14 says each of them takes (`min_size` of the weights).
  it.each([
    ['alexnet', 63],
    ['squeezenet1_0', 21],
    ['squeezenet1_1', 17],
    ['densenet121', 29],
    ['googlenet', 15],
    ['inception_v3', 75],
  ])('%s takes images of at least %i pixels a side', (model, least) => {
    const at = count(model, square(least));
    expect(at.totals.parameters).toBe(count(model).totals.parameters);
    expect(at.output).toEqual([[1, 1000]]);
    expect(() => count(model, square(least - 1))).toThrow(FlopwiseError);
  });

  it.each(['resnext50_32x4d', 'wide_resnet50_2', 'regnet_x_400mf', 'regnet_y_400mf'])('%s takes an image of one pixel', (model) => {
    expect(count(model, square(1)).totals.parameters).toBe(count(model).totals.parameters);
  });

  it('alexnet keeps its linear layers at any resolution', () => {
    expect(count('alexnet', square(320)).totals.parameters).toBe(61_100_840n);
  });
});

describe('parameters', () => {
  it.each(CLASSIC)('$model: the number of classes', ({ model }) => {
    expect(count(model, { set: { classes: 10 } }).output[0]).toEqual([1, 10]);
  });

  it('resnext and wide_resnet are resnet with other groups', () => {
    const { totals } = count('resnet50');
    expect(count('resnext50_32x4d:groups=1,group_width=64').totals).toEqual(totals);
    expect(count('wide_resnet50_2:group_width=64').totals).toEqual(totals);
    expect(count('resnet50:groups=32,group_width=4').totals).toEqual(count('resnext50_32x4d').totals);
  });

  it('densenet: growth rate and compression', () => {
    // DenseNet-161's head sees (((96 + 6·48)/2 + 12·48)/2 + 36·48)/2 + 24·48 = 2208 channels.
    expect(count('densenet161').rows.at(-1)?.input).toEqual([[1, 2208]]);
    expect(count('densenet121:growth=48,layers=[6,12,36,24]').totals).toEqual(count('densenet161').totals);
    // Without compression: 64 + (6 + 12 + 24 + 16)·32 channels.
    expect(count('densenet121:compression=1').rows.at(-1)?.input).toEqual([[1, 1920]]);
  });

  it("googlenet: the paper's 5×5 convolutions", () => {
    const kernels = (analysis: Analysis) =>
      analysis.rows
        .filter(({ path }) => path.endsWith('branch5x5/conv_bn_relu[1]/conv'))
        .map(({ weights }) => weights.kernel?.shape.slice(2));
    expect(kernels(count('googlenet'))).toEqual(new Array(9).fill([3, 3]));
    expect(kernels(count('googlenet:large=5'))).toEqual(new Array(9).fill([5, 5]));
  });
});

describe('regnet', () => {
  /** The output channels of each block, stage by stage. */
  const widthsByStage = (model: string): number[][] => {
    const stages = groupBy(count(model), 'stage').filter(({ name }) => name.startsWith('stage'));
    return stages.map(({ rows }) => rows.filter(({ operator }) => operator === 'add').map(({ output }) => output[0]?.[1] ?? 0));
  };

  // Radosavovic et al. 2020, arXiv:2003.13678, Figures 16 and 17; the last width of X-400MF and the first of Y-8GF as rounded
  // by torchvision, where the paper has 384 and 168.
  it.each([
    { model: 'regnet_x_400mf', depths: [1, 2, 7, 12], widths: [32, 64, 160, 400] },
    { model: 'regnet_x_400mf:rounding=paper', depths: [1, 2, 7, 12], widths: [32, 64, 160, 384] },
    { model: 'regnet_x_32gf', depths: [2, 7, 13, 1], widths: [336, 672, 1344, 2520] },
    { model: 'regnet_y_400mf', depths: [1, 3, 6, 6], widths: [48, 104, 208, 440] },
    { model: 'regnet_y_8gf', depths: [2, 4, 10, 1], widths: [224, 448, 896, 2016] },
    { model: 'regnet_y_8gf:rounding=paper', depths: [2, 4, 10, 1], widths: [168, 448, 896, 2016] },
  ])('$model: depths and widths of the stages follow from the parameters', ({ model, depths, widths }) => {
    const blocks = widthsByStage(model);
    expect(blocks.map((stage) => stage.length)).toEqual(depths);
    expect(blocks.map(([width]) => width)).toEqual(widths);
  });

  it('has as many stages as the parameters give', () => {
    expect(widthsByStage('regnet_x_400mf:depth=30,w_a=48')).toHaveLength(5);
    // 24 channels become 32, the nearest multiple of the group width of 16.
    expect(widthsByStage('regnet_x_400mf:depth=6,w_a=0')).toEqual([[32, 32, 32, 32, 32, 32]]);
  });
});

describe('blocks on their own', () => {
  it.each([
    ['bottleneck', [256, 56, 56]],
    ['conv_bn_relu', [64, 56, 56]],
    ['dense', [96, 56, 56]],
    ['fire', [128, 54, 54]],
    ['inception', [256, 28, 28]],
    ['inception_a', [256, 35, 35]],
    ['inception_b', [768, 17, 17]],
    ['inception_c', [768, 17, 17]],
    ['inception_d', [1280, 8, 8]],
    ['inception_e', [2048, 8, 8]],
    ['regnet_block', [64, 56, 56]],
    ['regnet_block:squeeze=0.25', [64, 56, 56]],
  ])('%s', (block, output) => expect(count(block).output).toEqual([[1, ...output]]));
});
