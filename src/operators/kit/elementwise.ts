import type * as z from 'zod/mini';
import type { Alu } from '../../core/alu.ts';
import { broadcast, type Shape } from '../../core/shape.ts';
import type { Value } from '../../core/tensor.ts';
import { each, elementFactors, type Operation, type Term } from '../../core/work.ts';
import { fail } from '../../problems/problem.ts';
import { NO_ATTRIBUTES } from './attributes.ts';
import { fill, mapElements, readBroadcast } from './elements.ts';
import { defineOperator } from './operator.ts';

interface Activation<S extends z.ZodMiniObject> {
  readonly name: string;
  readonly summary: string;
  /** How it is computed, as a formula. */
  readonly formula: string;
  readonly operations: Term['each'];
  readonly source: string;
  /** Attributes that change values, but not what is computed. */
  readonly attributes?: S;
  /** The same formula, as it is executed. */
  compute(x: Value, alu: Alu, attributes: z.infer<S>): Value;
}

/** An activation function: the same operations for each element. */
export const activation = <S extends z.ZodMiniObject = typeof NO_ATTRIBUTES>(activation: Activation<S>) => {
  const { name, summary, formula, operations, source, attributes = NO_ATTRIBUTES as unknown as S, compute } = activation;
  return defineOperator({
    name,
    summary,
    attributes,
    rule: `${formula}: ${inWords(operations)} per element.`,
    source,
    shape: (_, [x]) => x,
    work: (_, [x]) => [each(operations, elementFactors(x))],
    inPlace: true,
    run: (a, [x], _, alu) => mapElements(x, alu, (element) => compute(element, alu, a)),
  });
};

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
export function joined(operator: string, inputs: readonly Shape[]): Shape {
  const shape = broadcast(...inputs);
  if (shape !== undefined) return shape;
  throw fail('SHAPES_DO_NOT_FIT', { operator, rule: 'sizes must be equal, or 1, axis by axis from the last', shapes: inputs });
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
    run(_, [first, ...others], __, alu) {
      const output = joined(
        name,
        [first, ...others].map(({ shape }) => shape),
      );
      return fill(output, alu, (at) => {
        let result = readBroadcast(first, at);
        for (const other of others) result = alu[kind](result, readBroadcast(other, at));
        return result;
      });
    },
  });
