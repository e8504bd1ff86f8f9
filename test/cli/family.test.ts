import { describe, expect, it } from 'vitest';
import { codesIn, flopwise } from './helpers.ts';

const FAMILY = `name: family
input: [3, 32, 32]
with: { width: required, depth: 1 }
layers:
  - conv: { kernel: 3, out: $width, padding: 1 }
    repeat: $depth
variants:
  small: { width: 8 }
  large: { width: 32, depth: 2 }
`;
const files = { 'nets/family.yaml': FAMILY };
/** Weights and biases of a 3×3 convolution. */
const conv = (inward: number, out: number): number => 9 * inward * out + out;

interface Counted {
  readonly model: { readonly name: string };
  readonly totals: { readonly parameters: number };
}

const counts = async (...argv: string[]): Promise<[string, number][]> => {
  const { code, out, err } = await flopwise([...argv, '--format', 'json'], { files });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return [JSON.parse(out)].flat().map(({ model, totals }: Counted) => [model.name, totals.parameters]);
};

describe('a file with variants', () => {
  const small = ['small', conv(3, 8)];
  const large = ['large', conv(3, 32) + conv(32, 32)];

  it('stands for all of them: a row each', async () => {
    const { code, out } = await flopwise(['nets/family.yaml'], { files });
    expect(code).toBe(0);
    expect(out.split('\n').map((line) => line.split(' ')[0])).toEqual(['model', expect.stringMatching('─'), 'small', 'large', '']);
    expect(await counts('nets/family.yaml')).toEqual([small, large]);
  });

  it.each([
    ['a variant', ['nets/family.yaml#small'], [small]],
    ['a value for one of several parameters', ['nets/family.yaml:depth=1'], [small, ['large', conv(3, 32)]]],
    ['values for all that tells them apart', ['nets/family.yaml:width=2,depth=1'], [['family', conv(3, 2)]]],
    ['the same as options', ['nets/family.yaml', '--set', 'width=2,depth=1'], [['family', conv(3, 2)]]],
    ['the same, repeated', ['nets/family.yaml', '--set', 'width=2', '--set', 'depth=1'], [['family', conv(3, 2)]]],
    [
      'another input',
      ['nets/family.yaml', '--input', '3x8x8'],
      [
        ['small', conv(3, 8)],
        ['large', conv(3, 32) + conv(32, 32)],
      ],
    ],
    [
      'another model beside it',
      ['nets/family.yaml', 'nets/family.yaml#small:width=1'],
      [['nets/family.yaml#small', conv(3, 8)], large, ['nets/family.yaml#small:width=1', conv(3, 1)]],
    ],
  ])('with %s', async (_, argv, expected) => {
    expect(await counts(...argv)).toEqual(expected);
  });

  it('is verified and compared as a whole', async () => {
    const { code, out } = await flopwise(['verify', 'nets/family.yaml', '--input', '1x4x4'], { files });
    expect(code).toBe(0);
    expect(out).toMatch(/small[\s\S]*large/);
    const compared = await flopwise(['compare', 'nets/family.yaml', '--format', 'json'], { files });
    expect(compared.code).toBe(0);
    expect(JSON.parse(compared.out).comparison.parameters).toEqual({ small: small[1], large: large[1] });
  });

  it('is explained and solved for each', async () => {
    const explained = await flopwise(['explain', 'nets/family.yaml', '--format', 'json'], { files });
    expect(explained.code).toBe(0);
    expect(JSON.parse(explained.out)).toHaveLength(2);
    // A convolution of 8 to 8 has 584 parameters, the first of 3 to 8 has 224.
    const few = await flopwise(['solve', 'nets/family.yaml', '--param', 'depth', '--parameters', '<= 1000', '--format', 'json'], { files });
    // 224 + 584, and 896 alone.
    expect(JSON.parse(few.out).map(({ value }: { value: number }) => value)).toEqual([2, 1]);
    const both = await flopwise(
      ['solve', 'nets/family.yaml', '--param', 'depth', '--parameters', '<= 100k', '--max', '200', '--format', 'json'],
      {
        files,
      },
    );
    expect(both.code).toBe(0);
    // (100,000 - 224) / 584 + 1, and (100,000 - 896) / 9,248 + 1.
    expect(JSON.parse(both.out).map(({ value }: { value: number }) => value)).toEqual([171, 11]);
  });

  it('names its variants where one model is wanted', async () => {
    const outcome = await flopwise(['export', 'nets/family.yaml', '--to', 'spec'], { files });
    expect(outcome.code).toBe(2);
    expect(codesIn(outcome.err)).toEqual(['NAMES_SEVERAL']);
    expect(outcome.err).toContain('nets/family.yaml#small, nets/family.yaml#large');
  });
});

describe('a family of the zoo', () => {
  it('stands for its models', async () => {
    expect(await counts('squeezenet')).toEqual(await counts('squeezenet1_0', 'squeezenet1_1'));
    const names = (await counts('resnet')).map(([name]) => name);
    expect(names).toEqual(expect.arrayContaining(['resnet18', 'resnet34', 'resnet50', 'resnet101', 'resnet152']));
    expect((await flopwise(['resnet', '--convention', 'fvcore'])).out).toMatch(/\nresnet18[\s\S]*\nresnet152/);
  });

  it('is refused by name where one model is wanted', async () => {
    const outcome = await flopwise(['export', 'squeezenet', '--to', 'spec']);
    expect(outcome).toMatchObject({ code: 2, out: '' });
    expect(codesIn(outcome.err)).toEqual(['NAMES_SEVERAL']);
    expect(outcome.err).toContain('squeezenet1_0, squeezenet1_1');
  });
});
