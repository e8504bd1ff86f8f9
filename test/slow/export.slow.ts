import { describe, it } from 'vitest';
import { expectSameEverywhere } from '../onnx/networks.ts';

// One network of every family of the zoo, at the smallest size that it takes or near it.

describe('exported and run by onnxruntime, every layer of a network gives what the reference kernels give', () => {
  it.each([
    ['alexnet', [3, 64, 64]],
    ['convnext_tiny', [3, 32, 32]],
    ['densenet121', [3, 32, 32]],
    ['efficientnet_b0', [3, 32, 32]],
    ['efficientnet_v2_s', [3, 32, 32]],
    ['googlenet', [3, 32, 32]],
    ['inception_v3', [3, 75, 75]],
    ['maxvit_t', [3, 224, 224]],
    ['mnasnet0_5', [3, 32, 32]],
    ['mobilenet_v2', [3, 64, 64]],
    ['mobilenet_v3_small', [3, 32, 32]],
    ['plain18', [3, 32, 32]],
    ['regnet_x_400mf', [3, 32, 32]],
    ['regnet_y_400mf', [3, 32, 32]],
    ['resnet50', [3, 64, 64]],
    ['resnext50_32x4d', [3, 32, 32]],
    ['shufflenet_v2_x1_0', [3, 64, 64]],
    ['squeezenet1_0', [3, 64, 64]],
    ['swin_t', [3, 64, 64]],
    ['swin_v2_t', [3, 64, 64]],
    ['vgg11_bn', [3, 32, 32]],
    ['vit_b_32:resolution=64', [3, 64, 64]],
    ['wide_resnet50_2', [3, 32, 32]],
  ] as const)('%s', (model, input) => expectSameEverywhere(model, input));
});
