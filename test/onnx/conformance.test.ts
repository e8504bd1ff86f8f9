import { describe, expect, it } from 'vitest';
import { caseNames, infer, type Outcome, sameShapes } from './node-cases.ts';

// Output shapes of the conformance cases of ONNX, operator by operator.

/** Operators that are not known, and why. */
const UNKNOWN: Readonly<Record<string, string>> = {
  'ai.onnx.preview.training.Adagrad': 'training',
  'ai.onnx.preview.training.Adam': 'training',
  'ai.onnx.preview.training.Momentum': 'training',
  TfIdfVectorizer: 'texts',
};

/** Cases whose values are lists of tensors, or may be absent: not supported, whatever the operator. */
const isOfLists = ({ name, operator }: Outcome): boolean => /^(Sequence|Optional)/.test(operator) || /_(seq|opt|sequence)(_|$)/.test(name);

const isUnknown = (outcome: Outcome): boolean => Object.hasOwn(UNKNOWN, outcome.operator) || isOfLists(outcome);

/** How many of how many, by operator; and every case that is not supported. */
function report(outcomes: readonly Outcome[]): string {
  const operators = [...new Set(outcomes.map(({ operator }) => operator))].sort();
  const lines = operators.map((operator) => {
    const own = outcomes.filter((outcome) => outcome.operator === operator);
    const held = own.filter((outcome) => sameShapes(outcome) && !outcome.isUncounted);
    return `${operator} ${held.length}/${own.length}`;
  });
  const held = outcomes.filter((outcome) => sameShapes(outcome) && !outcome.isUncounted);
  const missing = outcomes.filter((outcome) => !held.includes(outcome));
  return [
    `output shapes of ${held.length} of ${outcomes.length} conformance cases hold, by operator: ${lines.join(', ')}`,
    `not supported: ${missing.map(({ name, operator }) => `${name} (${operator})`).join(', ')}`,
  ].join('\n');
}

describe('conformance cases', () => {
  const names = caseNames();
  if (names.length === 0) {
    it.skip('have the output shapes that are expected: shared/onnx-node-tests is not beside this repository');
    return;
  }
  const outcomes = names.map(infer);
  it('are told by operator', () => {
    console.log(report(outcomes));
    expect(outcomes).toHaveLength(names.length);
  });
  it.each(outcomes.filter((outcome) => !isUnknown(outcome)))('$name: $operator', (outcome) => {
    expect(outcome.why ?? '').toBe('');
    expect(outcome.isUncounted).toBe(false);
    expect(sameShapes(outcome) ? outcome.expected : outcome.inferred).toEqual(outcome.expected);
  });
  // What becomes supported has to leave the list.
  it.each(Object.keys(UNKNOWN))('%s is not known', (operator) => {
    const own = outcomes.filter((outcome) => outcome.operator === operator);
    expect(own.some((outcome) => !sameShapes(outcome) || outcome.isUncounted)).toBe(true);
  });
});
