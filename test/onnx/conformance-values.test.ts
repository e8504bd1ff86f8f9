import { describe, expect, it } from 'vitest';
import { caseNames } from './node-cases.ts';
import { computeCase, type ValueOutcome } from './node-values.ts';

// Outputs of the conformance cases of ONNX, computed by the reference kernels and held against those that are expected.

interface Score {
  readonly cases: number;
  readonly computed: number;
  readonly folded: number;
}

const scoreOf = (outcomes: readonly ValueOutcome[]): Score => {
  const count = (how: ValueOutcome['how']): number => outcomes.filter((outcome) => outcome.how === how).length;
  return { cases: outcomes.length, computed: count('computed'), folded: count('folded') };
};

/** A score for each name that outcomes have. */
function scores(outcomes: readonly ValueOutcome[], namesOf: (outcome: ValueOutcome) => readonly string[]): Record<string, Score> {
  const names = [...new Set(outcomes.flatMap(namesOf))].sort();
  return Object.fromEntries(names.map((name) => [name, scoreOf(outcomes.filter((outcome) => namesOf(outcome).includes(name)))]));
}

function report(outcomes: readonly ValueOutcome[]): string {
  const rows = Object.entries(scores(outcomes, ({ operator }) => [operator]));
  const { cases, computed, folded } = scoreOf(outcomes);
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
      onnx: scores(outcomes, ({ operator }) => [operator]),
      operators: scores(outcomes, ({ runs }) => runs),
    };
    // Renewed by `npx vitest run --project fast test/onnx/conformance-values.test.ts --update`.
    await expect(`${JSON.stringify(data, undefined, 2)}\n`).toMatchFileSnapshot('conformance.json');
  });
});
