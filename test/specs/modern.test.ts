import { describe, expect, it } from 'vitest';
import { type Analysis, analyse, type CostRow } from '../../src/analysis/cost.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node.ts';
import { FlopwiseError, sentence } from '../../src/problems/problem.ts';
import type { Settings } from '../../src/spec/expand.ts';
import { isMeasured, layersOf } from './layers.ts';
import { inBillions, MODERN } from './published.ts';

const count = (model: string, settings?: Settings): Analysis => analyse(openModel(parseReference(model), diskLibrary, settings));

const image = (height: number, width = height): Settings => ({ input: { image: [3, height, width] } });

const sum = (rows: readonly CostRow[], of: 'macs' | 'parameters'): bigint => rows.reduce((total, row) => total + row[of], 0n);

/** The sentences of what is wrong. */
function complaints(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof FlopwiseError) return error.problems.map(sentence).join('\n');
    throw error;
  }
  return '';
}

/**
 * Swin's layers of query, key, value and output are called as functions in torchvision, so that no module was measured.
 */
const isModule = ({ operator, node }: CostRow): boolean => operator !== 'linear' || node.written === 'module';

describe.each(MODERN)('$model', ({ model, side, parameters, billions, macs }) => {
  const { totals, input, output } = count(model);

  it('takes the published input', () => expect(input).toEqual([[1, 3, side, side]]));
  it('gives 1000 classes', () => expect(output).toEqual([[1, 1000]]));
  it('has the published parameters', () => expect(totals.parameters).toBe(parameters));
  it('has the published MACs', () => expect(inBillions(totals.macs)).toBe(billions));
  if (macs !== undefined) {
    it('has the measured MACs', () => expect(totals.macs).toBe(macs));
    it.skipIf(!isMeasured(model))('has each layer as measured, where the per-layer figures are at hand', () => {
      const layers = layersOf(model, count(model), isModule);
      expect(layers.counted).toEqual(layers.measured);
    });
  }

  it('takes other numbers of classes', () => {
    expect(count(model, { set: { classes: 10 } }).output).toEqual([[1, 10]]);
  });
});

/** One of each kind, to vary batch and resolution. */
const KINDS = [
  'mobilenet_v2',
  'mobilenet_v3_small',
  'mnasnet1_0',
  'shufflenet_v2_x1_0',
  'efficientnet_b0',
  'efficientnet_v2_s',
  'convnext_tiny',
  'vit_b_16',
  'swin_t',
  'maxvit_t',
];

describe('batch', () => {
  it.each(KINDS)('%s: 8 images cost 8 times as much, with the same weights', (model) => {
    const [one, eight] = [count(model), count(model, { batch: 8 })];
    expect(eight.totals.macs).toBe(8n * one.totals.macs);
    expect(eight.totals.parameters).toBe(one.totals.parameters);
    expect(eight.output).toEqual([[8, 1000]]);
  });

  it('swin_v2_t works out its position bias once for the whole batch', () => {
    const [one, eight] = [count('swin_v2_t'), count('swin_v2_t', { batch: 8 })];
    const isBias = ({ path }: CostRow) => path.includes('/bias/');
    const bias = sum(one.rows.filter(isBias), 'macs');
    // 15×15 offsets, 2 → 512 → heads, in 2, 2, 6 and 2 blocks of 3, 6, 12 and 24 heads.
    expect(bias).toBe(225n * 512n * (2n * 12n + 2n * 3n + 2n * 6n + 6n * 12n + 2n * 24n));
    expect(eight.totals.macs).toBe(8n * one.totals.macs - 7n * bias);
  });
});

describe('resolution', () => {
  it.each(['mobilenet_v2', 'mobilenet_v3_small', 'mnasnet1_0', 'shufflenet_v2_x1_0', 'efficientnet_b0', 'convnext_tiny'])(
    '%s: convolutions at 288×288 cost (288/224)² as much',
    (model) => {
      const convolutions = ({ rows }: Analysis) =>
        sum(
          rows.filter(({ operator, output }) => operator === 'conv' && output[0]?.at(-1) !== 1),
          'macs',
        );
      const [at224, at288] = [count(model), count(model, image(288))];
      expect(convolutions(at288) * 49n).toBe(convolutions(at224) * 81n);
      expect(at288.totals.parameters).toBe(at224.totals.parameters);
    },
  );

  it.each(['mobilenet_v2', 'mobilenet_v3_large', 'mnasnet0_5', 'shufflenet_v2_x2_0', 'efficientnet_b1', 'efficientnet_v2_s'])(
    '%s takes an image of one pixel',
    (model) => {
      expect(count(model, image(1)).totals.parameters).toBe(count(model).totals.parameters);
    },
  );

  it('convnext needs what its strides divide by', () => {
    expect(count('convnext_tiny', image(32)).output).toEqual([[1, 1000]]);
    expect(complaints(() => count('convnext_tiny', image(31)))).toMatch(/2/);
  });

  it('vit is made for one resolution, and says which shapes do not fit', () => {
    expect(complaints(() => count('vit_b_16', image(288)))).toContain('1×325×768 and 1×197×768');
    expect(complaints(() => count('vit_b_16', image(288)))).toContain('$in is 1×3×288×288, $resolution is 224');
    // As many patches, but pixels left over: torchvision refuses it too.
    expect(complaints(() => count('vit_b_16', image(230)))).toContain('$in is 1×3×230×230, $resolution is 224');
    // 384: (384/16)² patches and the class token, each with a position of 768.
    expect(count('vit_b_16', { set: { resolution: 384 } }).totals.parameters).toBe(86_567_656n + (577n - 197n) * 768n);
  });

  it('maxvit is made for one resolution, and says which shapes do not fit', () => {
    expect(complaints(() => count('maxvit_t', image(448)))).toContain('1×64×112×112');
    const at448 = count('maxvit_t', { set: { resolution: 448 } });
    expect(at448.totals.parameters).toBe(30_919_624n);
    expect(complaints(() => count('maxvit_t', { set: { resolution: 256 } }))).toContain('1×64×64×64');
  });

  describe('swin pads maps to whole windows, and shifts only where there are several', () => {
    const rolls = ({ rows }: Analysis) => rows.filter(({ operator }) => operator === 'roll').map(({ input }) => input[0]?.slice(1, 3));
    const attended = ({ rows }: Analysis) =>
      rows.filter(({ path }) => path.endsWith('/window_attention/qkv')).map(({ input }) => input[0]?.slice(0, 2));

    it('at 224×224 the map of the last stage is one window', () => {
      // Every other block of the first three stages shifts, and shifts back.
      const sides = [56, 28, 14, 14, 14].flatMap((side) => [side, side]);
      expect(rolls(count('swin_t'))).toEqual(sides.map((side) => [side, side]));
    });

    it('at 233×301 maps are padded in every stage', () => {
      const analysis = count('swin_t', image(233, 301));
      // Maps of 58×75, 29×38, 15×19 and 8×10; windows of 7×7.
      const windows = [...new Array(2).fill(9 * 11), ...new Array(2).fill(5 * 6), ...new Array(6).fill(3 * 3), ...new Array(2).fill(2 * 2)];
      expect(attended(analysis)).toEqual(windows.map((number) => [number, 49]));
      const adds = analysis.rows.filter(({ path }) => path.endsWith('swin_block[1]/add[1]')).map(({ output }) => output[0]?.slice(1, 3));
      expect(adds).toEqual([
        [58, 75],
        [29, 38],
        [15, 19],
        [8, 10],
      ]);
      expect(analysis.totals.parameters).toBe(28_288_354n);
    });

    it('shifts along one axis only where the other has one window', () => {
      const analysis = count('swin_t', image(28, 224));
      const shifts = analysis.rows
        .filter(({ operator }) => operator === 'roll')
        .map(({ node }) => (node.attributes as { shift: number[] }).shift);
      expect(shifts.slice(0, 2)).toEqual([
        [-0, -3],
        [0, 3],
      ]);
    });

    it('takes the smallest image that has a patch', () => {
      expect(count('swin_t', image(4)).output).toEqual([[1, 1000]]);
      expect(count('swin_v2_t', image(4)).output).toEqual([[1, 1000]]);
    });
  });
});

describe('MobileNetV2 at its 22 widths and resolutions', () => {
  // Sandler et al. 2018, arXiv:1801.04381, Figure 5, with the figures that its authors list beside the checkpoints: millions of
  // MACs, rounded down, and millions of parameters without those of batch norm, rounded to two decimals.
  const POINTS: Readonly<Record<string, { millions: number; macs: readonly number[] }>> = {
    1.4: { millions: 6.06, macs: [582] },
    1.3: { millions: 5.34, macs: [509] },
    1: { millions: 3.47, macs: [300, 221, 154, 99, 56] },
    0.75: { millions: 2.61, macs: [209, 153, 107, 69, 39] },
    0.5: { millions: 1.95, macs: [97, 71, 50, 32, 18] },
    0.35: { millions: 1.66, macs: [59, 43, 30, 20, 11] },
  };
  const SIDES = [224, 192, 160, 128, 96];
  const points = Object.entries(POINTS).flatMap(([width, { millions, macs }]) =>
    macs.map((expected, index) => ({ width: Number(width), side: SIDES[index] as number, millions, macs: expected })),
  );

  it('are 22', () => expect(points).toHaveLength(22));

  it.each(points)('$width at $side: $macs million MACs, $millions million parameters', ({ width, side, millions, macs }) => {
    const { totals, rows } = count('mobilenet_v2', { ...image(side), set: { width } });
    const norms = sum(
      rows.filter(({ operator }) => operator === 'batchnorm'),
      'parameters',
    );
    expect(totals.macs / 1_000_000n).toBe(BigInt(macs));
    expect(Math.round(Number(totals.parameters - norms) / 1e4) / 1e2).toBe(millions);
  });
});

describe('EfficientNet B0 to B7', () => {
  // Tan and Le 2019, arXiv:1905.11946, Table 2: parameters in millions and FLOPs, which are multiply-adds, in billions, to two
  // digits; resolutions as in the authors' code.
  it.each([
    { model: 'efficientnet_b0', side: 224, millions: 5.3, billions: 0.39 },
    // The table states 0.70.
    { model: 'efficientnet_b1', side: 240, millions: 7.8, billions: 0.69 },
    // The table states 9.2 million parameters.
    { model: 'efficientnet_b2', side: 260, millions: 9.1, billions: 0.99 },
    { model: 'efficientnet_b3', side: 300, millions: 12, billions: 1.8 },
    // The table states 4.2, 9.9 and 37 for B4, B5 and B7; the products of the layers are a little more.
    { model: 'efficientnet_b4', side: 380, millions: 19, billions: 4.4 },
    { model: 'efficientnet_b5', side: 456, millions: 30, billions: 10 },
    { model: 'efficientnet_b6', side: 528, millions: 43, billions: 19 },
    { model: 'efficientnet_b7', side: 600, millions: 66, billions: 38 },
  ])('$model at $side: $millions million parameters, $billions billion MACs', ({ model, side, millions, billions }) => {
    const { totals } = count(model, { set: { resolution: side } });
    expect(Number((Number(totals.parameters) / 1e6).toPrecision(2))).toBe(millions);
    expect(Number((Number(totals.macs) / 1e9).toPrecision(2))).toBe(billions);
  });
});

describe('parameters', () => {
  it('each efficientnet is the baseline, scaled', () => {
    expect(count('efficientnet_b0:width=1.1,depth=1.2,resolution=288').totals).toEqual(count('efficientnet_b2').totals);
    expect(count('efficientnet_b0:width=2,depth=3.1,resolution=600').totals).toEqual(count('efficientnet_b7').totals);
  });

  it('efficientnet: depth repeats blocks, rounded up', () => {
    const blocks = (model: string) => count(model).rows.filter(({ path }) => path.endsWith('project/conv')).length;
    expect(blocks('efficientnet_b0')).toBe(1 + 2 + 2 + 3 + 3 + 4 + 1);
    expect(blocks('efficientnet_b0:depth=1.2')).toBe(2 + 3 + 3 + 4 + 4 + 5 + 2);
  });

  it('stochastic depth grows from 0 at the first block to its rate at the last', () => {
    const rates = (model: string) =>
      count(model)
        .rows.filter(({ operator }) => operator === 'stochasticdepth')
        .map(({ node }) => (node.attributes as { rate: number }).rate);
    expect(rates('convnext_tiny').at(0)).toBe(0);
    expect(rates('convnext_tiny').at(-1)).toBe(0.1);
    expect(rates('convnext_tiny')).toHaveLength(18);
    expect(rates('swin_s').at(-1)).toBe(0.3);
    expect(rates('maxvit_t').at(-1)).toBe(0.2);
    // torchvision divides by the number of blocks here, so that the last of 16 has 15/16 of it; it has no shortcut.
    expect(rates('efficientnet_b0').at(-1)).toBeCloseTo((0.2 * 14) / 16, 12);
    expect(rates('efficientnet_b0')).toEqual([...rates('efficientnet_b0')].sort((a, b) => a - b));
  });

  it('mobilenets: width rounds channels to multiples of 8, at least 90% of what was asked', () => {
    const stem = (model: string) => count(model).rows[0]?.output[0]?.[1];
    expect(stem('mobilenet_v2:width=0.5')).toBe(16);
    expect(stem('mobilenet_v2:width=0.35')).toBe(16);
    expect(stem('mnasnet0_75')).toBe(24);
    expect(stem('mobilenet_v3_large:width=0.5')).toBe(8);
    expect(count('mnasnet1_0:width=0.5').totals).toEqual(count('mnasnet0_5').totals);
  });

  it('swin_v2 is swin with three changes', () => {
    const changed = count('swin_t:window=8,norm=after,similarity=cosine,bias=continuous_bias', image(256));
    expect(changed.totals).toEqual(count('swin_v2_t').totals);
  });
});

describe('blocks', () => {
  it.each([
    'squeeze_excite',
    'inverted_residual',
    'bneck',
    'shuffle_unit',
    'fused_mbconv',
    'layer_scale',
    'convnext_block',
    'mlp',
    'encoder_layer',
    'scale',
    'continuous_bias',
    'window_attention',
    'shifted_window_attention',
    'patch_merging',
  ])('%s can be counted alone', (block) => {
    const { rows, name } = count(block);
    expect(name).toBe(block);
    expect(rows.length).toBeGreaterThan(0);
  });

  it('an inverted residual has a shortcut where it keeps the shape', () => {
    const adds = (settings: string) => count(`inverted_residual:${settings}`).rows.filter(({ operator }) => operator === 'add').length;
    expect(adds('out=24')).toBe(1);
    expect(adds('out=32')).toBe(0);
    expect(adds('out=24,stride=2')).toBe(0);
  });
});
