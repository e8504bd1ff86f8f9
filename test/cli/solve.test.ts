import { describe, expect, it } from 'vitest';
import { flopwise } from './helpers.ts';

const solve = (...args: string[]) => flopwise(['solve', ...args]);

describe('solve', () => {
  it('finds the widest ResNet-50 within 2 GMAC, and says what it searched', async () => {
    const { out, code } = await solve('resnet50', '--param', 'width', '--macs', '<= 2G', '--step', '4');
    expect(code).toBe(0);
    expect(out).toBe(`width = 44
resnet50 then has 1,958,573,056 MACs; asked for: MACs <= 2,000,000,000.
Searched all 64 values from 4 to 256 in steps of 4. 11 of them meet the target, and this one is nearest to it.
The cost is monotonic over this range.
`);
  });

  it('finds what costs as much as another model', async () => {
    const { out } = await solve('basic', '--param', 'd', '--match', 'basic:d=96', '--step', '8');
    expect(out).toContain('d = 96\n');
  });

  it('gives JSON', async () => {
    const { out } = await solve('basic', '--param', 'd', '--parameters', '<= 74k', '--min', '60', '--max', '70', '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({ parameter: 'd', value: 64, cost: 73984, tried: 11, meeting: 5, monotone: true });
  });

  /** 4 × (30 × 8 + 8 × 8) bytes of weights in fp32, and of each id 4 bytes, of its features 32, and of what comes of them 32. */
  const WORDS = `
name: words
input: [$tokens]
with: { tokens: 16 }
layers:
  - embedding: { rows: 30, out: 8 }
  - linear: { out: 8, bias: false }
`;
  const files = { 'words.yaml': WORDS };

  it('finds how much fits a memory: weights, cache, and tensors at their peak', async () => {
    // At the peak are what goes into the linear layer and what comes out of it: 64 bytes a token.
    const { out } = await flopwise(['solve', 'words.yaml', '--param', 'tokens', '--memory', '1MiB', '--json'], { files });
    const tokens = Math.floor((2 ** 20 - 4 * (240 + 64)) / 64);
    expect(JSON.parse(out)).toMatchObject({ value: tokens, cost: 4 * (240 + 64) + 64 * tokens, meeting: tokens, dtype: 'fp32' });
  });

  it('takes weights and all else in types of their own', async () => {
    const argv = ['solve', 'words.yaml', '--param', 'tokens', '--memory', '10 kB', '--dtype', 'bf16', '--weights-dtype', 'int4'];
    const { out } = await flopwise([...argv, '--json'], { files });
    const tokens = Math.floor((10_000 - (240 + 64) / 2) / 32);
    expect(JSON.parse(out)).toMatchObject({ value: tokens, cost: 152 + 32 * tokens, weightsDtype: 'int4' });
    expect((await flopwise(argv, { files })).out).toContain('all weights (int4)');
  });

  it('finds the largest batch', async () => {
    const { out } = await flopwise(['solve', 'words.yaml', '--param', 'batch', '--memory', '<= 1MiB', '--json'], { files });
    expect(JSON.parse(out)).toMatchObject({ parameter: 'batch', value: Math.floor((2 ** 20 - 1216) / 1024) });
  });

  it('searches the last of several parameters for each value of the others, doubled until nothing fits', async () => {
    const argv = ['solve', 'words.yaml', '--param', 'batch', '--param', 'tokens', '--memory', '4KiB'];
    const { out } = await flopwise([...argv, '--json'], { files });
    const { solutions, best } = JSON.parse(out);
    const fits = (batch: number) => Math.floor((4096 - 1216) / 64 / batch);
    expect(solutions.map(({ values, value }: { values: object; value?: number }) => [values, value])).toEqual([
      ...[1, 2, 4, 8, 16, 32].map((batch) => [{ batch }, fits(batch)]),
      [{ batch: 64 }, undefined],
    ]);
    expect(best).toEqual({ values: { batch: 1, tokens: 45 }, cost: 4096 });
    expect((await flopwise(argv, { files })).out).toMatch(/32 +1 +3,264\n +64 +– +–/);
  });

  it('searches several parameters for any cost, with bounds of each', async () => {
    const argv = ['--param', 'width,classes', '--parameters', '<= 1M', '--min', 'width=8', '--max', 'width=16', '--step', 'width=4'];
    const { out, code } = await solve('resnet18', ...argv, '--max', 'classes=20', '--json');
    expect(code).toBe(0);
    const { solutions, best } = JSON.parse(out);
    expect(solutions.map(({ values }: { values: object }) => values)).toEqual([{ width: 8 }, { width: 12 }, { width: 16 }]);
    expect(best.cost).toBeLessThanOrEqual(1_000_000);
  });

  it.each([
    ['a unit that is none', ['--memory', '24GX'], '24GiB'],
    ['a part of a byte', ['--memory', '1.0001B'], '24GiB'],
    ['a memory that not even one token fits', ['--memory', '1kB'], 'Nearest is tokens = 1, with 1,280 bytes of memory'],
    ['a parameter named twice', ['--param', 'tokens', '--memory', '1MB'], 'named once'],
    ['a bound of another parameter', ['--memory', '1MB', '--max', 'width=3'], 'tokens=64'],
  ])('refuses %s', async (_, args, says) => {
    const { err, code } = await flopwise(['solve', 'words.yaml', '--param', 'tokens', ...args], { files });
    expect(code).toBe(2);
    expect(err).toContain(says);
  });

  it.each([
    [
      'cannot be met',
      ['resnet18', '--param', 'width', '--parameters', '< 100', '--max', '4'],
      'TARGET_NOT_MET',
      'Nearest is width = 1, with ',
    ],
    ['is not met on the grid', ['basic', '--param', 'd', '--match', 'basic:d=96', '--step', '7'], 'TARGET_NOT_MET', 'Nearest is d = 98'],
    ['is no number', ['resnet18', '--param', 'width', '--macs', 'few'], 'WRONG_VALUE', '<= 2G'],
    ['is not given', ['resnet18', '--param', 'width'], 'WRONG_VALUE', '--match'],
    ['is for an unknown parameter', ['resnet18', '--param', 'widht', '--macs', '2G'], 'UNKNOWN_PARAMETER', 'Did you mean "width"?'],
    ['is for a word', ['resnet18', '--param', 'block', '--macs', '2G'], 'NOT_A_NUMBER_PARAMETER', 'width, classes'],
    ['has too many values', ['basic', '--param', 'd', '--macs', '2G', '--max', '9999999'], 'WRONG_VALUE', '100,000'],
    ['has no values', ['basic', '--param', 'd', '--macs', '2G', '--max', '1', '--min', '2'], 'WRONG_VALUE', '--max'],
  ])('refuses a target that %s', async (_, args, code, says) => {
    const { err, code: exit } = await solve(...args);
    expect(exit).toBe(2);
    expect(err).toContain(code);
    expect(err).toContain(says);
  });
});
