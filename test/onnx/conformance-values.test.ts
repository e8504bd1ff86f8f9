import { describe, expect, it } from 'vitest';
import { caseNames } from './node-cases.ts';
import { computeCase, type How, type ValueOutcome } from './node-values.ts';

// Outputs of the conformance cases of ONNX, computed by the reference kernels and held against those that are expected.

interface Score {
  readonly cases: number;
  readonly computed: number;
  readonly folded: number;
}

const scoreOf = (hows: readonly How[]): Score => {
  const count = (how: How): number => hows.filter((one) => one === how).length;
  return { cases: hows.length, computed: count('computed'), folded: count('folded') };
};

/** How cases went by name: a score for each name. */
function scores(pairs: readonly (readonly [name: string, how: How])[]): Record<string, Score> {
  const names = [...new Set(pairs.map(([name]) => name))].sort();
  return Object.fromEntries(names.map((name) => [name, scoreOf(pairs.flatMap(([own, how]) => (own === name ? [how] : [])))]));
}

const byOnnx = (outcomes: readonly ValueOutcome[]) => scores(outcomes.map(({ operator, how }) => [operator, how]));

const byOwn = (outcomes: readonly ValueOutcome[]) =>
  scores(outcomes.flatMap(({ runs }) => [...runs].map(([name, isRight]) => [name, isRight ? 'computed' : 'failed'] as const)));

function report(outcomes: readonly ValueOutcome[]): string {
  const rows = Object.entries(byOnnx(outcomes));
  const { cases, computed, folded } = scoreOf(outcomes.map(({ how }) => how));
  const failed = outcomes.filter(({ how }) => how === 'failed');
  return [
    `outputs of ${computed + folded} of ${cases} conformance cases are as expected: ${computed} computed by kernels, ${folded} folded`,
    ...rows.map(([operator, score]) => `  ${operator} ${score.computed + score.folded}/${score.cases}`),
    'not as expected:',
    ...failed.map(({ name, operator, why }) => `  ${name} (${operator}): ${why}`),
  ].join('\n');
}

describe('values of the conformance cases', () => {
  const names = caseNames();
  if (names.length === 0) {
    it.skip('are as expected: shared/onnx-node-tests is not beside this repository');
    return;
  }
  const outcomes = names.map(computeCase);
  it('are as expected in as many cases as conformance.json says', async () => {
    console.log(report(outcomes));
    const data = {
      onnx: byOnnx(outcomes),
      operators: byOwn(outcomes),
    };
    // Renewed by `npx vitest run --project fast test/onnx/conformance-values.test.ts --update`.
    await expect(`${JSON.stringify(data, undefined, 2)}\n`).toMatchFileSnapshot('conformance.json');
  });
});
