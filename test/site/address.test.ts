import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GROUPINGS } from '../../src/analysis/group.ts';
import { EXTRA_COLUMNS, type PageState, readAddress, START, VIEWS, writeAddress } from '../../src/site/address.ts';

const word = fc.string({ maxLength: 40, unit: 'grapheme' });

const states: fc.Arbitrary<PageState> = fc.record({
  model: fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }),
  text: fc.option(fc.string({ maxLength: 400, unit: 'grapheme' }), { nil: undefined }),
  part: word,
  set: word,
  input: word,
  batch: word,
  dim: word,
  view: fc.constantFrom(...VIEWS),
  by: fc.constantFrom(...GROUPINGS),
  sort: word,
  columns: fc.subarray([...EXTRA_COLUMNS]),
  convention: word,
  depth: fc.constantFrom('', 'stage', 'block', 'layer'),
  heat: fc.constantFrom('macs', 'peak'),
  against: word,
  difference: fc.constantFrom('', 'yes'),
  figure: word,
  optimizer: fc.constantFrom('adamw', 'sgd'),
  precision: fc.constantFrom('fp32', 'bf16'),
  checkpoint: word,
  prompt: word,
  fresh: word,
  stored: fc.constantFrom('fp32', 'bf16'),
  storedWeights: fc.constantFrom('', 'int4'),
  limits: word,
  solve: word,
  metric: fc.constantFrom('macs', 'memory'),
  target: word,
});

describe('the address of the page', () => {
  it('gives back every state that it was made of', async () => {
    await fc.assert(
      fc.asyncProperty(states, async (state) => {
        const { state: read, notes } = await readAddress(`#${await writeAddress(state)}`);
        expect(notes).toEqual([]);
        expect(read).toEqual(state);
      }),
      { numRuns: 200 },
    );
  });

  it('is short for a model of the zoo, and has a spec compressed', async () => {
    expect(await writeAddress({ ...START, model: 'vgg16' })).toBe('v=1&model=vgg16');
    const text = 'layers:\n  - conv: { kernel: 3, out: 8 }\n'.repeat(100);
    expect((await writeAddress({ ...START, model: 'a.yaml', text })).length).toBeLessThan(200);
  });

  it.each([
    ['', START, []],
    ['#resnet18', { ...START, model: 'resnet18' }, []],
    ['#model=resnet18&view=map', { ...START, model: 'resnet18', view: 'map' }, []],
    ['#model=resnet18&view=walk', { ...START, model: 'resnet18' }, [/"walk" as view/]],
    [
      '#v=2&model=resnet18&light=on',
      { ...START, model: 'resnet18' },
      [/newer version of the page \(format 2; this page reads 1\)/, /"light"/],
    ],
    ['#v=x&model=resnet18', { ...START, model: 'resnet18' }, [/format "x"/]],
    ['#v=1&model=a.yaml&text=%%%', START, [/damaged/]],
    ['#v=1&model=a.yaml&text=AAAA', START, [/damaged/]],
    ['#%E0%A4%A', { ...START, model: '%E0%A4%A' }, []],
    [`#model=${'x'.repeat(3000)}`, START, [/as model/]],
    ['#constructor=1&__proto__=2', START, [/"constructor"/, /"__proto__"/]],
  ])('reads %j as far as it can, and says what it cannot', async (hash, state, expected) => {
    const { state: read, notes } = await readAddress(hash);
    expect(read).toEqual(state);
    expect(notes).toHaveLength(expected.length);
    for (const [index, pattern] of expected.entries()) expect(notes[index]).toMatch(pattern);
  });

  it('does not unpack more than a spec can be', async () => {
    const address = await writeAddress({ ...START, model: 'a.yaml', text: ' '.repeat(50_000_000) });
    const { state, notes } = await readAddress(address);
    expect(state).toEqual(START);
    expect(notes.join()).toContain('damaged');
  });
});
