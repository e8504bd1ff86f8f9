import { describe, expect, it } from 'vitest';
import { train } from '../../../src/analysis/training/step.ts';
import { openModel, parseReference } from '../../../src/library/reference.ts';
import { diskLibrary } from '../../../src/node/disk.ts';

/**
 * Korthikanti et al. 2022, Reducing Activation Recomputation in Large Transformer Models, arXiv:2205.05198, Tables 3 and 5: heads, width,
 * layers, GPUs and batch of each model, seconds of an iteration, and the model FLOPs utilisation of A100s, 312 TFLOP/s each.
 */
const TABLE = [
  ['22B', 64, 6144, 48, 8, 4, 1.1, 41.5],
  ['175B', 96, 12_288, 96, 64, 64, 13.75, 51.4],
  ['530B', 128, 20_480, 105, 280, 280, 37.83, 56.0],
  ['1T', 160, 25_600, 128, 512, 512, 71.49, 56.3],
] as const;

describe('model FLOPs utilisation of arXiv:2205.05198', () => {
  it.each(TABLE)('%s', (_, heads, width, layers, devices, batch, seconds, published) => {
    const reference = `gpt2:width=${width},layers=${layers},heads=${heads},vocab=51200,positions=2048,tokens=2048`;
    const { forward, inputGradient, weightGradient } = train(openModel(parseReference(reference), diskLibrary), {});
    const flops = 2n * BigInt(batch) * (forward.macs + inputGradient.macs + weightGradient.macs);

    // 72·B·L·s·h²·(1 + s/6h + V/12hL), their equation, to the last FLOP.
    const [b, l, s, h, v] = [batch, layers, 2048, width, 51_200].map(BigInt) as [bigint, bigint, bigint, bigint, bigint];
    expect(flops).toBe(72n * b * l * s * h * h + 12n * b * l * s * s * h + 6n * b * s * h * v);

    const utilisation = (100 * Number(flops)) / (seconds * devices * 312e12);
    expect(Math.abs(utilisation - published)).toBeLessThan(0.2);
  });
});
