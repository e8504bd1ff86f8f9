import { elements as countElements, elementCount, formatShape, type Shape, sameShape } from '../../../core/shape.ts';
import type { IndexTensor } from '../../../operators/kit/attributes.ts';
import { pickedShape } from '../../../operators/kit/sources.ts';
import { nearestAlong } from '../../../operators/upsample.ts';
import { charge } from '../../../problems/allowance.ts';
import type { OnnxElement } from '../../file/model.ts';
import {
  axisIn,
  broadcastAll,
  broken,
  type Call,
  choice,
  decimal,
  has,
  input,
  int,
  ints,
  type ReadRule,
  type ReadRules,
  real,
  reals,
  shortest,
  textAttribute,
  unresolved,
} from '../../read/call.ts';
import { filled, folded, movedByData, moveLayer, passedOn, picked, pickedSomehow, uncounted } from '../../read/layers.ts';
import { settled, shapeIn, sizesIfAny, steering, steeringIfAny } from '../../read/steering.ts';

import { held, isWeight, known, numberIn, numbersIn, type ReadValue, reordered } from '../../read/value.ts';
import { paddingOf, readWindow } from '../../read/window.ts';

/** More indices are not kept: a graph holds no tensors. */
const MAX_INDICES = 4096;

/** Known indices that a move is to hold; `undefined` where they are too many, or not known. */
function heldIn({ shape }: ReadValue, places: readonly number[] | undefined): IndexTensor | undefined {
  if (places === undefined || places.length > MAX_INDICES || !places.every(Number.isSafeInteger)) return undefined;
  const nested = (axis: number, start: number): IndexTensor => {
    if (axis === shape.length) return places[start] as number;
    const inner = elementCount(shape.slice(axis + 1));
    return Array.from({ length: shape[axis] as number }, (_, i) => nested(axis + 1, start + i * inner));
  };
  return nested(0, 0);
}

/** Elements of a tensor by indices, which the layer holds where they are known. */
function pickedBy(call: Call, by: 'gather' | 'gatherelements', axis: number, x: ReadValue, indices: ReadValue): ReadValue[] {
  const result = folded({ by, axis }, [x, indices]);
  if (result !== undefined) return [result];
  if (!indices.isConstant) return moveLayer(call, { by, axis }, [x, indices]);
  const shape = pickedShape({ by, axis }, [x.shape, indices.shape]);
  if (elementCount(shape) === 0) return filled(call, [x], shape);
  const held = heldIn(indices, numbersIn(indices));
  return held === undefined ? pickedSomehow(call, [x], shape) : moveLayer(call, { by, axis, indices: held }, [x]);
}

const transpose: ReadRule = (call) => {
  const x = input(call, 0);
  const order = ints(call.node, 'perm') ?? x.shape.map((_, axis) => x.shape.length - 1 - axis);
  if (order.length !== x.shape.length || x.shape.some((_, axis) => !order.includes(axis)))
    throw broken(call.node, `${order.join(', ')} does not order ${x.shape.length} axes`);
  const shape = order.map((axis) => x.shape[axis] as number);
  if (isWeight(x)) return [reordered(x, order)];
  if (x.shape.length === 0) return passedOn(call, x);
  if (!x.isConstant && elementCount(shape) > 0) return call.layer('permute', { order }, [x], { shapes: [shape] });
  return picked(call, { by: 'transpose', order: [...order] }, [x]);
};

interface Cut {
  readonly axis: number;
  readonly start: number;
  readonly count: number;
  readonly step: number;
}

const clamp = (at: number, low: number, high: number): number => Math.min(Math.max(at, low), high);

/** What a slice keeps of one axis: bounds count from the end where negative, and are cut to the axis. */
function cutOf(size: number, axis: number, from: number, to: number, step: number): Cut {
  const [start, end] = [from < 0 ? from + size : from, to < 0 ? to + size : to];
  if (step > 0) {
    const first = clamp(start, 0, size);
    return { axis, start: first, step, count: Math.max(0, Math.ceil((clamp(end, 0, size) - first) / step)) };
  }
  const first = clamp(start, 0, size - 1);
  return { axis, start: first, step, count: Math.max(0, Math.ceil((clamp(end, -1, size - 1) - first) / step)) };
}

function sliced(call: Call, x: ReadValue, cuts: readonly Cut[]): ReadValue[] {
  const shape = [...x.shape];
  for (const { axis, count } of cuts) shape[axis] = count;
  const real = cuts.filter(({ axis, count, step }) => count !== x.shape[axis] || step < 0);
  if (real.length === 0) return passedOn(call, x);
  const [only] = real;
  if (!x.isConstant && real.length === 1 && only !== undefined && only.step > 0 && elementCount(shape) > 0) {
    const end = only.start + (only.count - 1) * only.step + 1;
    return call.layer('slice', { axis: only.axis, start: only.start, end, step: only.step }, [x]);
  }
  const [starts, steps] = [x.shape.map(() => 0), x.shape.map(() => 1)];
  for (const { axis, start, step } of cuts) {
    starts[axis] = start;
    steps[axis] = step;
  }
  return picked(call, { by: 'slice', start: starts, step: steps, to: [shape] }, [x]);
}

/** Bounds of a slice: exporters write 2^63 − 1 for the end of an axis, which no double is. */
function boundsIn(call: Call, index: number): number[] {
  const bounds = steering(call, index);
  const wrong = bounds.find((bound) => !Number.isInteger(bound));
  if (wrong !== undefined) throw broken(call.node, `it takes whole numbers, not ${wrong}`);
  return bounds;
}

const isOpen = (value: ReadValue | undefined): boolean => value !== undefined && numbersIn(value) === undefined;

/** Bounds that depend on data: as much as the axes have. */
function openSlice(call: Call, x: ReadValue): ReadValue[] {
  const axes = call.inputs[3] === undefined ? [...x.shape.keys()].slice(0, input(call, 1).shape[0] ?? 1) : numbersIn(call.inputs[3]);
  if (axes === undefined) throw unresolved(call.node, call.node.inputs[3] ?? '');
  checkDistinct(call, x, axes);
  return movedByData(call, [x], call.atMost([x.shape]));
}

/** That no axis is named twice, from the begin or from the end. */
function checkDistinct({ node }: Call, { shape }: ReadValue, axes: readonly number[]): void {
  const counted = axes.map((axis) => axisIn(node, axis, shape.length));
  const twice = counted.find((axis, at) => counted.indexOf(axis) !== at);
  if (twice !== undefined) throw broken(node, `it names axis ${twice} twice`);
}

const slice: ReadRule = (call) => {
  const x = input(call, 0);
  const isOld = call.opset < 10;
  if (!isOld && [1, 2, 3, 4].some((index) => isOpen(call.inputs[index]))) return openSlice(call, x);
  const starts = isOld ? (ints(call.node, 'starts') ?? []) : boundsIn(call, 1);
  const ends = isOld ? (ints(call.node, 'ends') ?? []) : boundsIn(call, 2);
  const axes = (isOld ? ints(call.node, 'axes') : sizesIfAny(call, 3)) ?? starts.map((_, axis) => axis);
  const steps = (isOld || call.inputs[4] === undefined ? undefined : boundsIn(call, 4)) ?? starts.map(() => 1);
  if (starts.length !== axes.length || ends.length !== axes.length || steps.length !== axes.length)
    throw broken(call.node, `it has ${starts.length} starts, ${ends.length} ends and ${steps.length} steps for ${axes.length} axes`);
  checkDistinct(call, x, axes);
  const cuts = axes.map((named, index) => {
    const axis = axisIn(call.node, named, x.shape.length);
    const [start, end, step] = [starts[index], ends[index], steps[index]];
    if (start === undefined || end === undefined || step === undefined || step === 0)
      throw broken(call.node, `it has no start, end and step for axis ${named}`);
    return cutOf(x.shape[axis] as number, axis, start, end, step);
  });
  return sliced(call, x, cuts);
};

/** The size of an axis that the tensor must have: a scalar has none. */
function sizeOf({ node }: Call, { shape }: ReadValue, axis: number): number {
  const size = shape[axis];
  if (size === undefined) throw broken(node, `there is no axis ${axis} in ${formatShape(shape)}`);
  return size;
}

/** That indices are within the axes that they name, in turn, where they are known. */
function checkIndices(call: Call, x: ReadValue, axes: readonly number[], indices: ReadValue): void {
  const places = indices.isConstant ? numbersIn(indices) : undefined;
  for (const [at, place] of places?.entries() ?? []) {
    const size = sizeOf(call, x, axes[at % axes.length] as number);
    if (!(place >= -size && place < size)) throw broken(call.node, `it asks for element ${place} of ${size}`);
  }
}

/** The axes that rows of indices name, behind those of the batch. */
function namedAxes(call: Call, x: ReadValue, indices: ReadValue, batch = 0): number[] {
  const depth = indices.shape.at(-1) ?? 0;
  if (depth + batch > x.shape.length || !(batch >= 0 && batch < Math.max(indices.shape.length, 1)))
    throw broken(call.node, `it picks by ${formatShape(indices.shape)} from ${formatShape(x.shape)} after ${batch} axes`);
  return Array.from({ length: depth }, (_, axis) => batch + axis);
}

/** That a split says what it does, and has an output for each part. */
function checkParts(call: Call, total: number, parts: number, given: readonly number[] | undefined): void {
  const { node, opset } = call;
  const isStated = has(node, 'num_outputs');
  if (given === undefined && opset < 18 && total % parts !== 0) throw broken(node, `it splits ${total} into ${parts} equal parts`);
  if (given === undefined && opset >= 18 && !isStated)
    throw broken(node, 'it says neither how many parts it makes, nor how large they are');
  if (given === undefined && isStated && parts > total) throw broken(node, `it splits ${total} into ${parts} parts`);
  if (given !== undefined && isStated) call.fault('it has both "split" and "num_outputs"');
  const made = given?.length ?? parts;
  if (made !== node.outputs.length) throw broken(node, `it makes ${made} parts, and has ${node.outputs.length} outputs`);
}

const split: ReadRule = (call) => {
  const x = input(call, 0);
  const axis = axisIn(call.node, int(call.node, 'axis') ?? 0, x.shape.length);
  const total = sizeOf(call, x, axis);
  const parts = int(call.node, 'num_outputs') ?? call.node.outputs.length;
  if (!Number.isSafeInteger(parts) || parts < 1) throw broken(call.node, `it splits into ${parts} parts`);
  charge('edges', parts);
  const given = call.opset < 13 ? ints(call.node, 'split') : steeringIfAny(call, 1);
  if (call.node.operator === 'Split') checkParts(call, total, parts, given);
  const chunk = Math.ceil(total / parts);
  const even = Array.from({ length: parts }, (_, index) => clamp(total - index * chunk, 0, chunk));
  const sizes = given ?? even;
  charge('edges', sizes.length);
  if (sizes.some((size) => !Number.isSafeInteger(size) || size < 0) || sizes.reduce((sum, size) => sum + size, 0) !== total)
    throw broken(call.node, `it splits ${total} into ${sizes.join(', ')}`);
  if (!x.isConstant && sizes.every((size) => size > 0)) return call.layer('split', { sizes: [...sizes], axis }, [x]);
  let start = 0;
  return sizes.flatMap((count) => {
    const cut = { axis, start, count, step: 1 };
    start += count;
    return sliced(call, x, [cut]);
  });
};

const concat: ReadRule = (call) => {
  const values = call.inputs.map((_, index) => input(call, index));
  const [first] = values;
  if (first === undefined) throw broken(call.node, 'it has no inputs');
  if (first.shape.length === 0) throw broken(call.node, 'it joins scalars, which have no axis');
  const axis = axisIn(call.node, int(call.node, 'axis') ?? 1, first.shape.length);
  sizeOf(call, first, axis);
  const parts = values.filter(({ shape }) => shape.length === first.shape.length);
  if (parts.length < values.length || parts.some(({ shape }) => !sameShape(shape.with(axis, 0), first.shape.with(axis, 0))))
    throw broken(call.node, `it joins ${values.map(({ shape }) => shape.join('×') || 'a scalar').join(', ')} along axis ${axis}`);
  const shape = first.shape.with(
    axis,
    values.reduce((sum, value) => sum + (value.shape[axis] as number), 0),
  );
  const all = values.every((value) => value.isConstant && !isWeight(value)) ? values.map((value) => value.elements()) : [undefined];
  if (all.every((elements) => elements !== undefined)) {
    charge('elements', elementCount(shape));
    const outer = elementCount(shape.slice(0, axis));
    const joined: OnnxElement[] = [];
    for (let row = 0; row < outer; row++)
      for (const elements of all) {
        const length = elements.length / Math.max(outer, 1);
        for (let i = 0; i < length; i++) joined.push(elements[row * length + i] as OnnxElement);
      }
    return [known(first.type, shape, joined)];
  }
  const full = values.filter((value) => countElements(value.shape) > 0n);
  const [only] = full;
  if (only === undefined) return filled(call, [first], shape);
  return full.length > 1 ? call.layer('concat', { axis }, full) : passedOn(call, only);
};

const gather: ReadRule = (call) => {
  const [x, indices] = [input(call, 0), input(call, 1)];
  const axis = axisIn(call.node, int(call.node, 'axis') ?? 0, x.shape.length);
  sizeOf(call, x, axis);
  checkIndices(call, x, [axis], indices);
  return pickedBy(call, 'gather', axis, x, indices);
};

const gatherElements: ReadRule = (call) => {
  const [x, indices] = [input(call, 0), input(call, 1)];
  const axis = axisIn(call.node, int(call.node, 'axis') ?? 0, x.shape.length);
  sizeOf(call, x, axis);
  checkIndices(call, x, [axis], indices);
  return pickedBy(call, 'gatherelements', axis, x, indices);
};

const gatherNd: ReadRule = (call) => {
  const [x, indices] = [input(call, 0), input(call, 1)];
  const batch = int(call.node, 'batch_dims') ?? 0;
  checkIndices(call, x, namedAxes(call, x, indices, batch), indices);
  return picked(call, { by: 'gathernd', batch }, [x, indices]);
};

/** Without a layer: known elements, or none at all. */
const isFixed = ({ isConstant, shape }: ReadValue): boolean => isConstant || shape.length !== 4 || elementCount(shape) === 0;

const JOINS: Partial<Record<string, string>> = { add: 'add', mul: 'multiply', max: 'maximum', min: 'minimum' };

/** The first input with some elements replaced, or joined with others. */
const scatter: ReadRule = (call) => {
  const values = [input(call, 0), input(call, 1), input(call, 2)] as const;
  const [x, indices, updates] = values;
  const isAlong = call.node.operator !== 'ScatterND';
  const axis: { axis?: number } = isAlong ? { axis: axisIn(call.node, int(call.node, 'axis') ?? 0, x.shape.length) } : {};
  checkIndices(call, x, axis.axis === undefined ? namedAxes(call, x, indices) : [axis.axis], indices);
  const reduction = textAttribute(call.node, 'reduction') ?? 'none';
  const by = JOINS[reduction];
  if (by === undefined && reduction !== 'none') call.fault(`its "reduction" is "${reduction}"`);
  if (by === undefined) return picked(call, isAlong ? { by: 'scatterelements', ...axis } : { by: 'scatternd' }, values);
  if (elementCount(updates.shape) === 0 || x.shape.length === 0) return passedOn(call, x);
  return call.layer('scatter', { by, ...axis }, [...values], { shapes: [x.shape] });
};

const expand: ReadRule = (call) => {
  const x = input(call, 0);
  const shape = broadcastAll(call.node, [x.shape, settled(call, () => shapeIn(call, 1))]);
  return sameShape(shape, x.shape) ? passedOn(call, x) : picked(call, { by: 'expand', to: [[...shape]] }, [x]);
};

const tile: ReadRule = (call) => {
  const x = input(call, 0);
  const declared = isOpen(input(call, 1)) ? call.declared(0) : undefined;
  if (declared !== undefined) return movedByData(call, [x], [declared]);
  const repeats = [...shapeIn(call, 1)];
  if (repeats.length !== x.shape.length && call.opset >= 6)
    throw broken(call.node, `it repeats ${repeats.length} axes, and its input has ${x.shape.length}`);
  const shape = x.shape.map((size, axis) => size * (repeats[axis] ?? 1));
  if (sameShape(shape, x.shape)) return passedOn(call, x);
  return elementCount(shape) === 0 ? filled(call, [x], shape) : picked(call, { by: 'tile', repeats }, [x]);
};

/** How much is added before and after each axis. */
function sidesOf(call: Call, x: ReadValue): [number, number][] {
  const rank = x.shape.length;
  const amounts = call.opset < 11 ? (ints(call.node, 'pads') ?? ints(call.node, 'paddings') ?? []) : boundsIn(call, 1);
  const axes = sizesIfAny(call, 3)?.map((axis) => axisIn(call.node, axis, rank)) ?? [...x.shape.keys()];
  if (amounts.length !== 2 * axes.length) throw broken(call.node, `it has ${amounts.length} pads for ${axes.length} axes`);
  const sides = x.shape.map((): [number, number] => [0, 0]);
  for (const [index, axis] of axes.entries()) sides[axis] = [amounts[index] as number, amounts[index + axes.length] as number];
  return sides;
}

/** The largest number of single precision: what is infinite is as good as that. */
const MOST = (2 - 2 ** -23) * 2 ** 127;

/** That there is something to repeat, and to mirror as much as is asked for. */
function checkSides({ node }: Call, mode: string, size: number, amounts: readonly number[]): void {
  const most = Math.max(...amounts);
  if (most > 0 && size === 0) throw broken(node, `it pads an axis of size 0 by "${mode}"`);
  if (mode === 'reflect' && most >= size && most > 0) throw broken(node, `it mirrors ${most} elements of ${size}`);
}

const pad: ReadRule = (call) => {
  const x = input(call, 0);
  const declared = isOpen(call.inputs[1]) || isOpen(call.inputs[3]) ? call.declared(0) : undefined;
  if (declared !== undefined) return movedByData(call, [x], [declared]);
  const sides = sidesOf(call, x);
  const shape = x.shape.map((size, axis) => size + (sides[axis] as [number, number])[0] + (sides[axis] as [number, number])[1]);
  if (shape.some((size) => size < 0)) throw broken(call.node, `it leaves ${shape.join('×')}`);
  const mode = choice(call.node, 'mode', ['constant', 'edge', 'reflect', 'wrap']);
  for (const [axis, amounts] of mode === 'constant' ? [] : sides.entries()) checkSides(call, mode, x.shape[axis] as number, amounts);
  const fill = call.opset < 11 ? (real(call.node, 'value') ?? 0) : call.inputs[2] === undefined ? 0 : numberIn(call.inputs[2]);
  const filling = fill === undefined || fill === 0 || Number.isNaN(fill) ? {} : { value: clamp(fill, -MOST, MOST) };
  if (x.shape.length === 0) return passedOn(call, x);
  if (fill === undefined && x.isConstant) return pickedSomehow(call, [x], shape);
  const [batch = [], ...others] = sides;
  const isPlain =
    mode === 'constant' && others.length > 0 && batch.every((amount) => amount === 0) && others.flat().every((amount) => amount >= 0);
  if (isPlain && (!x.isConstant || isWeight(x)) && elementCount(x.shape) > 0) return call.layer('pad', { amount: others, ...filling }, [x]);
  return picked(call, { by: 'pad', mode, amount: sides, ...filling }, [x]);
};

/** Known elements are moved at once; what flows, by a layer. */
const depthToSpace: ReadRule = (call) => {
  const x = input(call, 0);
  const [block, mode] = [int(call.node, 'blocksize') ?? 1, choice(call.node, 'mode', ['DCR', 'CRD'])] as const;
  if (isFixed(x)) return picked(call, { by: 'depthtospace', block, mode }, [x]);
  return call.layer('pixelshuffle', { factor: block, mode }, [x]);
};

const spaceToDepth: ReadRule = (call) => {
  const x = input(call, 0);
  const block = int(call.node, 'blocksize') ?? 1;
  if (isFixed(x)) return picked(call, { by: 'spacetodepth', block }, [x]);
  return call.layer('pixelunshuffle', { factor: block, mode: 'DCR' }, [x]);
};

const trilu: ReadRule = (call) => {
  const x = input(call, 0);
  const diagonal = call.inputs[1] === undefined ? 0 : numberIn(call.inputs[1]);
  if (diagonal === undefined) return pickedSomehow(call, [x], x.shape);
  return picked(call, { by: 'trilu', mode: (int(call.node, 'upper') ?? 1) === 1 ? 'upper' : 'lower', diagonal }, [x]);
};

const oneHot: ReadRule = (call) => {
  // What is on and what is off is not learned.
  const [indices, values] = [input(call, 0), held(input(call, 2))];
  if (indices.shape.length === 0) throw broken(call.node, 'it takes a list of indices, not a scalar');
  const axis = axisIn(call.node, int(call.node, 'axis') ?? -1, indices.shape.length + 1);
  const shape = settled(call, () => indices.shape.toSpliced(axis, 0, steering(call, 1)[0] as number));
  return picked(call, { by: 'onehot', axis, depth: shape[axis] as number }, [indices, values], values.type);
};

/** The elements of these numbers, or the parts along an axis. */
function kept(call: Call, x: ReadValue, axis: number | undefined, places: number[]): ReadValue[] {
  if (axis !== undefined) sizeOf(call, x, axis);
  const shape = axis === undefined ? [places.length] : x.shape.with(axis, places.length);
  if (elementCount(shape) === 0) return filled(call, [x], shape);
  if (places.length > MAX_INDICES && !x.isConstant) return pickedSomehow(call, [x], shape);
  return picked(call, { by: 'compress', indices: places, ...(axis !== undefined && { axis }) }, [x]);
}

/** How many elements a condition keeps follows from its elements. */
const compress: ReadRule = (call) => {
  const x = input(call, 0);
  const named = int(call.node, 'axis');
  const axis = named === undefined ? undefined : axisIn(call.node, named, x.shape.length);
  if (isOpen(input(call, 1))) {
    const most = input(call, 1).shape[0] ?? 0;
    const bound =
      axis === undefined ? [Math.min(most, elementCount(x.shape))] : x.shape.with(axis, Math.min(most, x.shape[axis] as number));
    return movedByData(call, [x, input(call, 1)], call.atMost([bound]));
  }
  const condition = steering(call, 1);
  const places = [...condition.keys()].filter((place) => condition[place] !== 0);
  return kept(call, x, axis, places);
};

const unique: ReadRule = (call) => {
  const x = input(call, 0);
  const elements = x.elements();
  const named = int(call.node, 'axis');
  const axis = named === undefined ? undefined : axisIn(call.node, named, x.shape.length);
  if (elements === undefined) {
    const most = axis === undefined ? elementCount(x.shape) : (x.shape[axis] as number);
    const bounds = [axis === undefined ? [most] : x.shape, [most], [most], [most]].slice(0, call.node.outputs.length);
    return movedByData(call, [x], call.atMost(bounds), [x.type, 'int64', 'int64', 'int64']);
  }
  const inner = axis === undefined ? 1 : elementCount(x.shape.slice(axis + 1));
  const length = axis === undefined ? elements.length : sizeOf(call, x, axis);
  // Sorting, and a group for each.
  charge('elements', 8 * elements.length);
  const groups = Array.from({ length }, (): OnnxElement[] => []);
  for (const [i, element] of elements.entries()) groups[Math.floor(i / inner) % Math.max(length, 1)]?.push(element);
  const places = new Map<string, number[]>();
  for (const [place, group] of groups.entries()) {
    const key = group.join();
    const same = places.get(key);
    if (same === undefined) places.set(key, [place]);
    else same.push(place);
  }
  const found = [...places.values()];
  const firstOf = ([first = 0]: readonly number[]) => groups[first] as readonly OnnxElement[];
  if ((int(call.node, 'sorted') ?? 1) === 1) found.sort((a, b) => inOrder(firstOf(a), firstOf(b)));
  const firsts = found.map(([first]) => first as number);
  const [y] = kept(call, x, axis, firsts);
  const inverse = new Array<number>(groups.length);
  for (const [index, all] of found.entries()) for (const place of all) inverse[place] = index;
  const lists = [firsts, inverse, found.map((all) => all.length)];
  return [y as ReadValue, ...lists.map((list) => known('int64', [list.length], list))];
};

/** Which of two lists comes first, by the first element that differs. */
function inOrder(a: readonly OnnxElement[], b: readonly OnnxElement[]): number {
  const at = a.findIndex((element, i) => element !== b[i]);
  return at === -1 ? 0 : (a[at] as OnnxElement) < (b[at] as OnnxElement) ? -1 : 1;
}

const reverseSequence: ReadRule = (call) => {
  const [x, lengths] = [input(call, 0), input(call, 1)];
  const [axis, batch] = [int(call.node, 'time_axis') ?? 0, int(call.node, 'batch_axis') ?? 1];
  if (axis === batch || axis + batch !== 1) throw broken(call.node, `its sequences cannot be along axis ${axis} of batches along ${batch}`);
  const longest = Math.max(0, ...(numbersIn(lengths) ?? []));
  if (longest > (x.shape[axis] as number)) throw broken(call.node, `it turns ${longest} steps of ${x.shape[axis]} round`);
  return picked(call, { by: 'reversesequence', axis }, [x, lengths]);
};

const MODES = { nearest: 'nearest', linear: 'linear', bilinear: 'linear', cubic: 'cubic' } as const;

/** An input that may be there, and empty where it says nothing. */
function numbersAt(call: Call, index: number): readonly number[] | undefined {
  const found = steeringIfAny(call, index);
  return found === undefined || found.length === 0 ? undefined : found;
}

/** Sizes that are given; a policy keeps their ratio, so that none is larger, or none smaller, than asked for. */
function fitted({ node }: Call, x: Shape, axes: readonly number[], sizes: readonly number[]): Shape {
  const policy = textAttribute(node, 'keep_aspect_ratio_policy') ?? 'stretch';
  const ratios = axes.map((axis, i) => (sizes[i] as number) / (x[axis] as number));
  const ratio = policy === 'not_larger' ? Math.min(...ratios) : Math.max(...ratios);
  const shape = [...x];
  for (const [i, axis] of axes.entries())
    shape[axis] = policy === 'stretch' ? (sizes[i] as number) : Math.round(ratio * (x[axis] as number));
  return shape;
}

/** So that a scale like 0.6 of 10 is 6. */
const ROUNDING = 1e-5;

/** A shape that was computed, if it is one. */
function wholeShape({ node }: Call, shape: Shape): Shape {
  if (shape.some((size) => !Number.isSafeInteger(size) || size < 0)) throw broken(node, `it makes a shape of ${shape.join('×')}`);
  return shape;
}

/** Which input has the scales. */
const scalesAt = ({ node, opset }: Call): number => (opset < 11 || node.operator === 'Upsample' ? 1 : 2);

/** Sizes of the output of a resize, from its scales or its sizes. */
function resizedShape(call: Call, x: Shape): Shape {
  const { node, opset } = call;
  const axes = ints(node, 'axes')?.map((axis) => axisIn(node, axis, x.length)) ?? [...x.keys()];
  const scales = node.operator === 'Upsample' && opset < 9 ? reals(node, 'scales') : numbersAt(call, scalesAt(call));
  const sizes = scales === undefined ? numbersAt(call, 3) : undefined;
  if (scales !== undefined && opset >= 11 && numbersAt(call, 3) !== undefined) call.fault('it has both scales and sizes');
  if (sizes !== undefined && sizes.length !== axes.length) throw broken(node, `it has ${sizes.length} sizes for ${axes.length} axes`);
  if (scales !== undefined && scales.length !== axes.length) throw broken(node, `it has ${scales.length} scales for ${axes.length} axes`);
  if (scales?.some((scale) => !(scale > 0))) throw broken(node, `it scales by ${scales.join('×')}`);
  if (sizes?.some((one, i) => one === 0 && x[axes[i] as number] !== 0)) throw broken(node, `it makes ${sizes.join('×')} of ${x.join('×')}`);
  if (sizes !== undefined) return wholeShape(call, fitted(call, x, axes, sizes));
  if (scales === undefined) throw broken(node, 'it has neither scales nor sizes');
  const roi = textAttribute(node, 'coordinate_transformation_mode') === 'tf_crop_and_resize' ? numbersAt(call, 1) : undefined;
  const shape = [...x];
  for (const [i, axis] of axes.entries()) {
    const part = roi === undefined ? 1 : (roi[i + axes.length] as number) - (roi[i] as number);
    shape[axis] = Math.floor((x[axis] as number) * part * (scales[i] ?? 1) + ROUNDING);
  }
  return wholeShape(call, shape);
}

/** The scale where that is not how the sizes compare: elements are as far apart as it says. */
function resizing(call: Call, x: Shape, shape: Shape, from = 2): { size: Shape } | { scale: readonly number[] } {
  const { node, opset } = call;
  const scales = node.operator === 'Upsample' && opset < 9 ? reals(node, 'scales') : numbersAt(call, scalesAt(call));
  const given = scales?.map(shortest);
  const isPlain = given === undefined || given.length !== x.length || ints(node, 'axes') !== undefined;
  const isSame = isPlain || given.every((scale, axis) => (x[axis] as number) * scale === shape[axis]);
  const fits = !isPlain && given.every((scale, axis) => Math.floor((x[axis] as number) * scale) === shape[axis]);
  return isSame || !fits ? { size: shape.slice(from) } : { scale: given.slice(from) };
}

const COORDINATES = [
  'half_pixel',
  'half_pixel_symmetric',
  'pytorch_half_pixel',
  'align_corners',
  'asymmetric',
  'tf_crop_and_resize',
  'tf_half_pixel_for_nn',
] as const;

const ROUNDINGS: Partial<Record<string, string>> = {
  round_prefer_floor: 'prefer_floor',
  round_prefer_ceil: 'prefer_ceil',
  floor: 'floor',
  ceil: 'ceil',
};

/** Where outputs lie, as far as it is not what it is without attributes. Before opset 11 elements begin at their place. */
function sampling(call: Call, rank: number, mode: 'nearest' | 'linear' | 'cubic'): object {
  const { node, opset } = call;
  const named = opset < 11 ? 'asymmetric' : choice(node, 'coordinate_transformation_mode', COORDINATES);
  const coordinates = named === 'tf_crop_and_resize' ? 'crop' : named;
  const isUsual = coordinates === (mode === 'nearest' ? 'asymmetric' : 'half_pixel');
  const rounding = ROUNDINGS[opset < 11 ? 'floor' : (textAttribute(node, 'nearest_mode') ?? 'round_prefer_floor')];
  const roi = coordinates === 'crop' ? numbersAt(call, 1)?.map(shortest) : undefined;
  return {
    ...(!isUsual && { coordinates }),
    ...(mode === 'nearest' && { rounding }),
    ...(mode === 'cubic' && { swing: decimal(node, 'cubic_coeff_a'), exclude: int(node, 'exclude_outside') === 1 }),
    ...(coordinates === 'crop' && { beyond: decimal(node, 'extrapolation_value') }),
    ...(roi?.length === 2 * rank && { region: [...roi.slice(2, rank), ...roi.slice(rank + 2)] }),
  };
}

interface Sampling {
  readonly coordinates?: Parameters<typeof nearestAlong>[0];
  readonly rounding?: Parameters<typeof nearestAlong>[1];
}

/** The nearest element along each axis of a tensor that is no image. */
function nearest(call: Call, x: ReadValue, shape: Shape): ReadValue[] {
  const { coordinates = 'asymmetric', rounding = 'floor' } = sampling(call, x.shape.length, 'nearest') as Sampling;
  const scaled = resizing(call, x.shape, shape, 0);
  if (elementCount(shape) === 0) return filled(call, [x], shape);
  if (x.shape.length === 0) return passedOn(call, x);
  const axes = x.shape.map((size, axis) => {
    const out = shape[axis] as number;
    return { size, out, step: 'scale' in scaled ? 1 / (scaled.scale[axis] as number) : size / out, region: [0, 1] as const };
  });
  const isHeld = coordinates !== 'crop' && shape.reduce((sum, size) => sum + size, 0) <= MAX_INDICES;
  if (!isHeld) return pickedSomehow(call, [x], shape);
  return picked(call, { by: 'resize', indices: axes.map((axis) => nearestAlong(coordinates, rounding, axis)) }, [x]);
}

const resize: ReadRule = (call) => {
  const x = input(call, 0);
  const isKnown = [1, 2, 3].every((index) => !isOpen(call.inputs[index]));
  const shape = settled(call, () => resizedShape(call, x.shape));
  const mode = MODES[choice(call.node, 'mode', ['nearest', 'linear', 'bilinear', 'cubic'])];
  const isSpatial = x.shape.length >= 3 && x.shape.length <= 5 && sameShape(x.shape.slice(0, 2), shape.slice(0, 2));
  if (isSpatial && mode !== undefined && elementCount(shape) > 0 && !x.isConstant) {
    const scaling = isKnown ? { ...resizing(call, x.shape, shape), ...sampling(call, x.shape.length, mode) } : { size: shape.slice(2) };
    return call.layer('upsample', { mode, ...scaling }, [x]);
  }
  if (mode !== 'nearest') return uncounted(call, [x], [shape]);
  return isKnown ? nearest(call, x, shape) : movedByData(call, [x], [shape]);
};

const centerCropPad: ReadRule = (call) => {
  const x = input(call, 0);
  const axes = ints(call.node, 'axes')?.map((axis) => axisIn(call.node, axis, x.shape.length)) ?? [...x.shape.keys()];
  const shape = settled(call, () => {
    const sizes = steering(call, 1);
    return x.shape.map((size, axis) => (axes.includes(axis) ? (sizes[axes.indexOf(axis)] ?? size) : size));
  });
  return x.shape.length === 0 ? passedOn(call, x) : picked(call, { by: 'centercroppad', to: [[...shape]] }, [x]);
};

/** Layers have at most three spatial axes. */
const col2im: ReadRule = (call) => {
  const x = input(call, 0);
  const [size, kernel] = [shapeIn(call, 1), shapeIn(call, 2)];
  const [n, c] = x.shape as [number, number];
  if (size.length > 3) return uncounted(call, [x], [wholeShape(call, [n, c / elementCount(kernel), ...size])]);
  const window = { kernel, ...readWindow(call.node, size.length), padding: paddingOf(call.node, size.length) };
  return call.layer('fold', { size, ...window }, [x]);
};

/** What only moves elements: free by declaration. */
export const moving: ReadRules = {
  Transpose: transpose,
  Slice: slice,
  Split: split,
  Concat: concat,
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherNd,
  Scatter: scatter,
  ScatterElements: scatter,
  ScatterND: scatter,
  Expand: expand,
  Tile: tile,
  Pad: pad,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  Trilu: trilu,
  OneHot: oneHot,
  Compress: compress,
  Unique: unique,
  ReverseSequence: reverseSequence,
  Resize: resize,
  Upsample: resize,
  CenterCropPad: centerCropPad,
  Col2Im: col2im,
  // A cache of fixed length, of which some positions are replaced.
  TensorScatter: (call) => movedByData(call, [input(call, 0), input(call, 1)], [input(call, 0).shape]),
};
