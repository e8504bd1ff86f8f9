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
