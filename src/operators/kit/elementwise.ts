import type * as z from 'zod/mini';
import type { Alu } from '../../core/alu.ts';
import { misfitsOfBroadcast } from '../../core/misfit.ts';
import { broadcast, type Shape } from '../../core/shape.ts';
import type { Element, Tensor } from '../../core/tensor.ts';
import { each, elementFactors, type Operation, type Term } from '../../core/work.ts';
import { fail } from '../../problems/problem.ts';
import { NO_ATTRIBUTES } from './attributes.ts';
import { fill, mapElements, readBroadcast } from './elements.ts';
import { gathered, type Needs, perElement, savedInput, toEach, unbroadcast } from './gradient.ts';
import { defineOperator } from './operator.ts';
import { jointly } from './reach.ts';

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
  compute(x: Element, alu: Alu, attributes: z.infer<S>): Element;
  /** Its derivative times the gradient of the output. */
  readonly derivative: Derivative<z.infer<S>>;
}

interface Derivative<A> {
  /** What it is computed from, and so kept. */
  readonly of: 'input' | 'output';
  readonly operations: Term['each'];
  compute(kept: Element, gradient: Element, alu: Alu, attributes: A): Element;
}

/** An activation function: the same operations for each element. */
export const activation = <S extends z.ZodMiniObject = typeof NO_ATTRIBUTES>(activation: Activation<S>) => {
  const { name, summary, formula, operations, source, attributes = NO_ATTRIBUTES as unknown as S, compute, derivative } = activation;
  return defineOperator({
    name,
    summary,
    attributes,
    rule: `${formula}: ${inWords(operations)} per element.`,
    source,
    shape: (_, [x]) => x,
    work: (_, [x]) => [each(operations, elementFactors(x))],
    inPlace: true,
    gradient: perElement(derivative.of, () => derivative.operations, derivative.compute),
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
  const rule = 'sizes must be equal, or 1, axis by axis from the last';
  throw fail('SHAPES_DO_NOT_FIT', { operator, rule, shapes: inputs, misfits: misfitsOfBroadcast(inputs) });
}

/** The gradients of a sum are that of the output; those of a product, that times all other operands. */
const JOINED = {
  add: (name: string) => ({
    inputs: (_: unknown, inputs: readonly Shape[]) => inputs.map((input) => unbroadcast(input, joined(name, inputs))),
    run: toEach((_: unknown, index, { inputs, gradients: [gradient] }, alu) => {
      const { shape, data } = gradient as Tensor;
      return gathered((inputs[index] as Tensor).shape, shape, alu, (__, offset) => data[offset]);
    }),
  }),
  multiply: (name: string) => ({
    saves: (_: unknown, inputs: readonly Shape[], needs: Needs) =>
      inputs.flatMap((__, index) => (needs.inputs.some((needed, other) => needed && other !== index) ? [savedInput(index)] : [])),
    inputs(_: unknown, inputs: readonly Shape[]) {
      const output = joined(name, inputs);
      return inputs.map((input) => [each({ multiply: inputs.length - 1 }, elementFactors(output)), ...unbroadcast(input, output)]);
    },
    run: toEach((_: unknown, own, { inputs, gradients: [gradient] }, alu) => {
      const { shape, data } = gradient as Tensor;
      return gathered((inputs[own] as Tensor).shape, shape, alu, (at, offset) =>
        inputs.reduce((product, other, index) => (index === own ? product : alu.multiply(product, readBroadcast(other, at))), data[offset]),
      );
    }),
  }),
};

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
    reach: (_, inputs) => jointly(inputs),
    work: (_, inputs) => [each({ [kind]: inputs.length - 1 }, elementFactors(joined(name, inputs)))],
    inPlace: true,
    gradient: JOINED[kind](name),
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
