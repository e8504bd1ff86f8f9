import { describe, expect, it } from 'vitest';
import { interpolate } from '../../../src/analysis/algebra/interpolate.ts';
import type { Polynomial } from '../../../src/analysis/algebra/polynomial.ts';
import { deviceOf } from '../../../src/analysis/training/devices.ts';
import { train } from '../../../src/analysis/training/step.ts';
import { openModel, parseReference } from '../../../src/library/reference.ts';
import { diskLibrary } from '../../../src/node/disk.ts';

interface Sizes {
  readonly batch: number;
  readonly length: number;
  readonly heads: number;
  readonly width: number;
}

/** Bytes that a layer of docs/examples/training/gpt.yaml keeps in 16 bits, masks of a byte: what a second layer adds to the first. */
function layerBytes({ batch, length, heads, width }: Sizes, checkpoint = 'none'): bigint {
  const saved = (layers: number): bigint => {
    const set = { layers, heads, width, length };
    const graph = openModel(parseReference('docs/examples/training/gpt.yaml'), diskLibrary, { batch, set });
    return train(graph, { dtype: 'fp16', device: 'cuda', checkpoint }).memory.saved;
  };
  return saved(2) - saved(1);
}

describe('activation memory of Korthikanti et al. 2022, arXiv:2205.05198', () => {
  it('is sbh(34 + 5as/h) per layer, equation 1, as a polynomial of s, b, a and the width h/a; and the statistics of its norms', () => {
    const axes = [
      { name: 'b', points: [1, 2] },
      { name: 's', points: [2, 3, 5] },
      { name: 'a', points: [2, 3] },
      { name: 'w', points: [2, 3] },
    ];
    const at = (axis: number, index: number): number => axes[axis]?.points[index] as number;
    const derived = interpolate(axes, ([b = 0, s = 0, a = 0, w = 0]) =>
      layerBytes({ batch: at(0, b), length: at(1, s), heads: at(2, a), width: at(3, w) }),
    );
    // Equation 1 with h = aw; means and inverse deviations of two norms are 2 × 2 × 4 bytes per row, which the paper neglects.
    const published: Polynomial = interpolate(axes, ([b = 0, s = 0, a = 0, w = 0]) => {
      const [batch, length, heads, width] = [at(0, b), at(1, s), at(2, a), at(3, w)].map(BigInt) as [bigint, bigint, bigint, bigint];
      return length * batch * heads * width * 34n + 5n * heads * length * length * batch + 16n * length * batch;
    });
    expect(derived).toEqual(published);
    // At other sizes than those that it was made from.
    const [s, b, a, h] = [24n, 4n, 6n, 42n];
    expect(layerBytes({ batch: 4, length: 24, heads: 6, width: 7 })).toBe(34n * s * b * h + 5n * a * s * s * b + 16n * s * b);
  });

  it.each([
    { batch: 1, length: 5, heads: 3, width: 4 },
    { batch: 2, length: 24, heads: 6, width: 7 },
    { batch: 1, length: 2048, heads: 64, width: 96 },
  ])('is 34sbh with selective recomputation, 2sbh with full: %j', (sizes) => {
    const [s, b, h] = [sizes.length, sizes.batch, sizes.heads * sizes.width].map(BigInt) as [bigint, bigint, bigint];
    // Section 5, table 2. What is done again are the products and shares of attention; or the whole layer.
    expect(layerBytes(sizes, '**/core')).toBe(34n * s * b * h + 16n * s * b);
    expect(layerBytes(sizes, 'block')).toBe(2n * s * b * h);
  });

  it.each([
    ['none', 34, 5],
    ['**/core', 34, 0],
    ['block', 2, 0],
  ])('is divided by the devices of tensor and sequence parallelism, checkpoint %s: sbh/t(%i + %ias/h)', (checkpoint, whole, squared) => {
    const [s, b, a, w, t] = [64n, 2n, 8n, 16n, 8n];
    const saved = (layers: number): bigint => {
      const set = { layers, heads: Number(a), width: Number(w), length: Number(s) };
      const graph = openModel(parseReference('docs/examples/training/gpt.yaml'), diskLibrary, { batch: Number(b), set });
      const training = train(graph, { dtype: 'fp16', device: 'cuda', checkpoint });
      return deviceOf(training, { tensorParallel: Number(t), sequenceParallel: true }).saved;
    };
    const norms = checkpoint === 'block' ? 0n : 16n * s * b;
    expect(saved(2) - saved(1)).toBe((BigInt(whole) * s * b * a * w + BigInt(squared) * a * s * s * b + norms) / t);
  });

  it.each([
    { t: 2n, checkpoint: 'none' },
    { t: 8n, checkpoint: 'none' },
    { t: 8n, checkpoint: '**/core' },
    { t: 8n, checkpoint: 'block' },
  ])('without sequence parallelism is sbh(10 + 24/t + 5as/ht), equation 2: %o', ({ t, checkpoint }) => {
    const [s, b, a, w] = [64n, 2n, 8n, 16n];
    const h = a * w;
    const saved = (layers: number): bigint => {
      const set = { layers, heads: Number(a), width: Number(w), length: Number(s) };
      const graph = openModel(parseReference('docs/examples/training/gpt.yaml'), diskLibrary, { batch: Number(b), set });
      return deviceOf(train(graph, { dtype: 'fp16', device: 'cuda', checkpoint }), { tensorParallel: Number(t) }).saved;
    };
    const squared = checkpoint === 'none' ? (5n * a * s * s * b) / t : 0n;
    // The statistics of the norms are whole.
    const layer = checkpoint === 'block' ? 2n * s * b * h : 10n * s * b * h + (24n * s * b * h) / t + squared + 16n * s * b;
    expect(saved(2) - saved(1)).toBe(layer);
  });

  it.each([
    ['22B', 64, 6144, 1.77],
    ['175B', 96, 12288, 2.869],
    ['530B', 128, 20480, 4.11],
    ['1T', 160, 25600, 5.138],
  ])('of a layer of %s, batch 1, is its %f GB', (_, heads, hidden, gigabytes) => {
    const bytes = layerBytes({ batch: 1, length: 2048, heads, width: hidden / heads });
    expect(Number(bytes - 16n * 2048n) / 1e9).toBeCloseTo(gigabytes, 3);
  });
});
