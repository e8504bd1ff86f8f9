import type * as z from 'zod/mini';
import { fail } from '../core/problem.ts';
import { broadcast, type Shape } from '../core/shape.ts';
import { each, elementFactors, type Operation, type Term } from '../core/work.ts';
import { NO_ATTRIBUTES } from './attributes.ts';
import { defineOperator } from './operator.ts';

interface Activation {
  readonly name: string;
  readonly summary: string;
  /** How it is computed, as a formula. */
  readonly formula: string;
  readonly operations: Term['each'];
  readonly source: string;
  /** Attributes that change values, but not what is computed. */
  readonly attributes?: z.ZodMiniObject;
}

/** An activation function: the same operations for each element. */
export const activation = ({ name, summary, formula, operations, source, attributes = NO_ATTRIBUTES }: Activation) =>
  defineOperator({
    name,
    summary,
    attributes,
    rule: `${formula}: ${inWords(operations)} per element.`,
    source,
    shape: (_, [x]) => x,
    work: (_, [x]) => [each(operations, elementFactors(x))],
    inPlace: true,
  });

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six'];

/** How operations are called where there are several; the others stay as they are. */
const PLURALS: Partial<Record<Operation, string>> = { multiply: 'multiplies', add: 'adds', compare: 'compares' };

/** `one multiply and two adds` */
const inWords = (operations: Term['each']): string =>
  (Object.entries(operations) as [Operation, number][])
    .map(([kind, times]) => `${NUMBERS[times]} ${times === 1 ? kind : (PLURALS[kind] ?? kind)}`)
    .join(', ')
    .replace(/, ([^,]*)$/, ' and $1');

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
export const join = (name: string, summary: string, kind: 'add' | 'multiply', source: string) =>
  defineOperator({
    name,
    summary,
    attributes: NO_ATTRIBUTES,
    rule: `One ${kind} per output element for each input after the first.`,
    source,
    inputs: { min: 2, max: Number.POSITIVE_INFINITY },
    shape: (_, inputs) => joined(name, inputs),
    work: (_, inputs) => [each({ [kind]: inputs.length - 1 }, elementFactors(joined(name, inputs)))],
    inPlace: true,
  });
