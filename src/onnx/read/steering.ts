import type { Shape } from '../../core/shape.ts';
import { MAX_AXES } from '../../problems/allowance.ts';
import { fail, ProblemError } from '../../problems/problem.ts';
import { broken, type Call, input, ints, unresolved } from './call.ts';
import { numbersIn } from './value.ts';

/** The numbers of an input that says something about shapes. */
export function steering(call: Call, index: number): number[] {
  const numbers = numbersIn(input(call, index));
  if (numbers === undefined) throw unresolved(call.node, call.node.inputs[index] ?? '');
  return numbers;
}

/** The same, where the input is there. */
export const steeringIfAny = (call: Call, index: number): number[] | undefined =>
  call.inputs[index] === undefined ? undefined : steering(call, index);

/** The numbers of an input that says something of each axis: no more than a tensor has axes, and whole. */
export function sizesIn(call: Call, index: number): number[] {
  const numbers = steering(call, index);
  if (numbers.length > MAX_AXES) throw fail('TOO_MANY_AXES', { axes: numbers.length, limit: MAX_AXES });
  const wrong = numbers.find((number) => !Number.isSafeInteger(number));
  if (wrong !== undefined) throw broken(call.node, `it takes whole numbers, not ${wrong}`);
  return numbers;
}

/** The same, where the input is there. */
export const sizesIfAny = (call: Call, index: number): number[] | undefined =>
  call.inputs[index] === undefined ? undefined : sizesIn(call, index);

/** Axes that are an attribute before an opset, and an input since. */
export const axesIn = (call: Call, since: number, index = 1): readonly number[] | undefined =>
  call.opset < since ? ints(call.node, 'axes') : sizesIfAny(call, index);

/** A shape that the inputs of a node say; as the file declares it where what they hold is not known. */
export function settled(call: Call, derive: () => Shape, output = 0): Shape {
  try {
    return derive();
  } catch (error) {
    const declared = error instanceof ProblemError && error.problem.code === 'ONNX_UNRESOLVED' ? call.declared(output) : undefined;
    if (declared === undefined) throw error;
    return declared;
  }
}

/** A shape among the elements of an input. */
export function shapeIn(call: Call, index: number): Shape {
  const sizes = sizesIn(call, index);
  if (sizes.some((length) => length < 0)) throw broken(call.node, `it asks for a shape of ${sizes.join('×')}`);
  return sizes;
}
