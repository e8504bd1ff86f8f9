import { describe, expect, it } from 'vitest';
import { countTotal } from '../../../src/analysis/conventions/convention.ts';
import { conventionOf } from '../../../src/analysis/conventions/registry.ts';
import { analyse } from '../../../src/analysis/cost.ts';
import { openModel, parseReference } from '../../../src/library/reference.ts';
import { diskLibrary } from '../../../src/node/disk.ts';

/** mosaicml/llm-foundry, scripts/train/benchmarking/README.md, commit 061f2c7: MPT with learned positions, 50,368 words. */

/** Width, layers and heads, by size. */
const SIZES = {
  '125m': [768, 12, 12],
  '350m': [1024, 24, 16],
  '760m': [1536, 24, 12],
  '1b': [2048, 24, 16],
  '3b': [2560, 32, 20],
  '7b': [4096, 32, 32],
  '13b': [5120, 40, 40],
  '30b': [7168, 48, 56],
  '70b': [8192, 80, 64],
} as const;

type Size = keyof typeof SIZES;

/** FLOP/s of a device in dense bf16, or fp8: half of what NVIDIA publishes for sparse products. */
const PEAK = { h100: 989.5e12, h100_fp8: 1979e12, a100: 312e12 } as const;

/** Size, length, devices, which, tokens/s of all of them, MFU, HFU, parameters. HFU is MFU where nothing is checkpointed. */
const ROWS: readonly (readonly [Size, number, number, keyof typeof PEAK, number, number, number, bigint])[] = [
  ['70b', 2048, 64, 'h100', 66_523, 42.57, 56.76, 64_862_437_376n],
  ['70b', 2048, 64, 'a100', 26_274, 53.33, 71.1, 64_862_437_376n],
  ['30b', 8192, 8, 'h100', 11_072, 29.92, 39.9, 30_019_254_272n],
  ['30b', 4096, 8, 'h100', 14_419, 35.86, 47.81, 29_989_894_144n],
  ['30b', 2048, 32, 'h100', 73_860, 43.92, 58.57, 29_975_214_080n],
  ['30b', 512, 8, 'a100', 7739, 56.4, 75.2, 29_964_204_032n],
  ['13b', 32_768, 8, 'h100', 15_812, 31.68, 42.24, 13_011_240_960n],
  ['13b', 16_384, 8, 'a100', 11_454, 54.07, 72.1, 12_927_354_880n],
  ['13b', 8192, 8, 'a100', 14_362, 56.07, 74.76, 12_885_411_840n],
  ['13b', 2048, 64, 'h100', 307_209, 39.86, 39.86, 12_853_954_560n],
  ['7b', 65_536, 8, 'h100', 15_654, 28.59, 38.13, 6_918_905_856n],
  ['7b', 65_536, 8, 'a100', 8108, 46.97, 62.63, 6_918_905_856n],
  ['7b', 2048, 8, 'h100', 85_144, 46.44, 46.44, 6_658_859_008n],
  ['7b', 1024, 8, 'h100', 81_628, 42.83, 57.11, 6_654_664_704n],
  ['3b', 65_536, 8, 'h100', 26_099, 26.81, 35.74, 2_814_366_720n],
  ['3b', 32_768, 8, 'h100_fp8', 46_853, 14.38, 19.18, 2_730_480_640n],
  ['3b', 8192, 8, 'h100_fp8', 153_174, 23.28, 23.28, 2_667_566_080n],
  ['3b', 2048, 16, 'h100', 386_285, 43.73, 43.73, 2_651_837_440n],
  ['3b', 512, 8, 'a100', 97_019, 63.71, 63.71, 2_647_905_280n],
  ['1b', 65_536, 8, 'a100', 24_353, 46.18, 61.57, 1_445_974_016n],
  ['1b', 2048, 64, 'h100', 2_841_754, 40.85, 40.85, 1_315_950_592n],
  ['1b', 512, 8, 'h100_fp8', 562_523, 29.06, 29.06, 1_312_804_864n],
  ['760m', 65_536, 8, 'a100', 33_150, 45.34, 60.45, 857_988_096n],
  ['760m', 4096, 8, 'h100', 443_674, 35.83, 35.83, 763_616_256n],
  ['350m', 65_536, 8, 'a100', 60_195, 52.7, 52.7, 420_997_120n],
  ['350m', 16_384, 8, 'h100_fp8', 343_435, 15.31, 15.31, 370_665_472n],
  ['350m', 2048, 8, 'a100', 470_263, 51.62, 51.62, 355_985_408n],
  ['125m', 65_536, 8, 'a100', 162_946, 54.13, 54.13, 174_070_272n],
  ['125m', 2048, 128, 'a100', 15_863_837, 38.86, 38.86, 125_311_488n],
  ['125m', 512, 8, 'a100', 1_325_455, 42.56, 42.56, 124_131_840n],
];

describe('utilisation by LLM Foundry', () => {
  it.each(ROWS)('%s at %i on %i %s', (size, length, devices, device, tokensPerSecond, mfu, hfu, parameters) => {
    const [width, layers, heads] = SIZES[size];
    const reference = `gpt2:width=${width},layers=${layers},heads=${heads},vocab=50368,positions=${length},tokens=${length}`;
    const analysis = analyse(openModel(parseReference(reference), diskLibrary));
    expect(analysis.totals.parameters).toBe(parameters);

    const s = BigInt(length);
    const forward = 2n * parameters * s + 4n * BigInt(layers) * BigInt(width) * s * s;
    const [model, hardware] = [countTotal(conventionOf('palm'), analysis), countTotal(conventionOf('llm-foundry-hfu'), analysis)];
    expect([model, hardware]).toEqual([3n * forward, 4n * forward]);

    const percent = (flops: bigint): number => ((100 * Number(flops)) / length) * (tokensPerSecond / (devices * PEAK[device]));
    // Tokens per second are whole, percents have two places.
    const near = (printed: number): number => 0.006 + printed / tokensPerSecond;
    expect(Math.abs(percent(model) - mfu)).toBeLessThan(near(mfu));
    expect(Math.abs(percent(hfu === mfu ? model : hardware) - hfu)).toBeLessThan(near(hfu));
  });
});
