import { describe, expect, it } from 'vitest';
import type { Alu } from '../../src/core/alu.ts';
import { elements, type Shape } from '../../src/core/shape.ts';
import { type Element, type Elements, numbersOf, type Tensor } from '../../src/core/tensor.ts';
import { type OperatorName, operatorOf } from '../../src/operators/registry.ts';
import { runnable as cases } from './cases.ts';
import { execute, expectToHold, made } from './execute.ts';

// What holds for every kernel, whatever it computes.

const title = '$name $attributes on $inputs';

describe('a kernel', () => {
  it.each(cases)(`executes what is predicted: ${title}`, ({ name, attributes, inputs }) => {
    expectToHold(name, attributes, inputs);
  });

  it.each(cases)(`gives numbers, the same each time, and leaves its inputs alone: ${title}`, ({ name, attributes, inputs }) => {
    const once = execute(name, attributes, inputs);
    const twice = execute(name, attributes, inputs);
    for (const output of once.outputs) expect(numbersOf(output).every(Number.isFinite)).toBe(true);
    expect(once.outputs).toEqual(twice.outputs);
    expect(once.inputs).toEqual(inputs.map((shape, index) => made(shape, index)));
  });
});

// Elements that refuse to be numbers: a kernel that computes with them on its own, past the arithmetic that counts, throws.
// The compiler refuses that too.

class Refusing {
  [Symbol.toPrimitive](): never {
    throw new Error('computed with an element past the arithmetic that counts');
  }
}

const refusing = (): Element => new Refusing() as unknown as Element;

/** Zeros may be left where nothing is written; what is written must have been read or computed. */
const tensorOfRefusing = (shape: Shape): Tensor => ({
  shape,
  data: Array.from({ length: Number(elements(shape)) }, refusing) as unknown as Elements,
});

let isGreater = false;
const refusingAlu: Alu = {
  multiply: refusing,
  add: refusing,
  subtract: refusing,
  divide: refusing,
  exp: refusing,
  log: refusing,
  sqrt: refusing,
  tanh: refusing,
  erf: refusing,
  sin: refusing,
  cos: refusing,
  atan: refusing,
  power: refusing,
  modulo: refusing,
  remainder: refusing,
  floor: refusing,
  ceil: refusing,
  multiplyAdd: refusing,
  multiplyAddOnPadding: refusing,
  multiplyAddMasked: refusing,
  zeros: tensorOfRefusing,
  compare() {
    isGreater = !isGreater;
    return isGreater;
  },
};

function runRefusing(name: OperatorName, attributes: object, shapes: readonly Shape[]): readonly Tensor[] {
  const operator = operatorOf(name);
  const parsed = operator.attributes.parse(attributes);
  const weights = Object.entries(operator.weights(parsed, shapes)).map(([role, { shape }]) => [role, tensorOfRefusing(shape)] as const);
  return operator.run(
    parsed,
    shapes.map(tensorOfRefusing),
    operator.prepare(parsed, Object.fromEntries(weights), refusingAlu),
    refusingAlu,
  );
}

describe('a kernel computes with nothing but the arithmetic that counts', () => {
  it.each(cases)(title, ({ name, attributes, inputs }) => {
    const { outputs } = execute(name, attributes, inputs);
    const refused = runRefusing(name, attributes, inputs);
    expect(refused.map(({ shape }) => shape)).toEqual(outputs.map(({ shape }) => shape));
    for (const { data } of refused) expect(Array.from(data as ArrayLike<Element>).every((element) => element !== undefined)).toBe(true);
  });
});
