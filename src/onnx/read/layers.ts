import { eachPlace } from '../../core/places.ts';
import { countOf, type Shape, sameShape } from '../../core/shape.ts';
import { type Pick, type PickInput, pickOf } from '../../operators/kit/pick.ts';
import { pickedShape, sourcesOf } from '../../operators/kit/sources.ts';
import { charge } from '../../problems/allowance.ts';
import type { ElementType, OnnxElement } from '../file/model.ts';
import type { Call } from './call.ts';

import { isWeight, known, MAX_FOLDED, type Value, viewed } from './value.ts';

/** The shape that a layer has for it: a scalar is a vector of one element there. */
export const layerShape = (shape: Shape): Shape => (shape.length === 0 ? [1] : shape);

type Types = readonly (ElementType | undefined)[];

const shapesOf = (values: readonly Value[]): Shape[] => values.map(({ shape }) => shape);

/** As a layer has it: what is a scalar in the file has an axis there, so the shape may have to be stated. */
export function pickAttributes(pick: Pick, inputs: readonly Value[]): { readonly shape: Shape; readonly attributes: Pick } {
  const shape = pickedShape(pick, shapesOf(inputs));
  const own = pickedShape(pick, shapesOf(inputs).map(layerShape));
  return { shape, attributes: sameShape(own, layerShape(shape)) ? pick : { ...pick, to: [[...layerShape(shape)]] } };
}

/** A layer that moves elements of the inputs. */
export function moveLayer(call: Call, written: PickInput, inputs: readonly Value[], type = inputs[0]?.type): Value[] {
  const { shape, attributes } = pickAttributes(pickOf(written), inputs);
  return call.layer('move', attributes, inputs, { shapes: [shape], types: [type] });
}

/** Elements picked of the inputs: folded where all are known, else moved by a layer. */
export function picked(call: Call, written: PickInput, inputs: readonly Value[], type = inputs[0]?.type): Value[] {
  const result = folded(written, inputs, type);
  return result === undefined ? moveLayer(call, written, inputs, type) : [result];
}

/** Elements of which only the shape is known: those of the inputs in turn. */
export const pickedSomehow = (call: Call, inputs: readonly Value[], shape: Shape, type = inputs[0]?.type): Value[] =>
  call.layer('move', { by: call.node.operator, to: [layerShape(shape)] }, inputs, { shapes: [shape], types: [type] });

/** The same number everywhere; of no elements, none. */
export const filled = (call: Call, inputs: readonly Value[], shape: Shape, type = inputs[0]?.type, value = 0): Value[] =>
  call.layer('move', { by: 'fill', to: [layerShape(shape)], value }, inputs, { shapes: [shape], types: [type] });

/** A node whose work is not known; its shapes are. */
export const uncounted = (call: Call, inputs: readonly Value[], shapes: readonly Shape[], types?: Types): Value[] =>
  call.layer('unknown', { operator: call.node.operator, domain: call.node.domain, to: shapes.map(layerShape) }, inputs, {
    shapes,
    types: types ?? shapes.map(() => inputs[0]?.type),
  });

/** The same elements in another shape. */
export function reshapedTo(call: Call, x: Value, shape: Shape): Value[] {
  if (x.isConstant) return [viewed(x, shape)];
  if (countOf(shape) === 0) return filled(call, [x], shape);
  return call.layer('reshape', { to: layerShape(shape) }, [x], { shapes: [shape] });
}

/** The same elements in the same shape, maybe of another type. */
export const passedOn = (call: Call, x: Value, type = x.type): Value[] =>
  x.isConstant ? [viewed(x, x.shape, type)] : call.layer('identity', {}, [x], { shapes: [x.shape], types: [type] });

/** Elements picked of known tensors that are no weights; `undefined` where that has to run. */
export function folded(written: PickInput, inputs: readonly Value[], type = inputs[0]?.type): Value | undefined {
  if (inputs.some((input) => !input.isConstant || isWeight(input))) return undefined;
  const pick = pickOf(written);
  const shape = pickedShape(pick, shapesOf(inputs));
  const elements = countOf(shape) > MAX_FOLDED ? [undefined] : inputs.map((input) => input.elements());
  if (!elements.every((known) => known !== undefined)) return undefined;
  const numbers = (input: number): number[] => (elements[input] ?? []).map(Number);
  const sourceAt = sourcesOf(pick, shapesOf(inputs), shape, {
    wholes: (input) => numbers(input).map((number) => (Number.isFinite(number) ? Math.trunc(number) : 0)),
    truths: (input) => numbers(input).map((number) => number !== 0),
  });
  charge(
    'elements',
    elements.reduce((sum, known) => sum + known.length, countOf(shape)),
  );
  const result: OnnxElement[] = [];
  eachPlace(shape, (at, offset) => {
    const source = sourceAt(at, offset);
    result.push('fill' in source ? source.fill : (elements[source.input]?.[source.offset] as OnnxElement));
  });
  return known(type, shape, result);
}
