import { countOf, type Shape } from '../../core/shape.ts';
import type { Picks } from '../../operators/kit/picking.ts';
import type { ElementType, OnnxElement } from '../file/model.ts';
import type { Call } from './call.ts';
import { eachPlace } from './strides.ts';
import { isWeight, known, MAX_FOLDED, type Value, viewed } from './value.ts';

/** The shape that a layer has for it: a scalar is a vector of one element there. */
export const layerShape = (shape: Shape): Shape => (shape.length === 0 ? [1] : shape);

type Types = readonly (ElementType | undefined)[];

/** Which elements a move picks, and the operator that tells, where it is not that of the node. */
export type Picked = Picks & { readonly by?: string };

/** Moves elements of the inputs to outputs of these shapes. */
export const movedTo = (call: Call, inputs: readonly Value[], shapes: readonly Shape[], types?: Types, picked: Picked = {}): Value[] =>
  call.layer('move', { by: call.node.operator, to: shapes.map(layerShape), ...picked }, inputs, {
    shapes,
    types: types ?? shapes.map(() => inputs[0]?.type),
  });

/** A node whose work is not known; its shapes are. */
export const uncounted = (call: Call, inputs: readonly Value[], shapes: readonly Shape[], types?: Types): Value[] =>
  call.layer('unknown', { operator: call.node.operator, domain: call.node.domain, to: shapes.map(layerShape) }, inputs, {
    shapes,
    types: types ?? shapes.map(() => inputs[0]?.type),
  });

/** The same elements in another shape. */
export function reshapedTo(call: Call, x: Value, shape: Shape): Value[] {
  if (x.isConstant) return [viewed(x, shape)];
  if (countOf(shape) === 0) return movedTo(call, [x], [shape]);
  return call.layer('reshape', { to: layerShape(shape) }, [x], { shapes: [shape] });
}

/** The same elements in the same shape, maybe of another type. */
export const passedOn = (call: Call, x: Value, type = x.type): Value[] =>
  x.isConstant ? [viewed(x, x.shape, type)] : call.layer('identity', {}, [x], { shapes: [x.shape], types: [type] });

/** Elements picked from one known tensor that is no weight; `undefined` where that has to run. */
export function picked(x: Value, shape: Shape, offsetAt: (at: readonly number[]) => number): Value | undefined {
  if (!x.isConstant || isWeight(x) || countOf(shape) > MAX_FOLDED) return undefined;
  const elements = x.elements();
  if (elements === undefined) return undefined;
  const result: OnnxElement[] = [];
  eachPlace(shape, (at) => result.push(elements[offsetAt(at)] as OnnxElement));
  return known(x.type, shape, result);
}
