import { describe, expect, it } from 'vitest';
import { countTotal } from '../../../src/analysis/conventions/convention.ts';
import { conventionOf } from '../../../src/analysis/conventions/registry.ts';
import { analyse } from '../../../src/analysis/cost.ts';
import { train } from '../../../src/analysis/training/step.ts';
import { openModel, parseReference } from '../../../src/library/reference.ts';
import { diskLibrary } from '../../../src/node/disk.ts';

/**
 * Korthikanti et al. 2022, Reducing Activation Recomputation in Large Transformer Models, arXiv:2205.05198, Tables 3 and 5: heads, width,
 * layers, GPUs and batch of each model, seconds of an iteration, and the utilisation of A100s, 312 TFLOP/s each, by model FLOPs and by
 * hardware FLOPs.
 */
const TABLE = [
  ['22B', 64, 6144, 48, 8, 4, 1.1, 41.5, 43.7],
  ['175B', 96, 12_288, 96, 64, 64, 13.75, 51.4, 52.8],
  ['530B', 128, 20_480, 105, 280, 280, 37.83, 56.0, 57.0],
  ['1T', 160, 25_600, 128, 512, 512, 71.49, 56.3, 57.0],
] as const;

/** As a spec of the zoo: learned positions, and logits that share the embedding’s weights. */
const open = (width: number, layers: number, heads: number) =>
  openModel(parseReference(`gpt2:width=${width},layers=${layers},heads=${heads},vocab=51200,positions=2048,tokens=2048`), diskLibrary);

const VOCABULARY = 51_200n;

describe('utilisation of arXiv:2205.05198', () => {
  it.each(TABLE)('%s', (_, heads, width, layers, devices, batch, seconds, mfu, hfu) => {
    const graph = open(width, layers, heads);
    const { forward, inputGradient, weightGradient } = train(graph, {});
    const flops = 2n * BigInt(batch) * (forward.macs + inputGradient.macs + weightGradient.macs);

    // 72·B·L·s·h²·(1 + s/6h + V/12hL), their equation, to the last FLOP.
    const [b, l, s, h] = [batch, layers, 2048, width].map(BigInt) as [bigint, bigint, bigint, bigint];
    const products = 72n * b * l * s * h * h + 6n * b * s * h * VOCABULARY;
    expect(flops).toBe(products + 12n * b * l * s * s * h);

    // With s/3h for selective recomputation.
    const hardware = BigInt(batch) * countTotal(conventionOf('korthikanti-hfu'), analyse(graph));
    expect(hardware).toBe(products + 24n * b * l * s * s * h);

    const utilisation = (count: bigint): number => (100 * Number(count)) / (seconds * devices * 312e12);
    expect(Math.abs(utilisation(flops) - mfu)).toBeLessThan(0.2);
    expect(Math.abs(utilisation(hardware) - hfu)).toBeLessThan(0.2);

    // Attention's forward pass alone is done again: 4·s²·h of each layer, a third of what their rule adds.
    const again = train(graph, { checkpoint: '**/sdpa' }).recomputed;
    expect(2n * BigInt(batch) * again.macs).toBe(4n * b * l * s * s * h);
  });
});
