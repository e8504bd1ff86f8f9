import { expect } from 'vitest';
import { CountingAlu } from '../../src/core/alu.ts';
import type { Counts } from '../../src/core/counts.ts';
import { elements, type Shape } from '../../src/core/shape.ts';
import type { Tensor } from '../../src/core/tensor.ts';
import { countMacs, countMasked, countOperations } from '../../src/core/work.ts';
import { tensorFrom } from '../../src/execute/elements.ts';
import { Synthesis } from '../../src/execute/synthetic.ts';
import { reached } from '../../src/operators/kit/reach.ts';
import { type OperatorName, operatorOf } from '../../src/operators/registry.ts';

const synthesis = new Synthesis(1);

/** A tensor that is made up. */
export const made = (shape: Shape, number: number): Tensor => tensorFrom(synthesis.elements(shape, number, 0, 1));

export interface Execution {
  readonly outputs: readonly Tensor[];
  readonly inputs: readonly Tensor[];
  readonly counts: Counts;
}

/** Runs an operator on tensors that are made up. */
export function execute(name: OperatorName, attributes: object, shapes: readonly Shape[]): Execution {
  const operator = operatorOf(name);
  const parsed = operator.attributes.parse(attributes);
  const inputs = shapes.map((shape, index) => made(shape, index));
  const weights = Object.entries(operator.weights(parsed, shapes)).map(
    ([role, weight], index) => [role, tensorFrom(synthesis.weight(weight, 100 + index))] as const,
  );
  const alu = new CountingAlu();
  const outputs = operator.run(parsed, inputs, operator.prepare(parsed, Object.fromEntries(weights), new CountingAlu()), alu);
  return { outputs, inputs, counts: alu.counts() };
}

/** What an operator says that it will do. */
function predict(name: OperatorName, attributes: object, shapes: readonly Shape[]) {
  const operator = operatorOf(name);
  const parsed = operator.attributes.parse(attributes);
  const work = operator.work(parsed, shapes);
  return {
    shapes: operator.shapes(parsed, shapes),
    counts: {
      operations: countOperations(work),
      macs: countMacs(work),
      padding: operator.padding(parsed, shapes),
      masked: countMasked(work),
    },
  };
}

/** The kernel gives the shapes and executes the operations that the operator predicts. */
export function expectToHold(name: OperatorName, attributes: object, shapes: readonly Shape[]): void {
  const predicted = predict(name, attributes, shapes);
  const { outputs, counts } = execute(name, attributes, shapes);
  expect(outputs.map(({ shape }) => shape)).toEqual(predicted.shapes);
  expect(outputs.map(({ data }) => BigInt(data.length))).toEqual(predicted.shapes.map(elements));
  expect(counts).toEqual(predicted.counts);
  const extents = operatorOf(name).reach(operatorOf(name).attributes.parse(attributes), shapes);
  if (extents !== 'stated') expect(extents.map(reached)).toEqual(predicted.shapes);
}
