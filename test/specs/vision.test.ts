import { describe, expect, it } from 'vitest';
import { countTotal } from '../../src/analysis/conventions/convention.ts';
import { conventionOf } from '../../src/analysis/conventions/registry.ts';
import { type Analysis, analyse } from '../../src/analysis/cost.ts';
import { verify } from '../../src/execute/verify.ts';
import { openModel, parseReference } from '../../src/library/reference.ts';
import { openKernels } from '../../src/node/kernels.ts';
import { diskLibrary } from '../../src/node.ts';
import type { Settings } from '../../src/spec/expand.ts';
import { smallModels } from './small-models.ts';

const kernels = await openKernels('fast');

// Networks for detection, segmentation and generation, and classification networks that torchvision does not publish.

const count = (model: string, settings?: Settings): Analysis => analyse(openModel(parseReference(model), diskLibrary, settings));

const square = (side: number): Settings => ({ input: { image: [3, side, side] } });

const rounded = (value: bigint, unit: number, decimals: number): number => Number((Number(value) / unit).toFixed(decimals));

describe('run on a small input, every operation is as predicted', () => {
  // The slow suite runs a model of each family.
  const RUN = [
    'unet',
    'convnext_v2_atto',
    'yolov3_tiny',
    'yolov8n',
    'ghostnet_x0_5',
    'shufflenet_v1_g3',
    'repvgg_a0',
    'mobilenetv4_hybrid_medium',
  ];

  it.each(smallModels().filter(({ name }) => RUN.includes(name)))('$model', ({ model, input }) => {
    const { holds, layers } = verify(openModel(parseReference(model), diskLibrary, { input }), { kernels });
    expect(layers.filter((layer) => !layer.holds)).toEqual([]);
    expect(holds).toBe(true);
  });
});

describe('torchvision publishes parameters and billions of MACs (num_params and _ops of each model’s weights)', () => {
  it.each([
    { model: 'deeplabv3_resnet50', parameters: 42_004_074n, billions: 178.722 },
    { model: 'deeplabv3_resnet101', parameters: 60_996_202n, billions: 258.743 },
    { model: 'ssd300', parameters: 35_641_826n, billions: 34.858 },
    { model: 'retinanet_resnet50_fpn', parameters: 34_014_999n, billions: 151.54 },
    { model: 'retinanet_resnet50_fpn_v2', parameters: 38_198_935n, billions: 152.238 },
  ])('$model: $parameters, $billions', ({ model, parameters, billions }) => {
    const { totals } = count(model);
    expect(totals.parameters).toBe(parameters);
    expect(rounded(totals.macs, 1e9, 3)).toBe(billions);
  });

  it('DeepLabV3’s auxiliary classifier can be left out', () => {
    const { totals } = count('deeplabv3_resnet50:aux=false');
    // A 3×3 of 1024 channels to 256 with batch norm, and a 1×1 to 21 classes with biases.
    expect(42_004_074n - totals.parameters).toBe(9n * 1024n * 256n + 2n * 256n + 256n * 21n + 21n);
  });

  it('DeepLabV3 with an output stride of 16 has the same parameters, and maps of half the side', () => {
    const { rows, totals } = count('deeplabv3_resnet50:output_stride=16');
    expect(totals.parameters).toBe(42_004_074n);
    expect(rows.findLast(({ path }) => path.startsWith('conv5_x/'))?.output).toEqual([[1, 2048, 33, 33]]);
  });

  it('RetinaNet has one head for scores and one for offsets, whatever the number of maps', () => {
    const heads = count('retinanet_resnet50_fpn').rows.filter(({ path }) => path.startsWith('heads/'));
    // Four 3×3 of 256 channels and one to 9 boxes of 91 classes or 4 offsets, with biases; five maps.
    const inner = 4n * (9n * 256n * 256n + 256n);
    const last = (out: bigint) => 9n * 256n * out + out;
    expect(heads.reduce((sum, { parameters }) => sum + parameters, 0n)).toBe(2n * inner + last(819n) + last(36n));
    expect(heads.filter(({ operator }) => operator === 'conv')).toHaveLength(5 * 2 * 5);
  });

  it('SSD has 8,732 boxes at 300×300, as in section 3 of the paper', () => {
    expect(count('ssd300').output).toEqual([
      [1, 8732, 91],
      [1, 8732, 4],
    ]);
    expect(count('ssd300:classes=21').output).toEqual([
      [1, 8732, 21],
      [1, 8732, 4],
    ]);
  });

  // The table of ssd300 in OpenVINO's Open Model Zoo: MParams of the original, of Pascal VOC.
  it('SSD of 21 classes has 26.285 million parameters', () =>
    expect(rounded(count('ssd300:classes=21').totals.parameters, 1e6, 3)).toBe(26.285));
});

describe('timm’s results/benchmark-infer-amp-nchw-pt240-cu124-rtx4090.csv', () => {
  /** Millions of parameters, GMACs as fvcore counts them, and millions of activations, each with two decimals. */
  it.each<[model: string, side: number, parameters: number, gmacs: number, activations: number]>([
    ['ghostnet_x0_5', 224, 2.59, 0.05, 1.77],
    ['ghostnet_x1_0', 224, 5.18, 0.15, 3.55],
    ['ghostnet_x1_3', 224, 7.36, 0.24, 4.6],
    ['mobilenetv4_conv_small', 224, 3.77, 0.19, 1.97],
    ['mobilenetv4_conv_small', 256, 3.77, 0.25, 2.57],
    ['mobilenetv4_conv_medium', 224, 9.72, 0.84, 5.8],
    ['mobilenetv4_conv_medium', 256, 9.72, 1.1, 7.58],
    ['mobilenetv4_conv_medium', 320, 9.72, 1.71, 11.84],
    ['mobilenetv4_conv_large', 256, 32.59, 2.86, 12.14],
    ['mobilenetv4_conv_large', 320, 32.59, 4.47, 18.97],
    ['mobilenetv4_hybrid_medium', 224, 11.07, 0.98, 6.84],
    ['mobilenetv4_hybrid_medium', 256, 11.07, 1.29, 9.01],
    ['mobilenetv4_hybrid_medium', 320, 11.07, 2.05, 14.36],
    ['repvgg_a0', 224, 9.11, 1.52, 3.59],
    ['repvgg_a1', 224, 14.09, 2.64, 4.74],
    ['repvgg_a2', 224, 28.21, 5.7, 6.26],
    ['repvgg_b0', 224, 15.82, 3.41, 6.15],
    ['repvgg_b1g4', 224, 39.97, 8.15, 10.64],
    ['convnext_v2_atto', 224, 3.71, 0.55, 3.81],
    ['convnext_v2_femto', 224, 5.23, 0.79, 4.57],
    ['convnext_v2_pico', 224, 9.07, 1.37, 6.1],
    ['res2net50_48w_2s', 224, 25.29, 4.18, 11.72],
    ['res2net50_26w_4s', 224, 25.7, 4.28, 12.61],
    ['res2net50_14w_8s', 224, 25.06, 4.21, 13.28],
  ])('%s at %i', (model, side, parameters, gmacs, activations) => {
    const analysis = count(model, square(side));
    expect({
      parameters: rounded(analysis.totals.parameters, 1e6, 2),
      gmacs: rounded(countTotal(conventionOf('timm'), analysis), 1e9, 2),
      activations: rounded(analysis.totals.activations, 1e6, 2),
    }).toEqual({ parameters, gmacs, activations });
  });
});

describe('sides that maps of two resolutions do not join at', () => {
  it.each([
    ['yolov3', [3, 416, 400]],
    ['yolov5n', [3, 650, 640]],
    ['yolov8n', [3, 640, 650]],
    ['unet', [1, 576, 572]],
    ['unet:padding=1', [1, 100, 96]],
    ['ddpm', [3, 20, 16]],
    ['stable_diffusion_v1', [4, 60, 64]],
    ['stable_diffusion_xl', [4, 64, 66]],
  ])('%s refuses %s', (model, shape) => {
    const name = { ddpm: 'image' }[model] ?? 'latent';
    expect(() => count(model, { input: { [name]: shape } })).toThrow('REQUIREMENT_NOT_MET');
  });

  it.each([
    ['unet', [1, 188, 204]],
    ['stable_diffusion_xl', [4, 36, 36]],
  ])('%s takes %s', (model, shape) => {
    expect(count(model, { input: { latent: shape } }).totals.macs > 0n).toBe(true);
  });
});

describe('ShuffleNet', () => {
  /** Zhang et al. 2017, arXiv:1707.01083, Table 1: complexity in millions of multiply-adds, without the classifier. */
  it.each([
    ['shufflenet_v1_g1', 143],
    ['shufflenet_v1_g2', 140],
    ['shufflenet_v1_g3', 137],
    ['shufflenet_v1_g4', 133],
    ['shufflenet_v1_g8', 137],
  ])('%s: %i million', (model, millions) => {
    const { rows } = count(model);
    const convolutions = rows.filter(({ operator }) => operator === 'conv').reduce((sum, { macs }) => sum + macs, 0n);
    expect(rounded(convolutions, 1e6, 0)).toBe(millions);
  });

  it.each([
    // Table 1: output channels of stages 2 to 4.
    ['shufflenet_v1_g1', [144, 288, 576]],
    ['shufflenet_v1_g2', [200, 400, 800]],
    ['shufflenet_v1_g3', [240, 480, 960]],
    ['shufflenet_v1_g4', [272, 544, 1088]],
    ['shufflenet_v1_g8', [384, 768, 1536]],
  ])('%s has %s channels', (model, channels) => {
    const { rows } = count(model);
    expect([2, 3, 4].map((stage) => rows.findLast(({ path }) => path.startsWith(`stage${stage}/`))?.output[0]?.[1])).toEqual(channels);
  });

  // configs/shufflenet_v1/metafile.yml of mmpretrain.
  it('1× with 3 groups has 1.87 million parameters', () => expect(rounded(count('shufflenet_v1_g3').totals.parameters, 1e6, 2)).toBe(1.87));
});

describe('RepVGG', () => {
  /** configs/repvgg/metafile.yml and README.md of mmpretrain: millions of parameters, as trained and as deployed. */
  it.each<[model: string, trained: number, deployed?: number]>([
    ['repvgg_a0', 9.11, 8.31],
    ['repvgg_a1', 14.09, 12.79],
    ['repvgg_a2', 28.21],
    ['repvgg_b0', 15.82],
    ['repvgg_b1', 57.42],
    ['repvgg_b1g2', 45.78],
    ['repvgg_b1g4', 39.97],
    ['repvgg_b2', 89.02],
    ['repvgg_b2g4', 61.76, 55.78],
    ['repvgg_b3', 123.09, 110.96],
    ['repvgg_b3g4', 83.83],
  ])('%s: %d and %d million', (model, trained, deployed) => {
    expect(rounded(count(model).totals.parameters, 1e6, 2)).toBe(trained);
    if (deployed !== undefined) expect(rounded(count(`${model}:deploy=true`).totals.parameters, 1e6, 2)).toBe(deployed);
  });

  it.each(['repvgg_a0', 'repvgg_b2g4'])('%s: what the branches fold into has one 3×3 in place of 3×3 and 1×1', (model) => {
    const [trained, deployed] = [count(model), count(`${model}:deploy=true`)];
    const macs = ({ rows }: Analysis, kernel: number) =>
      rows
        .filter(({ operator, node }) => operator === 'conv' && (node.attributes as { kernel: number }).kernel === kernel)
        .reduce((sum, row) => sum + row.macs, 0n);
    expect(macs(deployed, 1)).toBe(0n);
    expect(macs(deployed, 3)).toBe(macs(trained, 3));
    expect(macs(trained, 3)).toBe(9n * macs(trained, 1));
  });
});

describe('Res2Net', () => {
  /** configs/res2net/metafile.yml of mmpretrain: parameters in millions with two decimals. */
  it.each([
    ['res2net50_14w_8s', 25.06],
    ['res2net50_26w_8s', 48.4],
    ['res2net101_26w_4s', 45.21],
  ])('%s: %d million parameters', (model, parameters) => {
    expect(rounded(count(model).totals.parameters, 1e6, 2)).toBe(parameters);
  });
});

describe('U-Net', () => {
  it('maps 572×572 to 388×388, with the map sizes of Figure 1', () => {
    const { rows, output } = count('unet');
    expect(output).toEqual([[1, 2, 388, 388]]);
    const sides = ['down1', 'down2', 'down3', 'down4', 'bottom', 'up4', 'up3', 'up2', 'up1'].map(
      (stage) => rows.findLast(({ path }) => path.startsWith(`${stage}/`))?.output[0]?.[2],
    );
    expect(sides).toEqual([568, 280, 136, 64, 28, 52, 100, 196, 388]);
  });

  it('has 23 convolutional layers, as section 2 says', () => {
    expect(count('unet').rows.filter(({ operator }) => operator === 'conv' || operator === 'convtranspose')).toHaveLength(23);
  });

  it.each([
    // What implementations print as their total. Of one channel and one class, with biases; the same padded, with batch norm and
    // three channels, as in Pytorch-UNet.
    ['unet:classes=1', [1, 572, 572], 31_030_593n],
    ['unet:classes=1,padding=1', [1, 224, 224], 31_030_593n],
    ['unet:classes=1,padding=1,norm=batchnorm', [3, 256, 256], 31_037_633n],
  ])('%s of %s has %i parameters', (model, image, parameters) => {
    const { totals } = count(model, { input: { image } });
    expect(totals.parameters).toBe(parameters);
  });

  it('padded keeps the size', () => {
    expect(count('unet:padding=1', { input: { image: [1, 64, 96] } }).output).toEqual([[1, 2, 64, 96]]);
  });
});

describe('YOLOv3', () => {
  // The table of pjreddie.com/darknet/yolo: billions of operations, which are twice the MACs, with two decimals.
  it.each([
    ['yolov3', 320, 38.97],
    ['yolov3', 416, 65.86],
    ['yolov3', 608, 140.69],
    ['yolov3_spp', 608, 141.45],
    ['yolov3_tiny', 416, 5.56],
  ])('%s at %i: %d Bn', (model, side, billions) => {
    expect(rounded(count(model, square(side)).totals.flops, 1e9, 2)).toBe(billions);
  });

  // The summaries that ultralytics/yolov3 prints.
  it.each([
    ['yolov3', 61_949_149n],
    ['yolov3_spp', 62_998_749n],
    ['yolov3_tiny', 8_852_366n],
  ])('%s has %i parameters', (model, parameters) => expect(count(model).totals.parameters).toBe(parameters));
});

describe('YOLOv8', () => {
  /** Parameters: ultralytics/cfg/models/v8/yolov8.yaml. Billions of MACs: README.md of ultralytics/thop. */
  it.each([
    { model: 'yolov8n', parameters: 3_157_200n, billions: 4.37 },
    { model: 'yolov8s', parameters: 11_166_560n, billions: 14.3 },
    { model: 'yolov8m', parameters: 25_902_640n, billions: 39.47 },
    { model: 'yolov8l', parameters: 43_691_520n, billions: 82.57 },
    { model: 'yolov8x', parameters: 68_229_648n, billions: 128.9 },
  ])('$model: $parameters, $billions', ({ model, parameters, billions }) => {
    const { totals, output } = count(model);
    expect(totals.parameters).toBe(parameters);
    expect(rounded(totals.macs, 1e9, 2)).toBe(billions);
    // 80² + 40² + 20² positions.
    expect(output).toEqual([
      [1, 1, 4, 8400],
      [1, 80, 8400],
    ]);
  });

  it('fused has a bias in place of each batch norm', () => {
    const [whole, fused] = [count('yolov8n'), count('yolov8n:fused=true')];
    const norms = whole.rows.filter(({ operator }) => operator === 'batchnorm').reduce((sum, { parameters }) => sum + parameters, 0n);
    expect(fused.totals.parameters).toBe(whole.totals.parameters - norms / 2n);
    expect(fused.totals.macs).toBe(whole.totals.macs);
  });
});

describe('DDPM', () => {
  it('has 35.7 million parameters, as appendix B says; to the last digit those of google/ddpm-cifar10-32', () => {
    expect(count('ddpm').totals.parameters).toBe(35_746_307n);
    expect(count('ddpm').output).toEqual([[1, 3, 32, 32]]);
  });
});
