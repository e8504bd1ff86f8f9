import { describe, expect, it } from 'vitest';
import { FlopwiseError, sentence } from '../../src/problems/problem.ts';
import type { Settings } from '../../src/spec/expand.ts';
import { expandSpec, parseSpec } from '../../src/spec/model.ts';

const BASE = `
input: [3, $side, $side]
with: { side: 32, n: 4 }
require:
  - $in.height == $side and $in.width == $side
  - $side % $n == 0
layers: [relu]
`;

const problems = (run: () => unknown) => {
  try {
    run();
  } catch (error) {
    if (error instanceof FlopwiseError) return error.problems.map((problem) => `${problem.position?.line}: ${sentence(problem)}`);
    throw error;
  }
  return [];
};

const expand = (text: string, settings?: Settings, files = {}) => problems(() => expandSpec(parseSpec(text, { files }), settings));

const ADVICE = 'Give an input or parameters that fit each other.';

describe('require', () => {
  it('lets a model be where its conditions hold', () => {
    expect(expand(BASE)).toEqual([]);
    expect(expand(BASE, { set: { side: 48 } })).toEqual([]);
  });

  it('tells each condition that does not hold, with the values it speaks of', () => {
    expect(expand(BASE, { input: { image: [3, 32, 40] } })).toEqual([
      `5: This model requires $in.height == $side and $in.width == $side, but $in is 1×3×32×40, $side is 32. ${ADVICE}`,
    ]);
    expect(expand(BASE, { set: { side: 30, n: 7 } })).toEqual([
      `6: This model requires $side % $n == 0, but $side is 30, $n is 7. ${ADVICE}`,
    ]);
  });

  it('goes over to models that extend the model', () => {
    const child = 'extends: base.yaml\nrequire: [$n < 8]\n';
    expect(expand(child, { set: { n: 16 } }, { 'base.yaml': BASE })).toEqual([`2: This model requires $n < 8, but $n is 16. ${ADVICE}`]);
    expect(expand(child, { set: { n: 3 } }, { 'base.yaml': BASE })).toHaveLength(1);
  });

  it('must be conditions', () => {
    expect(expand('input: [3]\nrequire: [$in.rank]\nlayers: [relu]\n')).toEqual(['2: "require" is 2, but must be true or false.']);
    expect(expand('input: [3]\nrequire: [$inn.rank > 1]\nlayers: [relu]\n')[0]).toContain('Nothing here is called $inn');
    expect(expand('input: [3]\nrequire: 1\nlayers: [relu]\n')[0]).toContain('a list of conditions');
  });
});

describe('shortcut: none', () => {
  const operators = (shortcut: string) =>
    expandSpec(
      parseSpec(`input: [8, 4, 4]\nlayers:\n  - residual: [conv: { kernel: 1, out: 8 }, relu]\n    shortcut: ${shortcut}\n`),
    ).nodes.map(({ operator }) => operator);

  it('leaves the layers of a residual alone', () => expect(operators('none')).toEqual(['conv', 'relu']));
  it('may depend on the shapes', () => {
    expect(operators('identity if $in.channels == 8 else none')).toEqual(['conv', 'relu', 'add']);
    expect(operators('identity if $in.channels == 16 else none')).toEqual(['conv', 'relu']);
  });
});
