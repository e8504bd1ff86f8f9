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

/** FLOP/s of a device: an H100 in dense bf16 or fp8, half of what NVIDIA publishes for sparse products, and an A100 in bf16. */
const PEAK = { h: 989.5e12, f: 1979e12, a: 312e12 } as const;

/**
 * Every row of its four tables: size, length and parameters, then for each run the devices, tokens/s of all of them, MFU, and HFU where
 * activations are checkpointed.
 */
const TABLES = `
70b 2048 64862437376: h64 66523 42.57/56.76, h32 28242 36.15/48.2, a64 26274 53.33/71.1, a32 11962 48.56/64.75, a128 48194 48.91/65.21, a64 17672 35.87/47.82
30b 8192 30019254272: h8 11072 29.92/39.9, a8 4594 39.38/52.5
30b 4096 29989894144: h8 14419 35.86/47.81, a8 6513 51.37/68.49
30b 2048 29975214080: h32 73860 43.92/58.57, h16 36209 43.07/57.42, h8 16022 38.11/50.82, a8 7330 55.3/73.74, a128 110803 52.25/69.66, a32 27431 51.74/68.98
30b 1024 29967874048: h8 16672 38.76/51.68, a8 7571 55.82/74.43
30b 512 29964204032: a8 7739 56.4/75.2
13b 32768 13011240960: h8 15812 31.68/42.24, a8 8134 51.69/68.92
13b 16384 12927354880: h8 23881 35.55/47.4, a8 11454 54.07/72.1
13b 8192 12885411840: a8 14362 56.07/74.76, a8 11258 43.95/58.6
13b 4096 12864440320: h8 37740 41.6/55.47, a8 16482 57.62/76.82, a8 12830 44.85/59.8
13b 2048 12853954560: h64 307209 39.86, h32 153960 39.95, h16 76280 39.58, h8 38336 39.79, a8 18097 59.57, a128 252444 51.93/69.24, a64 126479 52.04/69.39, a32 63946 52.62/70.16, a16 31900 52.5/70, a8 13347 43.94/58.58
13b 1024 12848711680: h8 44019 44.27/59.03, a8 18647 59.48/79.3, a8 13817 44.07/58.76
13b 512 12846090240: a8 14108 44.28/59.04
7b 65536 6918905856: h8 15654 28.59/38.13, a8 8108 46.97/62.63
7b 32768 6784688128: h8 26550 30.94/41.25, a8 13382 49.46/65.94
7b 16384 6717579264: a8 19629 51.96/69.28, a8 17998 47.65/63.53
7b 8192 6684024832: h8 55481 37.14/49.52, a8 25655 54.47/72.62, a8 23098 49.04/65.38
7b 4096 6667247616: h8 68893 40.42/53.9, a8 29472 54.84/73.12, a8 26930 50.11/66.82
7b 2048 6658859008: h8 85144 46.44, a8 37130 64.23, a128 463749 50.14/66.85, a64 234614 50.73/67.64, a32 119202 51.55/68.73, a16 58322 50.44/67.26, a8 29436 50.92/67.89
7b 1024 6654664704: h8 81628 42.83/57.11, a8 34857 58.01/77.35, a8 30833 51.31/68.42
7b 512 6652567552: a8 31167 50.85/67.8
3b 65536 2814366720: h8 26099 26.81/35.74, a8 14137 46.05/61.41
3b 32768 2730480640: h8 46984 28.84/38.46, f8 46853 14.38/19.18, a8 24235 47.18/62.91, a8 23640 46.03/61.37
3b 16384 2688537600: h8 89223 36.34, a8 44233 57.13, a8 35726 46.14/61.52
3b 8192 2667566080: h8 132626 40.31, f8 153174 23.28, a8 61567 59.34, a8 57193 55.13
3b 4096 2657080320: h8 167712 42.31, a8 75658 60.53, a8 70223 56.18
3b 2048 2651837440: h64 1441663 40.8, h32 736701 41.7, h16 386285 43.73, f8 244692 27.7, a8 86491 62.11, a128 1220885 54.8, a64 623167 55.94, a32 317261 56.96, a16 156013 56.02, a8 80520 57.82
3b 1024 2649216000: h8 216369 46.2, a8 92643 62.73, a8 85854 58.14
3b 512 2647905280: h8 223721 46.32, f8 292217 30.25, a8 97019 63.71, a8 90596 59.49
1b 65536 1445974016: h8 44050 26.34/35.12, a8 24353 46.18/61.57
1b 32768 1378865152: h8 96203 33.54, f8 100643 17.55, a8 50207 55.52, a8 40762 45.07/60.1
1b 16384 1345310720: h8 157194 35.22, a8 79650 56.6, a8 77723 55.23
1b 8192 1328533504: h8 233256 37.73, f8 256087 20.71, a8 110516 56.69, a8 107799 55.29
1b 4096 1320144896: h8 308282 40.26, a8 142457 59, a8 134851 55.85
1b 2048 1315950592: h64 2841754 40.85, h32 1444183 41.52, h16 736596 42.36, h8 363645 41.82, a8 164109 59.86, a128 2386897 54.41, a64 1216104 55.44, a32 497782 45.39, a16 305372 55.69, a8 154171 56.23
1b 1024 1313853440: h8 391287 41.95, a8 176898 60.15, a8 167677 57.02
1b 512 1312804864: h8 418201 43.21, f8 562523 29.06, a8 185186 60.68, a8 174256 57.1
760m 65536 857988096: a8 33150 45.34/60.45
760m 32768 807656448: h8 130333 31.84, a8 70417 54.57, a8 57464 44.53/59.37
760m 16384 782490624: h8 222521 33.57, a8 114198 54.64, a8 111316 53.26
760m 8192 769907712: h8 334602 34.84, a8 167471 55.31, a8 160853 53.12
760m 4096 763616256: h8 443674 35.83, a8 218808 56.05, a8 206909 53
760m 2048 760470528: h32 2175091 37.57, h16 1096819 37.89, h8 505177 34.9, a8 259472 56.85, a128 3704382 50.73, a64 1878030 51.44, a32 948745 51.97, a16 473723 51.9, a8 241389 52.89
760m 1024 758897664: h8 628648 39.76, a8 238122 47.76, a8 267376 53.63
760m 512 758111232: h8 669998 40.42, a8 235571 45.07, a8 279504 53.47
350m 65536 420997120: a8 60195 52.7
350m 32768 387442688: f8 195516 14.8, a8 109222 52.46, a8 107329 51.55
350m 16384 370665472: f8 343435 15.31, a8 188478 53.28, a8 183175 51.78
350m 8192 362276864: a8 292559 53.8, a8 279466 51.39
350m 4096 358082560: a8 396442 53.31, a8 374670 50.38
350m 2048 355985408: a8 470263 51.62, a128 6647647 45.61, a64 3372118 46.27, a32 1721978 47.26, a16 886622 48.66, a8 447963 49.17
350m 1024 354936832: a8 518504 50.51, a8 500184 48.73
350m 512 354412544: f8 1235360 17.77, a8 554643 50.61, a8 530277 48.39
125m 65536 174070272: a8 162946 54.13
125m 32768 148904448: a8 291256 52.71, a8 261208 47.27
125m 16384 136321536: a8 480322 50.61, a8 443876 46.77
125m 8192 130030080: a8 723142 48.85, a8 694868 46.94
125m 4096 126884352: a8 947172 46.08, a8 921297 44.82
125m 2048 125311488: a8 1142641 44.79, a8 1133901 44.45, a128 15863837 38.86, a64 8015010 39.27, a32 4067922 39.86, a16 2088560 40.93, a8 1090678 42.75
125m 1024 124525056: a8 1251751 43.15, a8 1186314 40.89
125m 512 124131840: a8 1325455 42.56, a8 1253886 40.26
`;

interface Run {
  readonly device: keyof typeof PEAK;
  readonly devices: number;
  readonly tokensPerSecond: number;
  readonly mfu: number;
  readonly hfu: number | undefined;
}

function runOf(text: string): Run {
  const [where = '', tokensPerSecond, shares = ''] = text.split(' ');
  const [mfu, hfu] = shares.split('/').map(Number);
  const device = where.charAt(0) as Run['device'];
  return { device, devices: Number(where.slice(1)), tokensPerSecond: Number(tokensPerSecond), mfu: mfu as number, hfu };
}

const ROWS = TABLES.trim()
  .split('\n')
  .map((line) => {
    const [model = '', runs = ''] = line.split(': ');
    const [size, length, parameters = ''] = model.split(' ');
    return { size: size as Size, length: Number(length), parameters: BigInt(parameters), runs: runs.split(', ').map(runOf) };
  });

describe('utilisation by LLM Foundry', () => {
  it('has all rows of that commit', () => {
    expect(ROWS.flatMap(({ runs }) => runs)).toHaveLength(201);
  });

  it.each(ROWS)('$size at $length', ({ size, length, parameters, runs }) => {
    const [width, layers, heads] = SIZES[size];
    const reference = `gpt2:width=${width},layers=${layers},heads=${heads},vocab=50368,positions=${length},tokens=${length}`;
    const analysis = analyse(openModel(parseReference(reference), diskLibrary));
    expect(analysis.totals.parameters).toBe(parameters);

    const s = BigInt(length);
    const forward = 2n * parameters * s + 4n * BigInt(layers) * BigInt(width) * s * s;
    const [model, hardware] = [countTotal(conventionOf('palm'), analysis), countTotal(conventionOf('llm-foundry-hfu'), analysis)];
    expect([model, hardware]).toEqual([3n * forward, 4n * forward]);

    for (const { device, devices, tokensPerSecond, mfu, hfu } of runs) {
      const percent = (flops: bigint): number => ((100 * Number(flops)) / length) * (tokensPerSecond / (devices * PEAK[device]));
      // Tokens per second are whole, percents have two places.
      const near = (printed: number): number => 0.006 + printed / tokensPerSecond;
      expect(Math.abs(percent(model) - mfu)).toBeLessThan(near(mfu));
      if (hfu !== undefined) expect(Math.abs(percent(hardware) - hfu)).toBeLessThan(near(hfu));
    }
  });
});
