import * as z from 'zod/mini';
import { fail } from '../core/problem.ts';
import { broadcast, type Shape } from '../core/shape.ts';
import { each, elementFactors, type Term } from '../core/work.ts';
import { defineOperator } from './operator.ts';

/** An activation function without attributes: the same operations for each element. */
export const activation = (name: string, summary: string, operations: Term['each'], source: string) =>
  defineOperator({
    name,
    summary,
    attributes: z.strictObject({}),
    rule: `${inWords(operations)} per element.`,
    source,
    shape: (_, [x]) => x,
    work: (_, [x]) => [each(operations, elementFactors(x))],
  });

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six'];

/** `One multiply and two add` */
const inWords = (operations: Term['each']): string => {
  const words = Object.entries(operations)
    .map(([kind, times]) => `${NUMBERS[times as number]} ${kind}`)
    .join(', ')
    .replace(/, ([^,]*)$/, ' and $1');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** The shape all inputs broadcast to. */
function joined(operator: string, inputs: readonly Shape[]): Shape {
  return inputs.reduce((shape, next) => {
    const both = broadcast(shape, next);
    if (both === undefined)
      throw fail('SHAPES_DO_NOT_FIT', { operator, rule: 'sizes must be equal, or 1, axis by axis from the last', shapes: inputs });
    return both;
  });
}

/** An operator that joins two or more tensors element by element, with NumPy's broadcasting. */
export const join = (name: string, summary: string, kind: 'add' | 'multiply') =>
  defineOperator({
    name,
    summary,
    attributes: z.strictObject({}),
    rule: `One ${kind} per output element for each input after the first.`,
    inputs: { min: 2, max: Number.POSITIVE_INFINITY },
    shape: (_, inputs) => joined(name, inputs),
    work: (_, inputs) => [each({ [kind]: inputs.length - 1 }, elementFactors(joined(name, inputs)))],
  });
