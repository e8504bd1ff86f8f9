import { describe, expect, it } from 'vitest';
import { sum } from '../../src/core/exact.ts';
import { elements, type Shape } from '../../src/core/shape.ts';
import { countActivations, countMacs, countOperations, type Operation, type Work } from '../../src/core/work.ts';
import type { WeightShapes } from '../../src/operators/kit/operator.ts';
import { type OperatorName, operatorOf } from '../../src/operators/registry.ts';
import { ProblemError } from '../../src/problems/problem.ts';
import type { ProblemCode } from '../../src/problems/sentences.ts';

/** What an operator says of some inputs, with attributes as they are written in a spec. */
export interface Answer {
  readonly outputs: readonly Shape[];
  readonly weights: WeightShapes;
  readonly work: Work;
}

export function ask(name: OperatorName, attributes: object, inputs: readonly Shape[]): Answer {
  const operator = operatorOf(name);
  const parsed = operator.attributes.parse(attributes);
  return {
    outputs: operator.shapes(parsed, inputs),
    weights: operator.weights(parsed, inputs),
    work: operator.work(parsed, inputs),
  };
}

const parametersOf = (weights: WeightShapes): bigint =>
  sum(Object.values(weights).map(({ learned, shape }) => (learned ? elements(shape) : 0n)));

/** The multiply-accumulates, factor by factor: `1×7×7×3×112×112×64`. */
const formulaOf = (work: Work): string =>
  work
    .filter((term) => term.sums !== undefined)
    .map((term) => term.factors.map((factor) => factor.value).join('×'))
    .join(' + ');

/** One input and all that is to come of it; what is not given is nothing. */
export interface Example {
  readonly what: string;
  readonly attributes?: object;
  readonly inputs: readonly Shape[];
  readonly outputs: readonly Shape[];
  /** Shapes of the weights, by role. */
  readonly weights?: Readonly<Record<string, Shape>>;
  readonly parameters?: number;
  readonly macs?: number;
  /** The factors of the multiply-accumulates. */
  readonly formula?: string;
  readonly activations?: number;
  readonly operations?: Readonly<Partial<Record<Operation, number>>>;
}

/** Tests that the operator answers as the examples say. */
export const answers = (name: OperatorName, examples: readonly Example[]) =>
  describe(name, () => {
    it.each(examples)('$what', (example) => {
      const { attributes = {}, inputs, outputs, weights = {}, parameters = 0, macs = 0, activations = 0, operations = {} } = example;
      const answer = ask(name, attributes, inputs);
      expect({
        outputs: answer.outputs,
        weights: Object.fromEntries(Object.entries(answer.weights).map(([role, { shape }]) => [role, shape])),
        parameters: parametersOf(answer.weights),
        macs: countMacs(answer.work),
        formula: formulaOf(answer.work),
        activations: countActivations(answer.work),
        operations: countOperations(answer.work),
      }).toEqual({
        outputs,
        weights,
        parameters: BigInt(parameters),
        macs: BigInt(macs),
        formula: example.formula ?? '',
        activations: BigInt(activations),
        operations: Object.fromEntries(Object.entries(operations).map(([kind, count]) => [kind, BigInt(count)])),
      });
    });
  });

/** One input that makes no sense. */
export interface Refusal {
  readonly what: string;
  readonly attributes?: object;
  readonly inputs: readonly Shape[];
  readonly code: ProblemCode;
  /** The attribute to blame. */
  readonly blames?: string;
  /** Part of the sentence. */
  readonly says: string;
}

/** The problem that the operator throws. */
export function problemOf(name: OperatorName, attributes: object, inputs: readonly Shape[]): ProblemError {
  try {
    ask(name, attributes, inputs);
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
  throw new Error(`${name} takes ${JSON.stringify(attributes)} with ${JSON.stringify(inputs)}`);
}

/** Tests that the operator refuses what makes no sense. */
export const refuses = (name: OperatorName, refusals: readonly Refusal[]) =>
  describe(`${name} refuses`, () => {
    it.each(refusals)('$what', ({ attributes = {}, inputs, code, blames, says }) => {
      const { problem, message } = problemOf(name, attributes, inputs);
      expect({ code: problem.code, blames: problem.attribute }).toEqual({ code, blames });
      expect(message).toContain(says);
    });
  });
