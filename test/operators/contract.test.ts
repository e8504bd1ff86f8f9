import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elements, type Shape } from '../../src/core/shape.ts';
import { countActivations, countMacs, countOperations, OPERATIONS, type Operation } from '../../src/core/work.ts';
import { inOrder } from '../../src/operators/kit/gradient.ts';
import { isOperatorName, type OperatorName, operatorNames, operatorOf } from '../../src/operators/registry.ts';
import { ProblemError } from '../../src/problems/problem.ts';
import { wordsOf } from '../../src/schema/words.ts';
import { cases } from './cases.ts';
import { ask } from './helpers.ts';

// What holds for every operator, whatever it does.

const title = '$name $attributes on $inputs';

const isSentence = (text: string): boolean => /^\S.*\.$/s.test(text) && !/undefined|NaN|\[object/.test(text);

const isShape = (shape: Shape): boolean => shape.length > 0 && shape.every((size) => Number.isSafeInteger(size) && size > 0);

/** Shallowly frozen, so that a change to an input throws. */
const frozen = (inputs: readonly Shape[]): Shape[] => inputs.map((shape) => Object.freeze([...shape]));

const counts = (name: OperatorName, attributes: object, inputs: readonly Shape[]) => {
  const { work } = ask(name, attributes, inputs);
  return { macs: countMacs(work), activations: countActivations(work), operations: countOperations(work) };
};

describe('the registry', () => {
  it.each(operatorNames)('knows %s by its own name, described in sentences', (name) => {
    const operator = operatorOf(name);
    expect(operator.name).toBe(name);
    expect(name).toMatch(/^[a-z][a-z0-9]*$/);
    expect(isSentence(operator.summary)).toBe(true);
    expect(isSentence(operator.rule)).toBe(true);
    expect(operator.source).toMatch(/\S/);
    expect(operator.inputs.min).toBeGreaterThanOrEqual(1);
    expect(operator.inputs.max).toBeGreaterThanOrEqual(operator.inputs.min);
  });

  it.each(operatorNames)('says what each attribute of %s means and accepts', (name) => {
    for (const [attribute, schema] of Object.entries(operatorOf(name).attributes.shape)) {
      expect(attribute).toMatch(/^[a-z]+$/);
      expect(wordsOf(schema, 'accepts')).toMatch(/^\S/);
      expect(isSentence(wordsOf(schema, 'meaning') ?? '')).toBe(true);
    }
  });

  it('knows nothing else', () => {
    for (const name of ['Conv', 'toString', '__proto__', 'constructor', '']) expect(isOperatorName(name)).toBe(false);
  });
});

describe('attributes', () => {
  it.each(cases)(`stay what they are when read again: ${title}`, ({ name, attributes }) => {
    const { attributes: schema } = operatorOf(name);
    const parsed = schema.parse(attributes);
    expect(schema.parse(parsed)).toEqual(parsed);
  });

  it.each(operatorNames)('of %s refuse what is unknown', (name) => {
    const [first] = cases.filter((one) => one.name === name);
    expect(operatorOf(name).attributes.safeParse({ ...first?.attributes, nonsense: 1 }).success).toBe(false);
  });
});

describe('a valid input', () => {
  it.each(cases)(`gives shapes of positive whole numbers: ${title}`, ({ name, attributes, inputs }) => {
    const { outputs, weights } = ask(name, attributes, frozen(inputs));
    expect(outputs.length).toBeGreaterThan(0);
    for (const shape of outputs) expect(isShape(shape)).toBe(true);
    for (const { shape } of Object.values(weights)) expect(isShape(shape)).toBe(true);
  });

  it.each(cases)(`has a gradient for each input and each learned weight, or says why not: ${title}`, ({ name, attributes, inputs }) => {
    const { gradient } = operatorOf(name);
    if ('none' in gradient) {
      expect(gradient.none).toMatch(/^\S.*[^.]$/);
      return;
    }
    const parsed = operatorOf(name).attributes.parse(attributes);
    const { weights, outputs } = ask(name, attributes, inputs);
    const learned = Object.entries(weights).filter(([, weight]) => weight.learned);
    expect(gradient.inputs(parsed, inputs)).toHaveLength(inputs.length);
    expect(Object.keys(gradient.weights(parsed, inputs)).sort()).toEqual(learned.map(([role]) => role).sort());
    const needs = { inputs: inputs.map(() => true), weights: Object.fromEntries(learned.map(([role]) => [role, true])) };
    for (const saved of gradient.saves(parsed, inputs, needs)) {
      if ('index' in saved) expect((saved.what === 'input' ? inputs : outputs)[saved.index]).toBeDefined();
      else expect(saved.shape.every((size) => Number.isSafeInteger(size) && size > 0)).toBe(true);
    }
    const layouts = gradient.view?.(parsed, inOrder(inputs[0] as Shape));
    if (layouts !== undefined) expect(layouts.map(({ shape }) => shape)).toEqual(outputs);
  });

  it.each(cases)(`gives the same answer twice: ${title}`, ({ name, attributes, inputs }) => {
    expect(ask(name, attributes, inputs)).toEqual(ask(name, attributes, inputs));
  });

  it.each(cases)(`counts its terms multiplied out: ${title}`, ({ name, attributes, inputs }) => {
    const { work, outputs } = ask(name, attributes, inputs);
    const expected: Partial<Record<Operation, bigint>> = {};
    for (const { each, factors } of work) {
      const points = factors.reduce((total, factor) => total * BigInt(factor.value), 1n);
      for (const [kind, times] of Object.entries(each)) {
        expect(OPERATIONS).toContain(kind);
        expected[kind as Operation] = (expected[kind as Operation] ?? 0n) + BigInt(times) * points;
      }
      for (const factor of factors) expect(factor.name !== '' && isShape([factor.value])).toBe(true);
    }
    expect(countOperations(work)).toEqual(expected);
    const products = work.filter((term) => term.sums !== undefined);
    for (const { each, sums } of products) {
      expect(each).toEqual({ multiply: 1, add: 1 });
      expect(isShape(sums as Shape)).toBe(true);
    }
    // The last product makes the output.
    const last = products.at(-1);
    if (last !== undefined) expect(last.sums).toEqual(outputs[0]);
    if (last === undefined) expect(countActivations(work)).toBe(0n);
  });

  it.each(cases)(`has the batch as a factor: ${title}`, ({ name, attributes, inputs, unbatched }) => {
    const doubled = inputs.map((shape, index) => (unbatched.includes(index) ? shape : shape.with(0, 2 * (shape[0] as number))));
    const [once, twice] = [counts(name, attributes, inputs), counts(name, attributes, doubled)];
    expect(twice).toEqual({
      macs: 2n * once.macs,
      activations: 2n * once.activations,
      operations: Object.fromEntries(Object.entries(once.operations).map(([kind, count]) => [kind, 2n * count])),
    });
    expect(ask(name, attributes, doubled).weights).toEqual(ask(name, attributes, inputs).weights);
    for (const { factors } of ask(name, attributes, inputs).work) expect(factors[0]?.name).toBe('n');
  });
});

describe('an input that makes no sense', () => {
  it.each(operatorNames)('%s refuses a scalar', (name) => {
    const [{ attributes, inputs }] = cases.filter((one) => one.name === name) as [(typeof cases)[number]];
    const scalars = inputs.map(() => []);
    expect(() => ask(name, attributes, scalars)).toThrow(ProblemError);
  });

  it.each(operatorNames)('%s refuses too few and too many inputs', (name) => {
    const [{ attributes, inputs }] = cases.filter((one) => one.name === name) as [(typeof cases)[number]];
    const { min, max } = operatorOf(name).inputs;
    const wrong = [min - 1, max + 1].filter(Number.isFinite);
    for (const count of wrong)
      expect(() => ask(name, attributes, new Array<Shape>(count).fill(inputs[0] as Shape))).toThrow(
        expect.objectContaining({ problem: expect.objectContaining({ code: 'WRONG_INPUT_COUNT' }) }),
      );
  });

  it.each(cases)(`is a problem, or has a sensible answer: ${title}`, ({ name, attributes, inputs }) => {
    const shape = fc.array(fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 2 ** 31 })), { minLength: 0, maxLength: 7 });
    const any = fc.array(shape, { minLength: inputs.length, maxLength: inputs.length });
    fc.assert(
      fc.property(any, (shapes) => {
        try {
          const { outputs, weights, work } = ask(name, attributes, shapes);
          // What is too large to be a dimension is for the builder of the graph to refuse.
          for (const output of outputs) expect(output.length > 0 && output.every((size) => size > 0 && Number.isInteger(size))).toBe(true);
          for (const weight of Object.values(weights)) expect(elements(weight.shape)).toBeGreaterThan(0n);
          for (const count of Object.values(countOperations(work))) expect(count).toBeGreaterThan(0n);
        } catch (error) {
          if (!(error instanceof ProblemError)) throw error;
          expect(isSentence(error.message)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });
});
