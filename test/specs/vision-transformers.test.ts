import { existsSync, readFileSync } from 'node:fs';
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

const count = (model: string, settings?: Settings): Analysis => analyse(openModel(parseReference(model), diskLibrary, settings));

const rounded = (value: bigint, unit: number, decimals: number): number => Number((Number(value) / unit).toFixed(decimals));

const image = (height: number, width: number): Settings => ({ input: { image: [3, height, width] } });

interface Measured {
  readonly model: string;
  /** What it is called among the figures that are not in this repository, and which of its inputs this is. */
  readonly of: string;
  readonly forward?: number;
  readonly settings?: Settings;
  readonly parameters: bigint;
  readonly macs: bigint;
}

/**
 * Parameters, and MACs of convolutions, linear layers and matrix products, measured by running the published implementations on
 * torch 1.13.1: facebookresearch/DiT, facebookresearch/detr, facebookresearch/segment-anything, openai/CLIP, CompVis/stable-diffusion,
 * ultralytics/yolov5, huggingface/diffusers and huggingface/transformers.
 */
const MEASURED: readonly Measured[] = [
  { model: 'dit_s_4', of: 'DiT-S/4-256', parameters: 32_945_024n, macs: 1_412_579_328n },
  { model: 'dit_s_8', of: 'DiT-S/8-256', parameters: 33_148_160n, macs: 357_974_016n },
  { model: 'dit_b_2', of: 'DiT-B/2-256', parameters: 130_512_416n, macs: 23_005_102_080n },
  { model: 'dit_l_4', of: 'DiT-L/4-256', parameters: 458_053_760n, macs: 19_695_665_152n },
  { model: 'dit_l_8', of: 'DiT-L/8-256', parameters: 458_594_816n, macs: 5_011_406_848n },
  { model: 'dit_xl_2', of: 'DiT-XL/2-256', parameters: 675_129_632n, macs: 118_621_421_568n },
  { model: 'dit_xl_2:resolution=512', of: 'DiT-XL/2-512', parameters: 676_014_368n, macs: 524_538_298_368n },
  { model: 'detr_resnet50:heads_on=last', of: 'detr-resnet-50', parameters: 41_524_768n, macs: 81_167_232_000n },
  { model: 'detr_resnet50_dc5', of: 'facebook-detr-dc5-r50', parameters: 41_524_768n, macs: 173_251_456_000n },
  {
    model: 'detr_resnet50_dc5',
    of: 'facebook-detr-dc5-r50',
    forward: 1,
    settings: image(800, 1333),
    parameters: 41_524_768n,
    macs: 227_754_419_200n,
  },
  { model: 'detr_resnet101', of: 'facebook-detr-r101', parameters: 60_464_672n, macs: 144_693_734_400n },
  {
    model: 'detr_resnet101',
    of: 'facebook-detr-r101',
    forward: 1,
    settings: image(800, 1333),
    parameters: 60_464_672n,
    macs: 181_213_312_000n,
  },
  { model: 'segformer_b0', of: 'segformer-b0-ade-512', parameters: 3_752_694n, macs: 8_387_821_568n },
  { model: 'segformer_b2', of: 'segformer-b2-ade-512', parameters: 27_461_974n, macs: 62_337_843_200n },
  { model: 'segformer_b4', of: 'segformer-b4-ade-512', parameters: 64_108_374n, macs: 95_567_478_784n },
  { model: 'sam_vit_b', of: 'sam-vit-b-image-encoder', parameters: 89_670_912n, macs: 486_038_667_264n },
  { model: 'sam_vit_l', of: 'sam-vit-l-image-encoder', parameters: 308_278_272n, macs: 1_492_840_153_088n },
  { model: 'sam_vit_h', of: 'sam-vit-h-image-encoder', parameters: 637_026_048n, macs: 2_980_541_415_424n },
  { model: 'clip_vit_b_32', of: 'clip-vit-base-patch32', parameters: 151_277_313n, macs: 7_388_582_400n },
  { model: 'clip_vit_b_16', of: 'clip-vit-base-patch16', parameters: 149_620_737n, macs: 20_543_224_320n },
  {
    model: 'convnext_v2_atto',
    of: 'convnextv2-atto',
    parameters: 3_708_400n,
    macs: 547_332_480n,
  },
  { model: 'convnext_v2_huge', of: 'convnextv2-huge', parameters: 660_289_640n, macs: 114_922_100_480n },
  { model: 'convnext_xlarge', of: 'convnext-xlarge', parameters: 350_196_968n, macs: 60_921_030_656n },
  { model: 'swin_l', of: 'swin-large', parameters: 196_532_476n, macs: 34_475_759_616n },
  { model: 'yolov5n', of: 'yolov5n', parameters: 1_872_157n, macs: 2_234_060_800n },
  { model: 'yolov5m', of: 'yolov5m', parameters: 21_190_557n, macs: 24_436_224_000n },
  { model: 'yolov5x', of: 'yolov5x', parameters: 86_749_405n, macs: 102_724_096_000n },
  { model: 'stable_diffusion_v1', of: 'stable-diffusion-v1-unet', parameters: 859_520_964n, macs: 401_636_720_640n },
  { model: 'stable_diffusion_v2', of: 'diffusers-sd-2.1-unet', parameters: 865_910_724n, macs: 1_074_552_872_960n },
  { model: 'stable_diffusion_xl', of: 'diffusers-sdxl-unet', parameters: 2_567_463_684n, macs: 3_380_618_199_040n },
];

describe('measured on the published implementations', () => {
  it.each(MEASURED)('$of: $parameters parameters, $macs MACs', ({ model, settings, parameters, macs }) => {
    const { totals } = count(model, settings);
    expect({ parameters: totals.parameters, macs: totals.macs }).toEqual({ parameters, macs });
  });

  const truth = new URL('../../../shared/truth/transformers.json', import.meta.url);
  if (existsSync(truth))
    it('are the figures of the measurements', () => {
      const { models } = JSON.parse(readFileSync(truth, 'utf8'));
      for (const { of, forward = 0, parameters, macs } of MEASURED)
        expect([of, BigInt(models[of].parameters), BigInt(models[of].forward[forward].macs)]).toEqual([of, parameters, macs]);
    });
  else it.skip('are the figures of the measurements: shared/truth/transformers.json is not beside this repository');
});

describe('run on a small input, every operation is as predicted', () => {
  // The slow suite runs a model of each family.
  const RUN = ['deit_tiny_distilled', 'segformer_b0', 'sam_vit_b', 'dit_s_2', 'clip_vit_b_32', 'stable_diffusion_xl'];

  it.each(smallModels().filter(({ name }) => RUN.includes(name)))('$model', ({ model, input }) => {
    const { holds, layers } = verify(openModel(parseReference(model), diskLibrary, { input }), { kernels });
    expect(layers.filter((layer) => !layer.holds)).toEqual([]);
    expect(holds).toBe(true);
  });
});

describe('DeiT', () => {
  /** Millions of parameters, GMACs and millions of activations of timm’s results/benchmark-infer-amp-nchw-pt240-cu124-rtx4090.csv. */
  it.each<[model: string, parameters: number, gmacs: number, activations: number]>([
    ['deit_tiny', 5.72, 1.26, 5.97],
    ['deit_small', 22.05, 4.61, 11.95],
    ['deit_tiny_distilled', 5.91, 1.27, 6.01],
    ['deit_small_distilled', 22.44, 4.63, 12.02],
  ])('%s', (model, parameters, gmacs, activations) => {
    const analysis = count(model);
    expect({
      parameters: rounded(analysis.totals.parameters, 1e6, 2),
      gmacs: rounded(countTotal(conventionOf('timm'), analysis), 1e9, 2),
      activations: rounded(analysis.totals.activations, 1e6, 2),
    }).toEqual({ parameters, gmacs, activations });
  });

  // configs/deit/metafile.yml of mmpretrain.
  it.each([
    ['deit_tiny', 5_717_416n],
    ['deit_small', 22_050_664n],
    ['deit_base', 86_567_656n],
  ])('%s has %i parameters', (model, parameters) => expect(count(model).totals.parameters).toBe(parameters));

  it('base is ViT-B/16', () => expect(count('deit_base').totals).toEqual(count('vit_b_16').totals));

  it.each(['tiny', 'small', 'base'])('distilled, %s has a token, a position and a classifier more', (size) => {
    const [plain, distilled] = [count(`deit_${size}`), count(`deit_${size}_distilled`)];
    const width = BigInt(plain.rows[0]?.output[0]?.[1] ?? 0);
    expect(distilled.totals.parameters - plain.totals.parameters).toBe(2n * width + width * 1000n + 1000n);
    expect(distilled.output).toEqual([[1, 1000]]);
  });
});

describe('DiT', () => {
  /** Peebles and Xie 2022, arXiv:2212.09748, Table 1: Gflops, which are multiply-adds, of /4 at 256×256; and millions of parameters. */
  it.each([
    ['dit_s_4', 1.4],
    ['dit_b_4', 5.6],
    ['dit_l_4', 19.7],
    ['dit_xl_4', 29.0],
  ])('%s: %d Gflops', (model, gflops) => expect(rounded(count(model).totals.macs, 1e9, 1)).toBe(gflops));

  it.each([
    ['dit_s_2', 33],
    ['dit_b_2', 130],
    ['dit_l_2', 458],
    ['dit_xl_2', 675],
  ])('%s: %i million parameters', (model, millions) => {
    expect(rounded(count(`${model}:positions=constant`).totals.parameters, 1e6, 0)).toBe(millions);
  });

  it('XL/2 has 674,834,720 parameters without the fixed positions of 256 patches', () => {
    expect(count('dit_xl_2:positions=constant').totals.parameters).toBe(674_834_720n);
    expect(count('dit_xl_2').totals.parameters).toBe(674_834_720n + 256n * 1152n);
  });
});

describe('DETR', () => {
  // Section 4: 41 and 60 million parameters, as README.md of facebookresearch/detr says.
  it.each([
    ['detr_resnet50', 41],
    ['detr_resnet50_dc5', 41],
    ['detr_resnet101', 60],
    ['detr_resnet101_dc5', 60],
  ])('%s: %i million parameters', (model, millions) => {
    expect(count(model).totals.parameters / 1_000_000n).toBe(BigInt(millions));
  });

  it('predicts a hundred boxes, after each of six decoder layers unless only after the last', () => {
    expect(count('detr_resnet50').output).toEqual([
      [1, 600, 92],
      [1, 600, 4],
    ]);
    for (const only of ['heads_on=last', 'layers=1'])
      expect(count(`detr_resnet50:${only}`).output).toEqual([
        [1, 100, 92],
        [1, 100, 4],
      ]);
  });
});

describe('CLIP', () => {
  it.each([
    // The totals of openai/CLIP, with the towers as measured there.
    { model: 'clip_vit_l_14', parameters: 427_616_513n, images: 81_012_768_768n, texts: 6_649_841_664n },
    { model: 'clip_rn50', parameters: 102_007_137n, images: 5_793_153_024n, texts: 2_980_032_512n },
    { model: 'clip_rn50x4', parameters: 178_300_601n, images: 20_581_048_320n, texts: 4_633_123_840n },
    { model: 'clip_vit_l_14_336', parameters: 427_944_193n, images: 190_959_894_528n, texts: 6_649_841_664n },
  ])('$model: $parameters parameters, $images MACs of an image and $texts of a text', ({ model, parameters, images, texts }) => {
    expect(count(model).totals.parameters).toBe(parameters);
    expect(count(`${model}/image`).totals.macs).toBe(images);
    expect(count(`${model}/text`).totals.macs).toBe(texts);
  });

  // open_clip's docs/model_profile.csv: GFLOPs of image and text, twice the MACs.
  it.each([
    ['clip_vit_b_32', 8.82, 5.96],
    ['clip_vit_l_14', 162.03, 13.3],
  ])('%s: %d and %d GFLOPs', (model, images, texts) => {
    expect(rounded(count(`${model}/image`).totals.flops, 1e9, 2)).toBe(images);
    expect(rounded(count(`${model}/text`).totals.flops, 1e9, 2)).toBe(texts);
  });
});
