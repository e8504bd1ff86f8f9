import { describe, expect, it } from 'vitest';
import { meaningAt, offersAt } from '../../src/site/engine/schema-help.ts';

/** The text with the cursor where "|" is. */
const at = (marked: string): [string, number] => [marked.replace('|', ''), marked.indexOf('|')];
const labels = (marked: string): string[] => offersAt(...at(marked)).offers.map(({ label }) => label);

describe('completion in a spec', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['|', ['layers', 'input', 'stages'], ['conv']],
    ['input: [3, 8, 8]\nla|', ['layers'], ['input', 'kernel']],
    ['layers:\n  - co|', ['conv', 'relu', 'residual'], ['layers']],
    ['layers:\n  - conv: { kernel: 3, | }', ['out', 'stride', 'bias'], ['kernel', 'conv']],
    ['layers:\n  - conv:\n      kernel: 3\n      o|\n  - relu', ['out', 'groups'], ['kernel']],
    ['layers:\n  - conv: { bias: | }', ['true', 'false'], ['out']],
    ['task: |\nlayers:\n  - relu', ['image classification'], ['layers']],
    ['stages:\n  one:\n    - max|', ['maxpool'], ['stages']],
    ['blocks:\n  mine:\n    layers:\n      - ba|', ['batchnorm'], []],
  ])('of %j', (marked, expected, absent) => {
    const found = labels(marked);
    expect(found).toEqual(expect.arrayContaining([...expected]));
    for (const label of absent) expect(found).not.toContain(label);
  });

  it('takes the place of the word that was begun', () => {
    expect(offersAt(...at('layers:\n  - conv: { ker| }')).from).toBe('layers:\n  - conv: { '.length);
  });

  it.each(['[[[|', '{|', '"|', ': : |', '\t|', '- - - |', '&a [*a, |]', '%|'])('survives %j', (marked) => {
    expect(() => offersAt(...at(marked))).not.toThrow();
    expect(() => meaningAt(...at(marked))).not.toThrow();
  });
});

describe('hover texts', () => {
  it.each([
    ['layers:\n  - conv: { ker|nel: 3 }', 'kernel', /Size of the filters/],
    ['lay|ers:\n  - relu', 'layers', /Layers/],
  ])('of %j', (marked, title, text) => {
    expect(meaningAt(...at(marked))).toMatchObject({ title, text: expect.stringMatching(text) });
  });

  it('says nothing of names that a person chose, and of values', () => {
    expect(meaningAt(...at('with: { wi|dth: 3 }'))).toBeUndefined();
    expect(meaningAt(...at('input: [|3, 8, 8]'))).toBeUndefined();
  });
});
