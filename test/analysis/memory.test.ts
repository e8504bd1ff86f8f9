import { describe, expect, it } from 'vitest';
import { depthOf } from '../../src/analysis/layer-depth.ts';
import { describeTypes, memoryOf } from '../../src/analysis/memory.ts';
import { receptiveFields } from '../../src/analysis/receptive-field.ts';
import { GraphBuilder } from '../../src/graph/builder.ts';
import { checkAttributes } from '../../src/spec/attributes.ts';
import { expandSpec, parseSpec } from '../../src/spec/model.ts';
import { onImage } from '../spec/helpers.ts';
import { open } from './helpers.ts';

const graph = (layers: string) => expandSpec(parseSpec(onImage(layers)));

/** The field of the last node that still has a grid, along the first axis. */
const fieldAt = (model: string, path: string) => {
  const opened = open(model);
  const index = opened.nodes.findIndex((node) => node.path === path);
  return receptiveFields(opened)[index]?.[0];
};

describe('memory', () => {
  // On an image of 3×8×8: 192 elements in, 256 behind a convolution to 4 channels.
  const chain = graph('  - conv: { kernel: 3, out: 4, padding: 1 }\n  - relu\n  - relu\n');

  it('holds what a layer reads and what it makes', () => {
    expect(memoryOf(chain).alive).toEqual([448n * 4n, 512n * 4n, 512n * 4n]);
    expect(memoryOf(chain)).toMatchObject({ peak: 2048n, peakAt: 'relu[0]', weights: (3n * 3n * 3n * 4n + 4n) * 4n });
  });

  it('keeps an input until its last reader', () => {
    const residual = graph('  - residual:\n      - relu\n      - relu\n');
    expect(memoryOf(residual, { dtype: 'int8' }).alive).toEqual([384n, 576n, 576n]);
  });

  it('writes over what nothing reads later, if asked to', () => {
    expect(memoryOf(chain, { dtype: 'int8', inplace: true }).alive).toEqual([448n, 256n, 256n]);
    const residual = graph('  - residual:\n      - relu\n      - relu\n');
    expect(memoryOf(residual, { dtype: 'int8', inplace: true }).alive).toEqual([384n, 384n, 384n]);
  });

  it('scales with the type', () => {
    const [fp32, fp16, int8] = (['fp32', 'fp16', 'int8'] as const).map((dtype) => memoryOf(open('resnet50'), { dtype }));
    expect([fp32?.weights, fp16?.weights, int8?.weights]).toEqual([102440608n, 51220304n, 25610152n]);
    expect(fp32?.peak).toBe(4n * (int8?.peak ?? 0n));
  });

  it('takes weights as their file stores them, unless a type is asked for', () => {
    const builder = new GraphBuilder();
    const x = { shape: [1, 3] };
    const matrix = {
      operator: 'linear',
      attributes: checkAttributes('linear', { out: 5 }),
      inputs: [x],
      scope: builder.root,
      name: 'fc',
    } as const;
    builder.add({ ...matrix, weightFor: (role, weight) => (role === 'matrix' ? { ...weight, bits: 4 } : weight) });
    builder.add({ ...matrix, weightFor: (role, weight) => ({ ...weight, bits: role === 'matrix' ? 16 : 32 }) });
    const stored = builder.finish('net', '', [{ name: 'x', tensor: x }], []);
    // 15 elements of 4 bits in 8 bytes, a bias of 5 that nothing is said of; then 30 and 20.
    expect(memoryOf(stored).weights).toBe(8n + 20n + 30n + 20n);
    expect(memoryOf(stored, { dtype: 'int8' }).weights).toBe(40n);
    expect(describeTypes(stored, {})).toBe('weights as in the file, the rest fp32');
    expect([describeTypes(stored, { dtype: 'int8' }), describeTypes(chain, {})]).toEqual(['int8', 'fp32']);
  });
});

describe('receptive fields', () => {
  // VGG-16 and ResNet-50 with the stride on the first 1×1: Araujo et al. 2019, distill.pub, table 1; the others by its equations.
  it.each([
    ['vgg16', 'conv5/convs/maxpool', 212, 32],
    ['resnet50:stride_at=1x1', 'conv5_x/bottleneck[2]/relu[2]', 483, 32],
    ['resnet50', 'conv5_x/bottleneck[2]/relu[2]', 427, 32],
    ['resnet34', 'conv5_x/basic[2]/relu[1]', 899, 32],
  ])('of %s at %s is %i, its stride %i', (model, path, size, stride) => {
    expect(fieldAt(model, path)).toEqual({ size, stride });
  });

  it('is told no more once the grid is lost', () => {
    expect(receptiveFields(open('vit_b_16')).at(-1)?.[0]?.size).toBeNaN();
  });
});

describe('depth', () => {
  it.each([
    ['resnet18', 18],
    ['resnet34', 34],
    ['resnet50', 50],
    ['resnet152', 152],
    ['vgg16', 16],
    ['vgg19', 19],
    ['basic', 2],
    ['bottleneck', 3],
    ['resnet34/conv3_x', 8],
  ])('of %s is %i', (model, depth) => {
    expect(depthOf(open(model))).toBe(depth);
  });
});
