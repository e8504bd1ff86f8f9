import { eachPlace } from '../../core/places.ts';
import { elementCount, type Shape, sameShape } from '../../core/shape.ts';
import { type Pick, type PickInput, pickOf } from '../../operators/kit/pick.ts';
import { pickedShape, sourcesOf } from '../../operators/kit/sources.ts';
import { charge } from '../../problems/allowance.ts';
import { ENCODINGS } from '../file/element-types.ts';
import type { ElementType, OnnxElement } from '../file/model.ts';
import type { Call } from './call.ts';

import { isWeight, known, MAX_FOLDED, type ReadValue, viewed } from './value.ts';

/** The shape that a layer has for it: a scalar is a vector of one element there. */
export const layerShape = (shape: Shape): Shape => (shape.length === 0 ? [1] : shape);

type Types = readonly (ElementType | undefined)[];

const shapesOf = (values: readonly ReadValue[]): Shape[] => values.map(({ shape }) => shape);

/** As a layer has it: what is a scalar in the file has an axis there, so the shape may have to be stated. */
export function pickAttributes(pick: Pick, inputs: readonly ReadValue[]): { readonly shape: Shape; readonly attributes: Pick } {
  const shape = pickedShape(pick, shapesOf(inputs));
  const own = pickedShape(pick, shapesOf(inputs).map(layerShape));
  return { shape, attributes: sameShape(own, layerShape(shape)) ? pick : { ...pick, to: [[...layerShape(shape)]] } };
}

/** A layer that moves elements of the inputs. */
export function moveLayer(call: Call, written: PickInput, inputs: readonly ReadValue[], type = inputs[0]?.type): ReadValue[] {
  const { shape, attributes } = pickAttributes(pickOf(written), inputs);
  return call.layer('move', attributes, inputs, { shapes: [shape], types: [type] });
}

/** Elements picked of the inputs: folded where all are known, else moved by a layer. */
export function picked(call: Call, written: PickInput, inputs: readonly ReadValue[], type = inputs[0]?.type): ReadValue[] {
  const result = folded(written, inputs, type);
  return result === undefined ? moveLayer(call, written, inputs, type) : [result];
}

/** Elements of which only the shape is known: those of the inputs in turn. */
export const pickedSomehow = (call: Call, inputs: readonly ReadValue[], shape: Shape, type = inputs[0]?.type): ReadValue[] =>
  movedByData(call, inputs, [shape], [type]);

/** Elements of which data say which, and how many. */
export const movedByData = (call: Call, inputs: readonly ReadValue[], shapes: readonly Shape[], types?: Types): ReadValue[] =>
  call.layer('move', { by: 'other', to: shapes.map(layerShape) }, inputs, { shapes, types: types ?? shapes.map(() => inputs[0]?.type) });

/** The same number everywhere; of no elements, none. */
export const filled = (call: Call, inputs: readonly ReadValue[], shape: Shape, type = inputs[0]?.type, value = 0): ReadValue[] =>
  call.layer('move', { by: 'fill', to: [layerShape(shape)], value }, inputs, { shapes: [shape], types: [type] });

/** What of a node's inputs it holds as weights, where no rule says so: more than one number that is no integer, or a matrix of few bits. */
const isHeld = (value: ReadValue | undefined): value is ReadValue => value?.origin !== undefined && (isWeight(value) || isPacked(value));

const isPacked = ({ shape, type }: ReadValue): boolean =>
  shape.length > 1 && type !== undefined && ENCODINGS[type].bits > 0 && ENCODINGS[type].bits <= 8 && type !== 'bool';

function unknownLayer(
  call: Call,
  inputs: readonly ReadValue[],
  held: readonly ReadValue[],
  shapes: readonly Shape[],
  types: Types,
): ReadValue[] {
  const { operator, domain } = call.node;
  const attributes = {
    operator,
    domain,
    to: shapes.map(layerShape),
    ...(held.length > 0 && { holds: held.map(({ shape }) => layerShape(shape)) }),
  };
  const weights = Object.fromEntries(held.map((value, index) => [`weight${index}`, value]));
  return call.layer('unknown', attributes, inputs, { shapes, types, weights });
}

/** A node whose work is not known; its shapes are. */
export const uncounted = (call: Call, inputs: readonly ReadValue[], shapes: readonly Shape[], types?: Types): ReadValue[] =>
  unknownLayer(call, inputs, call.node.domain === '' ? [] : call.inputs.filter(isHeld), shapes, types ?? shapes.map(() => inputs[0]?.type));

/** Which inputs of the operators of ONNX are learned. */
const LEARNED: Readonly<Partial<Record<string, readonly number[]>>> = {
  Conv: [1, 2],
  ConvTranspose: [1, 2],
  DeformConv: [1, 3],
  ConvInteger: [1],
  QLinearConv: [3, 8],
  Gemm: [1, 2],
  MatMul: [0, 1],
  MatMulInteger: [1],
  QLinearMatMul: [0, 3],
  Einsum: [0, 1, 2, 3],
  LSTM: [1, 2, 3, 7],
  GRU: [1, 2, 3],
  RNN: [1, 2, 3],
  BatchNormalization: [1, 2],
  InstanceNormalization: [1, 2],
  GroupNormalization: [1, 2],
  LayerNormalization: [1, 2],
  RMSNormalization: [1],
  PRelu: [1],
  Gather: [0],
  Add: [0, 1],
  Sub: [0, 1],
  Mul: [0, 1],
  Div: [0, 1],
  Concat: [...new Array(16).keys()],
};

/** A node that cannot be counted because of what it reads: it holds its weights all the same. */
export function leftOut(call: Call, shapes: readonly Shape[]): ReadValue[] {
  const { domain, operator } = call.node;
  const learned = LEARNED[operator] ?? [];
  const held = call.inputs.filter((value, index): value is ReadValue => isHeld(value) && (domain !== '' || learned.includes(index)));
  const inputs = call.inputs.filter((value) => value?.tensor !== undefined) as ReadValue[];
  return unknownLayer(
    call,
    inputs,
    held,
    shapes,
    shapes.map(() => undefined),
  );
}

/** The same elements in another shape. */
export function reshapedTo(call: Call, x: ReadValue, shape: Shape): ReadValue[] {
  if (x.isConstant) return [viewed(x, shape)];
  if (elementCount(shape) === 0) return filled(call, [x], shape);
  return call.layer('reshape', { to: layerShape(shape) }, [x], { shapes: [shape] });
}

/** The same elements in the same shape, maybe of another type. */
export const passedOn = (call: Call, x: ReadValue, type = x.type): ReadValue[] =>
  x.isConstant ? [viewed(x, x.shape, type)] : call.layer('identity', {}, [x], { shapes: [x.shape], types: [type] });

/** Elements picked of known tensors that are no weights; `undefined` where that has to run. */
export function folded(written: PickInput, inputs: readonly ReadValue[], type = inputs[0]?.type): ReadValue | undefined {
  if (inputs.some((input) => !input.isConstant || isWeight(input))) return undefined;
  const pick = pickOf(written);
  const shape = pickedShape(pick, shapesOf(inputs));
  const elements = elementCount(shape) > MAX_FOLDED ? [undefined] : inputs.map((input) => input.elements());
  if (!elements.every((known) => known !== undefined)) return undefined;
  const numbers = (input: number): number[] => (elements[input] ?? []).map(Number);
  const sourceAt = sourcesOf(pick, shapesOf(inputs), shape, {
    wholes: (input) => numbers(input).map((number) => (Number.isFinite(number) ? Math.trunc(number) : 0)),
    truths: (input) => numbers(input).map((number) => number !== 0),
  });
  charge(
    'elements',
    elements.reduce((sum, known) => sum + known.length, elementCount(shape)),
  );
  const result: OnnxElement[] = [];
  eachPlace(shape, (at, offset) => {
    const source = sourceAt(at, offset);
    result.push('fill' in source ? source.fill : (elements[source.input]?.[source.offset] as OnnxElement));
  });
  return known(type, shape, result);
}
