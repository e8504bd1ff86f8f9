/** What is published of the 80 classification models of torchvision. */
export interface Published {
  readonly model: string;
  /** Height and width of the image. */
  readonly side: number;
  readonly parameters: bigint;
  /** Billions of MACs, to three decimals. */
  readonly billions: number;
  /** MACs as measured, where they were. */
  readonly macs?: bigint;
  /** The model whose weights the parameters are, where it is not the one whose MACs are published. */
  readonly weights?: string;
}

const published = (model: string, side: number, parameters: bigint, billions: number, macs?: bigint): Published => ({
  model,
  side,
  parameters,
  billions,
  ...(macs === undefined ? {} : { macs }),
});

/*
 * Side of the image, parameters and billions of MACs as torchvision 0.14 publishes them (`num_params` and `_ops` of each
 * model's weights); then MACs measured with torch 1.13.1 and torchvision 0.14.1.
 */

/** The networks of the VGG and ResNet papers. */
export const VGG_AND_RESNET: readonly Published[] = [
  published('vgg11', 224, 132_863_336n, 7.609, 7_609_090_048n),
  published('vgg13', 224, 133_047_848n, 11.308),
  published('vgg16', 224, 138_357_544n, 15.47, 15_470_264_320n),
  published('vgg19', 224, 143_667_240n, 19.632, 19_632_062_464n),
  published('vgg11_bn', 224, 132_868_840n, 7.609),
  published('vgg13_bn', 224, 133_053_736n, 11.308),
  published('vgg16_bn', 224, 138_365_992n, 15.47),
  published('vgg19_bn', 224, 143_678_248n, 19.632, 19_632_062_464n),
  published('resnet18', 224, 11_689_512n, 1.814, 1_814_073_344n),
  published('resnet34', 224, 21_797_672n, 3.664, 3_663_761_408n),
  published('resnet50', 224, 25_557_032n, 4.089, 4_089_184_256n),
  published('resnet101', 224, 44_549_160n, 7.801),
  published('resnet152', 224, 60_192_808n, 11.514),
];

/**
 * AlexNet to RegNet. The published parameters of inception_v3 include its auxiliary classifier; the published MACs do not,
 * since it does not run in eval mode. Those of googlenet leave out its two classifiers in both.
 */
export const CLASSIC: readonly Published[] = [
  published('alexnet', 224, 61_100_840n, 0.714, 714_188_480n),
  published('squeezenet1_0', 224, 1_248_424n, 0.819, 818_924_576n),
  published('squeezenet1_1', 224, 1_235_496n, 0.349),
  published('densenet121', 224, 7_978_856n, 2.834, 2_834_161_664n),
  published('densenet161', 224, 28_681_000n, 7.728),
  published('densenet169', 224, 14_149_480n, 3.36),
  published('densenet201', 224, 20_013_928n, 4.291),
  published('googlenet', 224, 6_624_904n, 1.498, 1_498_376_192n),
  { ...published('inception_v3', 299, 27_161_264n, 5.713, 5_713_216_096n), weights: 'inception_v3:aux=true' },
  published('resnext50_32x4d', 224, 25_028_904n, 4.23, 4_230_479_872n),
  published('resnext101_32x8d', 224, 88_791_336n, 16.414),
  published('resnext101_64x4d', 224, 83_455_272n, 15.46),
  published('wide_resnet50_2', 224, 68_883_240n, 11.398, 11_398_021_120n),
  published('wide_resnet101_2', 224, 126_886_696n, 22.753),
  published('regnet_x_400mf', 224, 5_495_976n, 0.414, 413_812_608n),
  published('regnet_x_800mf', 224, 7_259_656n, 0.8),
  published('regnet_x_1_6gf', 224, 9_190_136n, 1.603),
  published('regnet_x_3_2gf', 224, 15_296_552n, 3.177),
  published('regnet_x_8gf', 224, 39_572_648n, 7.995),
  published('regnet_x_16gf', 224, 54_278_536n, 15.941),
  published('regnet_x_32gf', 224, 107_811_560n, 31.736),
  published('regnet_y_400mf', 224, 4_344_144n, 0.402, 401_842_848n),
  published('regnet_y_800mf', 224, 6_432_512n, 0.834),
  published('regnet_y_1_6gf', 224, 11_202_430n, 1.612),
  published('regnet_y_3_2gf', 224, 19_436_338n, 3.176),
  published('regnet_y_8gf', 224, 39_381_472n, 8.473),
  published('regnet_y_16gf', 224, 83_590_140n, 15.912),
  published('regnet_y_32gf', 224, 145_046_770n, 32.28),
  published('regnet_y_128gf', 224, 644_812_894n, 127.518),
];

/** Networks for phones, EfficientNet, ConvNeXt and the transformers. */
export const MODERN: readonly Published[] = [
  published('mobilenet_v2', 224, 3_504_872n, 0.301, 300_774_272n),
  published('mobilenet_v3_large', 224, 5_483_032n, 0.217),
  published('mobilenet_v3_small', 224, 2_542_856n, 0.057, 56_510_400n),
  published('mnasnet0_5', 224, 2_218_512n, 0.104),
  published('mnasnet0_75', 224, 3_170_208n, 0.215),
  published('mnasnet1_0', 224, 4_383_312n, 0.314, 314_415_872n),
  published('mnasnet1_3', 224, 6_282_256n, 0.526),
  published('shufflenet_v2_x0_5', 224, 1_366_792n, 0.04),
  published('shufflenet_v2_x1_0', 224, 2_278_604n, 0.145, 144_907_992n),
  published('shufflenet_v2_x1_5', 224, 3_503_624n, 0.296),
  published('shufflenet_v2_x2_0', 224, 7_393_996n, 0.583),
  published('efficientnet_b0', 224, 5_288_548n, 0.386, 385_814_752n),
  published('efficientnet_b1', 240, 7_794_184n, 0.687),
  published('efficientnet_b2', 288, 9_109_994n, 1.088),
  published('efficientnet_b3', 300, 12_233_232n, 1.827),
  published('efficientnet_b4', 380, 19_341_616n, 4.394),
  published('efficientnet_b5', 456, 30_389_784n, 10.266),
  published('efficientnet_b6', 528, 43_040_704n, 19.068),
  published('efficientnet_b7', 600, 66_347_960n, 37.746),
  published('efficientnet_v2_l', 480, 118_515_272n, 56.08),
  published('efficientnet_v2_m', 480, 54_139_356n, 24.582),
  published('efficientnet_v2_s', 384, 21_458_488n, 8.366, 8_365_617_152n),
  published('convnext_base', 224, 88_591_464n, 15.355),
  published('convnext_large', 224, 197_767_336n, 34.361),
  published('convnext_small', 224, 50_223_688n, 8.684),
  published('convnext_tiny', 224, 28_589_128n, 4.456, 4_455_531_264n),
  published('vit_b_16', 224, 86_567_656n, 17.564, 17_563_828_224n),
  published('vit_b_32', 224, 88_224_232n, 4.409),
  published('vit_h_14', 224, 632_045_800n, 167.295),
  published('vit_l_16', 224, 304_326_632n, 61.555),
  published('vit_l_32', 224, 306_535_400n, 15.378),
  published('swin_t', 224, 28_288_354n, 4.491, 4_490_566_656n),
  published('swin_s', 224, 49_606_258n, 8.741),
  published('swin_b', 224, 87_768_224n, 15.431),
  published('swin_v2_b', 256, 87_930_848n, 20.325),
  published('swin_v2_s', 256, 49_737_442n, 11.546),
  published('swin_v2_t', 256, 28_351_570n, 5.94, 5_939_690_496n),
  published('maxvit_t', 224, 30_919_624n, 5.558, 5_558_046_720n),
];

export const PUBLISHED: readonly Published[] = [...VGG_AND_RESNET, ...CLASSIC, ...MODERN];

/** Billions of MACs, to three decimals. */
export const inBillions = (macs: bigint): number => Math.round(Number(macs) / 1e6) / 1e3;
