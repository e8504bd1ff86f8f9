import { describe, expect, it } from 'vitest';
import { type Analysis, analyse } from '../../src/analysis/cost.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { diskLibrary } from '../../src/node.ts';

// The tables of papers. Those of the ResNet paper are in resnet.test.ts; of MobileNetV2 and EfficientNet in modern.test.ts.

const count = (model: string): Analysis => analyse(openModel(parseReference(model), diskLibrary));

/** Millions or billions, rounded to a number of decimals. */
const rounded = (value: bigint, unit: number, decimals: number): number => Number((Number(value) / unit).toFixed(decimals));

describe('RegNet', () => {
  /**
   * Radosavovic et al. 2020, arXiv:2003.13678: parameters of Figures 16 and 17; and flops, which are multiply-adds, in
   * billions, parameters and activations in millions, all to one decimal, as the authors' model zoo (pycls) lists them.
   */
  const X: readonly [name: string, settings: string, flops: number, parameters: number, activations: number][] = [
    ['200MF', 'depth=13,w_0=24,w_a=36.44,w_m=2.49,group_width=8', 0.2, 2.7, 2.2],
    ['400MF', 'depth=22,w_0=24,w_a=24.48,w_m=2.54,group_width=16', 0.4, 5.2, 3.1],
    ['600MF', 'depth=16,w_0=48,w_a=36.97,w_m=2.24,group_width=24', 0.6, 6.2, 4.0],
    ['800MF', 'depth=16,w_0=56,w_a=35.73,w_m=2.28,group_width=16', 0.8, 7.3, 5.1],
    ['1.6GF', 'depth=18,w_0=80,w_a=34.01,w_m=2.25,group_width=24', 1.6, 9.2, 7.9],
    ['3.2GF', 'depth=25,w_0=88,w_a=26.31,w_m=2.25,group_width=48', 3.2, 15.3, 11.4],
    ['4.0GF', 'depth=23,w_0=96,w_a=38.65,w_m=2.43,group_width=40', 4.0, 22.1, 12.2],
    ['6.4GF', 'depth=17,w_0=184,w_a=60.83,w_m=2.07,group_width=56', 6.5, 26.2, 16.4],
    ['8.0GF', 'depth=23,w_0=80,w_a=49.56,w_m=2.88,group_width=120', 8.0, 39.6, 14.1],
    ['12GF', 'depth=19,w_0=168,w_a=73.36,w_m=2.37,group_width=112', 12.1, 46.1, 21.4],
    ['16GF', 'depth=22,w_0=216,w_a=55.59,w_m=2.1,group_width=128', 15.9, 54.3, 25.5],
    ['32GF', 'depth=23,w_0=320,w_a=69.86,w_m=2,group_width=168', 31.7, 107.8, 36.3],
  ];
  const Y: typeof X = [
    ['200MF', 'depth=13,w_0=24,w_a=36.44,w_m=2.49,group_width=8', 0.2, 3.2, 2.2],
    ['400MF', 'depth=16,w_0=48,w_a=27.89,w_m=2.09,group_width=8', 0.4, 4.3, 3.9],
    ['600MF', 'depth=15,w_0=48,w_a=32.54,w_m=2.32,group_width=16', 0.6, 6.1, 4.3],
    ['800MF', 'depth=14,w_0=56,w_a=38.84,w_m=2.4,group_width=16', 0.8, 6.3, 5.2],
    ['1.6GF', 'depth=27,w_0=48,w_a=20.71,w_m=2.65,group_width=24', 1.6, 11.2, 8.0],
    ['3.2GF', 'depth=21,w_0=80,w_a=42.63,w_m=2.66,group_width=24', 3.2, 19.4, 11.3],
    ['4.0GF', 'depth=22,w_0=96,w_a=31.41,w_m=2.24,group_width=64', 4.0, 20.6, 12.3],
    ['6.4GF', 'depth=25,w_0=112,w_a=33.22,w_m=2.27,group_width=72', 6.4, 30.6, 16.4],
    ['8.0GF', 'depth=17,w_0=192,w_a=76.82,w_m=2.19,group_width=56', 8.0, 39.2, 18.0],
    ['12GF', 'depth=19,w_0=168,w_a=73.36,w_m=2.37,group_width=112', 12.1, 51.8, 21.4],
    ['16GF', 'depth=18,w_0=200,w_a=106.23,w_m=2.48,group_width=112', 15.9, 83.6, 23.0],
    ['32GF', 'depth=20,w_0=232,w_a=115.89,w_m=2.53,group_width=232', 32.3, 145.0, 30.3],
  ];
  const figures = ({ totals }: Analysis) => [
    rounded(totals.macs, 1e9, 1),
    rounded(totals.parameters, 1e6, 1),
    rounded(totals.activations, 1e6, 1),
  ];

  it.each(X)('X-%s', (_, settings, ...expected) => {
    expect(figures(count(`regnet_x_400mf:${settings},rounding=paper`))).toEqual(expected);
  });

  it.each(Y)('Y-%s', (_, settings, ...expected) => {
    expect(figures(count(`regnet_y_400mf:${settings},rounding=paper`))).toEqual(expected);
  });

  it('torchvision rounds three of its fourteen to other widths', () => {
    const models = [...X.map(([name]) => `regnet_x_${name}`), ...Y.map(([name]) => `regnet_y_${name}`)]
      .map((name) => name.toLowerCase().replace('.0', '').replace('.', '_'))
      .filter((name) => diskLibrary.zoo.read('regnet.yaml').includes(`${name}:`));
    expect(models).toHaveLength(14);
    const other = models.filter((model) => count(model).totals.macs !== count(`${model}:rounding=paper`).totals.macs);
    expect(other).toEqual(['regnet_x_400mf', 'regnet_y_800mf', 'regnet_y_8gf']);
  });
});

describe('ResNeXt', () => {
  /**
   * Xie et al. 2016, arXiv:1611.05431, Table 1: parameters and FLOPs, which are multiply-adds, rounded to one decimal. Table 1
   * states 4.1 billion for ResNet-50 and 4.2 for ResNeXt-50; the authors' repository says about 4.1, 7.8 and 15.6 of 50, 101
   * layers of 32×4d, and 101 layers of 64×4d.
   */
  it.each([
    { model: 'resnet50', parameters: 25.5, billions: 4.1 },
    { model: 'resnext50_32x4d', parameters: 25.0, billions: 4.2 },
  ])('$model: $parameters million parameters, $billions billion MACs', ({ model, parameters, billions }) => {
    const { totals } = count(model);
    // 25.557 million of ResNet-50 the table cuts to 25.5, where ResNeXt-50's 25.029 round and cut to the same.
    expect(Math.floor(Number(totals.parameters) / 1e5) / 10).toBe(parameters);
    expect(rounded(totals.macs, 1e9, 1)).toBe(billions);
  });

  it('the first block of 32×4d has the parameters of section 3.3', () => {
    // Equation 4: C·(256·d + 3·3·d·d + d·256), about 70 thousand, as much as ResNet's bottleneck.
    const kernels = (block: string) =>
      count(block)
        .rows.filter(({ operator }) => operator === 'conv')
        .reduce((sum, { parameters }) => sum + parameters, 0n);
    expect(kernels('bottleneck:groups=32,group_width=4')).toBe(32n * (256n * 4n + 9n * 4n * 4n + 4n * 256n));
    expect(rounded(kernels('bottleneck:groups=32,group_width=4'), 1e3, 0)).toBe(70);
    expect(rounded(kernels('bottleneck'), 1e3, 0)).toBe(70);
  });

  it.each([
    // Table 2: cardinality C and width d of the bottleneck, all near 70 thousand parameters.
    { groups: 1, width: 64 },
    { groups: 2, width: 40 },
    { groups: 4, width: 24 },
    { groups: 8, width: 14 },
    { groups: 32, width: 4 },
  ])('Table 2: $groups groups of $width channels cost as much as one of 64, within 5%', ({ groups, width }) => {
    const macs = (settings: string) => Number(count(`resnet50:${settings}`).totals.macs);
    expect(Math.abs(macs(`groups=${groups},group_width=${width}`) / macs('groups=1,group_width=64') - 1)).toBeLessThan(0.05);
  });

  it('the authors state about 7.8 and 15.6 for 101 layers; the products of the layers are 8.0 and 15.5', () => {
    expect(rounded(count('resnext101_32x8d:group_width=4').totals.macs, 1e9, 1)).toBe(8);
    expect(rounded(count('resnext101_64x4d').totals.macs, 1e9, 1)).toBe(15.5);
  });
});

describe('DenseNet', () => {
  /**
   * Huang et al. 2016, arXiv:1608.06993, Table 1. The paper plots parameters and FLOPs (Figure 3) and tabulates neither, so
   * that the published counts are those of its implementations: see published.ts. What the table gives is layers and maps;
   * with k feature maps a layer and half of them kept by each transition, the maps after each block follow.
   */
  it.each([
    { model: 'densenet121', depth: 121, maps: [256, 512, 1024, 1024] },
    { model: 'densenet169', depth: 169, maps: [256, 512, 1280, 1664] },
    { model: 'densenet201', depth: 201, maps: [256, 512, 1792, 1920] },
    { model: 'densenet161', depth: 161, maps: [384, 768, 2112, 2208] },
  ])('$model has $depth layers with weights, and $maps feature maps after its blocks', ({ model, depth, maps }) => {
    const { rows } = count(model);
    const weighted = rows.filter(({ operator }) => operator === 'conv' || operator === 'linear');
    expect(weighted).toHaveLength(depth);
    const last = [1, 2, 3, 4].map((block) => rows.findLast(({ path }) => path.startsWith(`block${block}/`))?.output[0]?.[1]);
    expect(last).toEqual(maps);
  });

  it.each([
    // Table 1's output sizes of the dense blocks.
    ['block1', 56],
    ['block2', 28],
    ['block3', 14],
    ['block4', 7],
  ])('%s works on %i×%i maps', (block, side) => {
    const row = count('densenet121').rows.find(({ path }) => path.startsWith(`${block}/`));
    expect(row?.input[0]?.slice(2)).toEqual([side, side]);
  });

  it("DenseNet-201's 20 million parameters, about half of ResNet-101's 40 and more", () => {
    // Section 4.4: "a DenseNet-201 with 20M parameters model yields similar validation error as a 101-layer ResNet with more than
    // 40M parameters".
    expect(rounded(count('densenet201').totals.parameters, 1e6, 0)).toBe(20);
    expect(count('resnet101').totals.parameters > 40_000_000n).toBe(true);
  });
});

describe('SqueezeNet', () => {
  /**
   * Iandola et al. 2016, arXiv:1602.07360, Table 1: parameters before pruning, in all 1,248,424; and of the fire modules and
   * convolutions. The table counts biases, as here.
   */
  it.each([
    ['conv1', 14_208n],
    ['fire2', 11_920n],
    ['fire3', 12_432n],
    ['fire4', 45_344n],
    ['fire5', 49_440n],
    ['fire6', 104_880n],
    ['fire7', 111_024n],
    ['fire8', 188_992n],
    ['fire9', 197_184n],
    ['conv10', 513_000n],
  ])('%s: %i parameters', (layer, parameters) => {
    const rows = count('squeezenet1_0').rows.filter(({ path }) => path.split('/')[0] === layer);
    expect(rows.reduce((sum, row) => sum + row.parameters, 0n)).toBe(parameters);
  });

  it('1,248,424 parameters, 50 times fewer than AlexNet', () => {
    const { parameters } = count('squeezenet1_0').totals;
    expect(parameters).toBe(1_248_424n);
    // Table 2: 240 MB of AlexNet against 4.8 MB, rounded down to 50×. At 4 bytes each, SqueezeNet's are 4.76 MiB, 4.99 MB.
    expect(rounded(4n * parameters, 2 ** 20, 1)).toBe(4.8);
    expect(Math.floor(240 / 4.8)).toBe(50);
    // By torchvision's AlexNet, of one tower, it is 48.9.
    expect(Math.round(Number((10n * count('alexnet').totals.parameters) / parameters))).toBe(489);
  });

  it('version 1.1 computes 2.3 times less', () => {
    // Its authors state 1.72 and 0.72 GFLOPs an image, 2.4 times less, and not how they count. At none of the input sizes of
    // either version, 224 or 227, do the products of the layers come to that: 2 × 0.819 and 2 × 0.349 billion at 224.
    const [v10, v11] = [count('squeezenet1_0').totals, count('squeezenet1_1').totals];
    expect([rounded(v10.flops, 1e9, 2), rounded(v11.flops, 1e9, 2)]).toEqual([1.64, 0.7]);
    expect(rounded((v10.macs * 1000n) / v11.macs, 1e3, 1)).toBe(2.3);
    expect(v11.parameters < v10.parameters).toBe(true);
  });
});
