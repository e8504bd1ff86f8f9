import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OnnxNode } from '../../src/onnx/file/model.ts';
import { pathOf, placeOf } from '../../src/onnx/read/names.ts';
import { anyText } from '../any-text.ts';

const node = (name: string, operator = 'Conv', modules?: readonly string[]): OnnxNode => ({
  name,
  operator,
  domain: '',
  inputs: [],
  outputs: [],
  attributes: {},
  ...(modules !== undefined && { modules }),
});

const long = Array.from({ length: 40 }, (_, index) => `m${index}`);

describe('names of nodes', () => {
  it.each([
    // PyTorch, with modules
    ['/layer1/layer1.0/conv1/Conv', ['layer1', 'layer1.0', 'conv1', 'Conv'], true],
    ['/layer1/layer1.0/Add', ['layer1', 'layer1.0', 'Add'], true],
    ['/layer1/layer1.0/relu_1/Relu', ['layer1', 'layer1.0', 'relu_1', 'Relu'], true],
    ['/encoder/ln_2/ReduceMean_1', ['encoder', 'ln_2', 'ReduceMean_1'], true],
    ['/features/features.0/features.0.0/Conv', ['features', 'features.0', 'features.0.0', 'Conv'], true],
    // PyTorch, older
    ['Conv_12', ['Conv_12'], true],
    // TensorFlow and Keras
    ['model/block1_conv1/Conv2D', ['block1_conv1', 'Conv2D'], true],
    ['StatefulPartitionedCall/model_1/block1_conv1/BiasAdd', ['block1_conv1', 'BiasAdd'], true],
    ['StatefulPartitionedCall/functional_3/dense/MatMul', ['dense', 'MatMul'], true],
    ['resnet_model/batch_normalization/FusedBatchNormV3__7', ['resnet_model', 'batch_normalization', 'FusedBatchNormV3__7'], true],
    // A wrapper alone is a name like any other
    ['model', ['model'], false],
    // Others
    ['p2o.Conv.0', ['Conv.0'], false],
    ['encoder.layers.0.attention', ['encoder', 'layers.0', 'attention'], false],
    ['encoder.layer[3].output', ['encoder', 'layer.3', 'output'], false],
    ['If_0_then_branch__Inline_0__/stft/Conv', ['stft', 'Conv'], true],
    ['If_0_then_branch__Inline_0__Constant_46', ['Constant_46'], true],
    ['0.weight', ['0', 'weight'], false],
    // No name
    ['', ['Conv_7'], false],
    ['///', ['Conv_7'], false],
    // What paths and terminals would take amiss
    ['/a[b]/c', ['a_b_', 'c'], false],
    ['=cmd()/a', ['_cmd()', 'a'], false],
    [`/${'x'.repeat(200)}/a`, [`${'x'.repeat(99)}…`, 'a'], false],
    ['/a\u001b[31m/c', ['a\ufffd_31m', 'c'], false],
  ])('%s', (name, path, isOperator) => {
    expect(pathOf(node(name), 7)).toEqual(path);
    if (name.replaceAll('/', '') !== '') expect(placeOf(node(name), 7).isOperator).toBe(isOperator);
  });

  it.each([
    ['node_linear_8', ['blocks.2', 'blocks.2.mlp', 'blocks.2.mlp.fc1'], ['blocks.2', 'mlp', 'fc1', 'linear_8']],
    ['node_conv2d', ['layer1', 'layer1.0', 'layer1.0.conv1'], ['layer1', 'layer1.0', 'conv1', 'conv2d']],
    ['node_linear', ['network', 'network.0'], ['network', 'network.0', 'linear']],
    ['node_relu', ['shared', 'elsewhere.relu'], ['shared', 'elsewhere.relu', 'relu']],
    ['node_', ['a'], ['a', 'node_']],
    ['/fc/Gemm', [], ['fc', 'Gemm']],
  ])('%s in the modules %j', (name, modules, path) => expect(pathOf(node(name, 'Conv', modules), 7)).toEqual(path));

  it('have a depth that is bounded', () => {
    const path = pathOf(node(`/${long.join('/')}/Conv`), 0);
    expect(path).toHaveLength(17);
    expect(path[15]).toBe(long.slice(15).join('.'));
  });

  it('become steps that a path can have, whatever they are', () => {
    fc.assert(
      fc.property(anyText(), fc.string(), fc.option(fc.array(fc.string()), { nil: undefined }), (name, operator, modules) => {
        const path = pathOf(node(name, operator, modules), 3);
        expect(path.length).toBeGreaterThan(0);
        expect(path.length).toBeLessThanOrEqual(17);
        for (const step of path) expect(step).not.toMatch(/[/[\]]|^[=+@-]/);
        expect(path.at(-1)).not.toBe('');
      }),
    );
  });
});
