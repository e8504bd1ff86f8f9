import { describe, expect, it } from 'vitest';
import { flopwise } from './helpers.ts';

const compare = (references: string) => flopwise(['compare', ...references.split(' ')]);

describe('compare basic bottleneck', () => {
  it('prints both costs, 18:17, and how 9 against 8 comes about', async () => {
    const { out, code } = await compare('basic bottleneck');
    expect(code).toBe(0);
    expect(out).toContain('231,211,008  218,365,952');
    expect(out.slice(out.indexOf('MACs as products'))).toBe(`MACs as products:
  basic       3×3×64×56×56×64 + 3×3×64×56×56×64 = 231,211,008
  bottleneck  1×1×256×56×56×64 + 3×3×64×56×56×64 + 1×1×64×56×56×256 = 218,365,952

Both have 3×3×64×56×56×64: it cancels. What is left:
  basic       9 × (64·56·56·64)
  bottleneck  (4 + 4) × (64·56·56·64)
That is 9 to 8.

All together, the greatest common product factored out:
  basic       (9 + 9 = 18) × (64·56·56·64)
  bottleneck  (4 + 4 + 9 = 17) × (64·56·56·64)
basic : bottleneck = 18:17 = 1.059
`);
  });

  it('gives the ratio as a formula where d is left open', async () => {
    const { out } = await compare('basic:d=? bottleneck:d=?');
    expect(out).toContain('18d² × (56·56)');
    expect(out).toContain('17d² × (56·56)');
    expect(out).toContain('basic : bottleneck = 18:17');
    const symbolic = await compare('basic bottleneck --symbolic d');
    expect(symbolic.out).toContain('17d² × (56·56)');
  });

  it('measures depth, receptive field and memory', async () => {
    const { out } = await compare('basic bottleneck --format csv');
    expect(out).toContain('depth,2,3\nreceptive field,5,3\nweight bytes,296960,284672\npeak bytes,2408448,9633792\n');
  });

  it('lays layers side by side where they correspond', async () => {
    const { out } = await compare('basic bottleneck --format json');
    const { aligned, apart, comparison, derivations } = JSON.parse(out);
    expect(aligned).toContainEqual(['conv[1]', 'conv[1]']);
    expect(aligned).toContainEqual([null, 'conv[2]']);
    expect(comparison.MACs).toEqual({ basic: 231211008, bottleneck: 218365952 });
    expect(apart.MACs).toEqual({ difference: -12845056, ratio: 0.944, better: 'bottleneck' });
    expect(derivations[0].ratio).toEqual(['18', '17']);
  });
});

describe('compare', () => {
  it("gives MobileNet's ratio as an exact fraction, and with symbols as in the paper", async () => {
    const exact = await compare('depthwise_separable:out=512 standard_convolution:out=512 --input 512x14x14');
    expect(exact.out).toContain('= 1/512 + 1/9 = 521/4608\n');
    const symbolic = await compare('depthwise_separable:out=?N,kernel=?K standard_convolution:out=?N,kernel=?K');
    expect(symbolic.out).toContain('= 1/N + 1/K²\n');
  });

  it.each([
    ["ResNeXt's block", 'bottleneck bottleneck:groups=32,group_width=4', '136:137'],
    ['another width', 'bottleneck:d=64 bottleneck:d=128', '1:4'],
    ['a block and itself', 'basic basic', '1:1'],
    ['fire and inception', 'fire inception', '5589:19796'],
    ['stages', 'resnet34/conv3_x resnet50/conv3_x', '17:20'],
    ['models', 'resnet34 resnet50', '894473:998336'],
  ])('works for %s', async (_, references, ratio) => {
    const { out, code } = await compare(references);
    expect(code).toBe(0);
    expect(out).toContain(` = ${ratio} = `);
  });

  it('compares more than two, each with the first', async () => {
    const { out } = await compare('resnet18 resnet34 resnet50');
    expect(out).toContain('resnet18 : resnet34 = ');
    expect(out).toContain('resnet18 : resnet50 = ');
  });

  it('takes one model alone where a parameter is open, and gives its cost as a polynomial', async () => {
    const { out, code } = await compare('llama-3-8b:tokens=?');
    expect(code).toBe(0);
    // Two products of 32 heads of 128 features in each of 32 layers; then the parameters without embedding and norms.
    expect(out).toContain('llama-3-8b: MACs = 262144·tokens² + 7504658432·tokens');
  });

  it('needs two where none is', async () => {
    const { err, code } = await compare('llama-3-8b');
    expect([err.includes('The argument <other> is missing'), code]).toEqual([true, 2]);
  });

  it('writes Markdown', async () => {
    const { out } = await compare('basic bottleneck --format markdown');
    expect(out).toContain('| MACs | 231,211,008 | 218,365,952 |');
  });

  it.each([
    ['an unknown stage', 'resnet34/conv3_y resnet50', 'UNKNOWN_PATH', 'Did you mean "conv3_x"?'],
    ['a stage far off', 'resnet34/zzz resnet50', 'UNKNOWN_PATH', 'conv1, conv2_x, conv3_x, conv4_x, conv5_x, head'],
    ['images and sequences', 'resnet50 encoder_layer', 'NOT_COMPARABLE', 'encoder_layer 1×197×768'],
    ['an unknown parameter', 'basic:q=? bottleneck', 'UNKNOWN_PARAMETER', 'd, stride, shortcut'],
    ['a word left open', 'basic:shortcut=? bottleneck', 'NOT_A_NUMBER_PARAMETER', 'd, stride'],
    ['what is no polynomial', 'regnet_y_400mf:depth=? resnet18', 'NOT_POLYNOMIAL', 'layers come and go'],
  ])('refuses %s', async (_, references, code, says) => {
    const { err, code: exit } = await compare(references);
    expect(exit).toBe(2);
    expect(err).toContain(code);
    expect(err).toContain(says);
  });
});
