import { broadcastOffset, offsetIn, offsetOf, type Place, placeAt, stridesOf } from '../../core/places.ts';
import { broadcast, elementCount, type Shape, sameShape } from '../../core/shape.ts';
import { fail } from '../../problems/problem.ts';
import type { IndexTensor } from './attributes.ts';
import { axisOf } from './axes.ts';
import { inBlocks, inChannels } from './blocks.ts';
import { around, inside, mirrored } from './edges.ts';
import type { Pick, PickBy, PickName } from './pick.ts';

/**
 * From where each element of an output comes, for each way to pick: the only place that says so. Kernels run by it, constants of ONNX
 * files are folded by it, exports write its table of indices; and the shape of the output follows from it.
 */

/** An element of an input, or a number that is filled in. */
export type ElementSource = { readonly input: number; readonly offset: number } | { readonly fill: number };
export type SourceAt = (at: Place, offset: number) => ElementSource;

/** Elements of inputs that say where others are: read as whole numbers, or as whether they are not 0. */
export interface Steering {
  wholes(input: number): readonly number[];
  truths(input: number): readonly boolean[];
}

interface Picking<P> {
  /** How many inputs it takes, at least and at the most. */
  inputs(pick: P): readonly [min: number, max: number];
  /** The shape of the output. */
  shape(pick: P, inputs: readonly Shape[]): Shape;
  sources(pick: P, inputs: readonly Shape[], to: Shape, steering: Steering): SourceAt;
}

const from = (input: number, offset: number): ElementSource => ({ input, offset });
const ZERO: ElementSource = { fill: 0 };
const ONE: ElementSource = { fill: 1 };

const exactly = (count: number) => (): readonly [number, number] => [count, count];

const shapeAt = (shapes: readonly Shape[], input: number): Shape => shapes[input] as Shape;

function misfit(by: string, rule: string, shapes: readonly Shape[]): never {
  throw fail('SHAPES_DO_NOT_FIT', { operator: `move by ${by}`, rule, shapes });
}

/** The shape that is asked for, which has to be one. */
function target({ by, to }: { readonly by: string; readonly to: readonly Shape[] }): Shape {
  if (to.length !== 1)
    throw fail('CONTRADICTION', { message: `move by ${by} has one output, but "to" has ${to.length} shapes. Give one` }, 'to');
  return to[0] as Shape;
}

/** The first shape that is stated, where one is. */
const statedIn = ({ to }: { readonly to?: readonly Shape[] | undefined }): Shape | undefined => to?.[0];

function shapeOfIndices(indices: IndexTensor): Shape {
  if (typeof indices === 'number') return [];
  const parts = indices.map(shapeOfIndices);
  const [first = []] = parts;
  if (parts.some((part) => !sameShape(part, first)))
    throw fail('CONTRADICTION', { message: 'Lists in "indices" are not equally long. Make them so' }, 'indices');
  return [parts.length, ...first];
}

const flat = (indices: IndexTensor): number[] => (typeof indices === 'number' ? [indices] : indices.flatMap(flat));

type Indexed = { readonly indices?: IndexTensor | undefined };

const shapeIn = ({ indices }: Indexed, shapes: readonly Shape[]): Shape =>
  indices === undefined ? shapeAt(shapes, 1) : shapeOfIndices(indices);
const numbersIn = ({ indices }: Indexed, steering: Steering): readonly number[] =>
  indices === undefined ? steering.wholes(1) : flat(indices);
const oneOrTwo = ({ indices }: Indexed): readonly [number, number] => (indices === undefined ? [2, 2] : [1, 1]);

const gather: Picking<PickBy<'gather'>> = {
  inputs: oneOrTwo,
  shape(pick, shapes) {
    const x = shapeAt(shapes, 0);
    const axis = axisOf(pick.axis, x);
    const size = x[axis] as number;
    const wrong = flat(pick.indices ?? []).find((index) => index < -size || index >= size);
    if (wrong !== undefined) misfit(pick.by, `axis ${axis} has no element ${wrong}`, [x]);
    return [...x.slice(0, axis), ...shapeIn(pick, shapes), ...x.slice(axis + 1)];
  },
  sources(pick, [x], _, steering) {
    const shape = x as Shape;
    const axis = axisOf(pick.axis, shape);
    const indices = numbersIn(pick, steering);
    const [size, inner] = [shape[axis] as number, elementCount(shape.slice(axis + 1))];
    return (__, offset) => {
      const index = indices[Math.floor(offset / inner) % indices.length] as number;
      return from(0, (Math.floor(offset / (inner * indices.length)) * size + around(index, size)) * inner + (offset % inner));
    };
  },
};

/** Whether one shape is within the other along all axes but one. */
const isWithin = (part: Shape, whole: Shape, axis: number): boolean =>
  part.length === whole.length && part.every((size, i) => i === axis || size <= (whole[i] as number));

const gatherElements: Picking<PickBy<'gatherelements'>> = {
  inputs: oneOrTwo,
  shape(pick, shapes) {
    const [x, indices] = [shapeAt(shapes, 0), shapeIn(pick, shapes)];
    if (!isWithin(indices, x, axisOf(pick.axis, x)))
      misfit(pick.by, 'indices must have as many axes, and be no larger along the other axes', [x, indices]);
    return indices;
  },
  sources(pick, [x], _, steering) {
    const shape = x as Shape;
    const axis = axisOf(pick.axis, shape);
    const indices = numbersIn(pick, steering);
    return (at, offset) => from(0, offsetOf(shape, at.with(axis, around(indices[offset] as number, shape[axis] as number))));
  },
};

/** How many elements are before the part of a tensor that each row of indices names, behind so many axes of a batch. */
function startsOf(
  shape: Shape,
  rowsShape: Shape,
  rows: readonly number[],
  batch: number,
): { readonly starts: readonly number[]; readonly length: number } {
  const depth = rowsShape.at(-1) as number;
  const sizes = shape.slice(batch, batch + depth);
  const length = elementCount(shape.slice(batch + depth));
  const count = elementCount(rowsShape.slice(0, -1));
  const perItem = count / elementCount(shape.slice(0, batch));
  const starts = Array.from({ length: count }, (_, row) => {
    const at = sizes.map((size, axis) => around(rows[row * depth + axis] as number, size));
    return (Math.floor(row / perItem) * elementCount(sizes) + offsetOf(sizes, at)) * length;
  });
  return { starts, length };
}

/** The shape of the parts that rows of indices name. */
function shapeOfParts(by: string, x: Shape, indices: Shape, batch = 0): Shape {
  const depth = indices.at(-1) ?? 0;
  const isBatched = sameShape(x.slice(0, batch), indices.slice(0, batch)) && batch < indices.length;
  if (indices.length === 0 || depth < 1 || batch + depth > x.length || !isBatched)
    misfit(by, 'the last axis of the indices names places along the first axes behind the batch', [x, indices]);
  return [...indices.slice(0, -1), ...x.slice(batch + depth)];
}

const gatherNd: Picking<PickBy<'gathernd'>> = {
  inputs: exactly(2),
  shape: ({ by, batch }, shapes) => shapeOfParts(by, shapeAt(shapes, 0), shapeAt(shapes, 1), batch),
  sources({ batch }, [x, indices], _, steering) {
    const { starts, length } = startsOf(x as Shape, indices as Shape, steering.wholes(1), batch);
    return (__, offset) => from(0, (starts[Math.floor(offset / length)] as number) + (offset % length));
  },
};

/** The first input, with some elements replaced by those of another. */
const replaced =
  (by: ReadonlyMap<number, number>, input: number): SourceAt =>
  (_, offset) => {
    const update = by.get(offset);
    return update === undefined ? from(0, offset) : from(input, update);
  };

const targetsOf = (targets: readonly number[]): ReadonlyMap<number, number> => new Map(targets.map((target, update) => [target, update]));

/** The element that each index names along an axis, at its own place along the others. */
export function targetsAlong(shape: Shape, indicesShape: Shape, indices: readonly number[], axis: number): number[] {
  const place = placeAt(indicesShape);
  return indices.map((index, offset) => offsetOf(shape, place(offset).with(axis, around(index, shape[axis] as number))));
}

/** All elements of the parts that rows of indices name. */
export function targetsOfRows(shape: Shape, rowsShape: Shape, rows: readonly number[]): number[] {
  const { starts, length } = startsOf(shape, rowsShape, rows, 0);
  return starts.flatMap((start) => Array.from({ length }, (_, i) => start + i));
}

/** Checks that there is an update for each index. */
export function checkUpdatesAlong(by: string, axis: number, [x, indices, updates]: readonly [Shape, Shape, Shape]): void {
  if (!isWithin(indices, x, axis) || !sameShape(indices, updates))
    misfit(by, 'indices and updates must have one shape, no larger than the first input along other axes', [x, indices, updates]);
}

/** Checks that there is an update for each row of indices. */
export function checkUpdatesOfRows(by: string, [x, indices, updates]: readonly [Shape, Shape, Shape]): void {
  if (!isAlike(shapeOfParts(by, x, indices), updates))
    misfit(by, 'the last axis of the indices names places along the first axes, and updates are what is left there', [x, indices, updates]);
}

type ThreeShapes = readonly [Shape, Shape, Shape];

const scatterElements: Picking<PickBy<'scatterelements'>> = {
  inputs: exactly(3),
  shape({ by, axis }, shapes) {
    const x = shapeAt(shapes, 0);
    checkUpdatesAlong(by, axisOf(axis, x), shapes as unknown as ThreeShapes);
    return x;
  },
  sources: ({ axis }, [x, indices], _, steering) =>
    replaced(targetsOf(targetsAlong(x as Shape, indices as Shape, steering.wholes(1), axisOf(axis, x as Shape))), 2),
};

const scatterNd: Picking<PickBy<'scatternd'>> = {
  inputs: exactly(3),
  shape({ by }, shapes) {
    checkUpdatesOfRows(by, shapes as unknown as ThreeShapes);
    return shapeAt(shapes, 0);
  },
  sources: (_, [x, indices], __, steering) => replaced(targetsOf(targetsOfRows(x as Shape, indices as Shape, steering.wholes(1))), 2),
};

const expand: Picking<PickBy<'expand'>> = {
  inputs: exactly(1),
  shape(pick, shapes) {
    const [x, to] = [shapeAt(shapes, 0), target(pick)];
    const both = broadcast(x, to);
    if (both === undefined || !sameShape(both, to)) misfit(pick.by, 'only axes of size 1 are repeated', [x, to]);
    return to;
  },
  sources:
    (_, [x]) =>
    (at) =>
      from(0, broadcastOffset(x as Shape, at)),
};

const tile: Picking<PickBy<'tile'>> = {
  inputs: exactly(1),
  shape(pick, shapes) {
    const x = shapeAt(shapes, 0);
    const { repeats } = pick;
    const to = repeats === undefined ? statedIn(pick) : repeats.map((times, axis) => times * (x[axis - repeats.length + x.length] ?? 1));
    if (to === undefined) throw fail('MISSING_KEY', { key: 'repeats', owner: 'move by tile', expected: 'how often along each axis' });
    const missing = to.length - x.length;
    if (missing < 0 || x.some((size, axis) => (to[axis + missing] as number) % size !== 0))
      misfit(pick.by, 'each axis is repeated whole', [x, to]);
    return to;
  },
  sources: (_, [x], to) => {
    const shape = x as Shape;
    const missing = to.length - shape.length;
    return (at) =>
      from(
        0,
        offsetOf(
          shape,
          shape.map((size, axis) => (at[axis + missing] as number) % size),
        ),
      );
  },
};

/** The shape that all inputs broadcast to. */
function joined({ by }: { readonly by: string }, shapes: readonly Shape[]): Shape {
  return broadcast(...shapes) ?? misfit(by, 'sizes must be equal, or 1, axis by axis from the last', shapes);
}

const where: Picking<PickBy<'where'>> = {
  inputs: exactly(3),
  shape: joined,
  sources(_, shapes, __, steering) {
    const truths = steering.truths(0);
    return (at) => {
      const input = truths[broadcastOffset(shapeAt(shapes, 0), at)] ? 1 : 2;
      return from(input, broadcastOffset(shapeAt(shapes, input), at));
    };
  },
};

const slice: Picking<PickBy<'slice'>> = {
  inputs: exactly(1),
  shape(pick, shapes) {
    const [x, to] = [shapeAt(shapes, 0), target(pick)];
    const { start, step } = pick;
    if ([start, step, to].some(({ length }) => length !== x.length))
      misfit(pick.by, '"start", "step" and "to" have a number for each axis', [x, to]);
    for (const [axis, size] of x.entries()) {
      const [first, count] = [start[axis] as number, to[axis] as number];
      const last = first + (count - 1) * (step[axis] as number);
      if (count > 0 && [first, last].some((place) => place < 0 || place >= size))
        throw fail('BOUNDS_OUTSIDE', { start: Math.min(first, last), end: Math.max(first, last) + 1, size }, 'start');
    }
    return to;
  },
  sources({ start, step }, [x]) {
    const strides = stridesOf(x as Shape);
    const first = offsetIn(strides, start);
    const steps = strides.map((stride, axis) => stride * (step[axis] as number));
    return (at) => from(0, first + offsetIn(steps, at));
  },
};

const transpose: Picking<PickBy<'transpose'>> = {
  inputs: exactly(1),
  shape({ order }, shapes) {
    const x = shapeAt(shapes, 0);
    if (order.length !== x.length || x.some((_, axis) => !order.includes(axis)))
      throw fail('NOT_A_PERMUTATION', { order, rank: x.length }, 'order');
    return order.map((axis) => x[axis] as number);
  },
  sources({ order }, [x]) {
    const strides = stridesOf(x as Shape);
    const steps = order.map((axis) => strides[axis] as number);
    return (at) => from(0, offsetIn(steps, at));
  },
};

/** An image, `[n, c, h, w]`. */
type Image = readonly [n: number, c: number, h: number, w: number];

function imageIn(by: string, shapes: readonly Shape[]): Image {
  const x = shapeAt(shapes, 0);
  if (x.length !== 4) throw fail('WRONG_RANK', { operator: `move by ${by}`, expected: 'an image [n, c, h, w]', shape: x });
  return x as unknown as Image;
}

/** How many pixels one becomes along an axis, as said, or as the heights tell. */
function blockOf(by: string, block: number | undefined, small: number | undefined, large: number | undefined): number {
  const found = block ?? (large as number) / (small as number);
  if (!Number.isInteger(found) || found < 1)
    throw fail('MISSING_KEY', { key: 'block', owner: `move by ${by}`, expected: 'how many pixels one has along each axis' });
  return found;
}

const blockOut = ({ by, block, to }: PickBy<'depthtospace'>, [, , h]: Image): number => blockOf(by, block, h, to?.[0]?.[2]);
const blockIn = ({ by, block, to }: PickBy<'spacetodepth'>, [, , h]: Image): number => blockOf(by, block, to?.[0]?.[2], h);

const depthToSpace: Picking<PickBy<'depthtospace'>> = {
  inputs: exactly(1),
  shape(pick, shapes) {
    const [n, c, h, w] = imageIn(pick.by, shapes);
    const block = blockOut(pick, [n, c, h, w]);
    if (c % block ** 2 !== 0)
      throw fail('DOES_NOT_DIVIDE', { what: 'channels', total: c, parts: 'block × block', divisor: block ** 2 }, 'block');
    return [n, c / block ** 2, h * block, w * block];
  },
  sources(pick, shapes, [, channels]) {
    const x = imageIn(pick.by, shapes);
    const block = blockOut(pick, x);
    return (at) => from(0, offsetOf(x, inChannels(pick.mode, block, at, channels as number)));
  },
};

const spaceToDepth: Picking<PickBy<'spacetodepth'>> = {
  inputs: exactly(1),
  shape(pick, shapes) {
    const [n, c, h, w] = imageIn(pick.by, shapes);
    const block = blockIn(pick, [n, c, h, w]);
    for (const total of [h, w])
      if (total % block !== 0) throw fail('DOES_NOT_DIVIDE', { what: 'pixels', total, parts: 'block', divisor: block }, 'block');
    return [n, c * block ** 2, h / block, w / block];
  },
  sources(pick, shapes) {
    const x = imageIn(pick.by, shapes);
    const block = blockIn(pick, x);
    return (at) => from(0, offsetOf(x, inBlocks('DCR', block, at, x[1])));
  },
};

const trilu: Picking<PickBy<'trilu'>> = {
  inputs: exactly(1),
  shape({ by }, shapes) {
    const x = shapeAt(shapes, 0);
    if (x.length < 2) throw fail('WRONG_RANK', { operator: `move by ${by}`, expected: 'matrices', shape: x });
    return x;
  },
  sources:
    ({ mode, diagonal }) =>
    (at, offset) => {
      const above = (at.at(-1) as number) - (at.at(-2) as number) - diagonal;
      return (mode === 'lower' ? above <= 0 : above >= 0) ? from(0, offset) : ZERO;
    },
};

/** Where the new axis is. */
const newAxis = ({ axis }: PickBy<'onehot'>, x: Shape): number => axisOf(axis, [...x, 1]);

const oneHot: Picking<PickBy<'onehot'>> = {
  inputs: () => [1, 2],
  shape(pick, shapes) {
    const [x, values] = [shapeAt(shapes, 0), shapes[1]];
    if (values !== undefined && elementCount(values) !== 2) misfit(pick.by, 'the second has two values, for off and for on', [x, values]);
    const axis = newAxis(pick, x);
    const depth = pick.depth ?? statedIn(pick)?.[axis];
    if (depth === undefined) throw fail('MISSING_KEY', { key: 'depth', owner: 'move by onehot', expected: 'the number of classes' });
    return x.toSpliced(axis, 0, depth);
  },
  sources(pick, [x, values], to, steering) {
    const axis = newAxis(pick, x as Shape);
    const [off, on] = values === undefined ? [ZERO, ONE] : [from(1, 0), from(1, 1)];
    const [depth, inner] = [to[axis] as number, elementCount(to.slice(axis + 1))];
    const indices = steering.wholes(0);
    return (at, offset) => {
      const index = indices[Math.floor(offset / (depth * inner)) * inner + (offset % inner)] as number;
      return (index < 0 ? index + depth : index) === at[axis] ? on : off;
    };
  },
};

const compress: Picking<PickBy<'compress'>> = {
  inputs: exactly(1),
  shape(pick, shapes) {
    const count = shapeOfIndices(pick.indices);
    if (pick.axis !== undefined) return gather.shape(asGather(pick), shapes);
    const x = shapeAt(shapes, 0);
    const wrong = flat(pick.indices).find((index) => index < 0 || index >= elementCount(x));
    if (wrong !== undefined) misfit(pick.by, `it has no element ${wrong}`, [x]);
    return count;
  },
  sources(pick, shapes, to, steering) {
    if (pick.axis !== undefined) return gather.sources(asGather(pick), shapes, to, steering);
    const indices = flat(pick.indices);
    return (_, offset) => from(0, indices[offset] as number);
  },
};

const asGather = ({ axis = 0, indices }: PickBy<'compress'>): PickBy<'gather'> => ({ by: 'gather', axis, indices });

const reverseSequence: Picking<PickBy<'reversesequence'>> = {
  inputs: exactly(2),
  shape({ by, axis }, shapes) {
    const [x, lengths] = [shapeAt(shapes, 0), shapeAt(shapes, 1)];
    if (x.length < 2 || (axis !== 0 && axis !== 1) || !sameShape(lengths, [x[1 - axis] as number]))
      misfit(by, 'there is a length for each place of the first axis or the second, and "axis" is the other', [x, lengths]);
    return x;
  },
  sources({ axis }, [x], _, steering) {
    const shape = x as Shape;
    const lengths = steering.wholes(1);
    return (at, offset) => {
      const place = at[axis] as number;
      const length = Math.min(lengths[at[1 - axis] as number] as number, shape[axis] as number);
      return from(0, place < length ? offsetOf(shape, at.with(axis, length - 1 - place)) : offset);
    };
  },
};

/** From where along each axis; outside, what is filled in. */
const fromPlaces =
  (x: Shape, filling: ElementSource, placeAlong: (place: number, axis: number, size: number) => number): SourceAt =>
  (at) => {
    const places = x.map((size, axis) => placeAlong(at[axis] as number, axis, size));
    return places.every((place, axis) => place >= 0 && place < (x[axis] as number)) ? from(0, offsetOf(x, places)) : filling;
  };

const OUTSIDE: { readonly [M in PickBy<'pad'>['mode']]: (place: number, size: number) => number } = {
  constant: (place) => place,
  edge: inside,
  reflect: mirrored,
  wrap: around,
};

const pad: Picking<PickBy<'pad'>> = {
  inputs: exactly(1),
  shape({ by, amount }, shapes) {
    const x = shapeAt(shapes, 0);
    if (amount.length !== x.length)
      throw fail('WRONG_AXIS_COUNT', { attribute: 'amount', expected: x.length, actual: amount.length }, 'amount');
    const to = x.map(
      (size, axis) => size + (amount[axis] as readonly [number, number])[0] + (amount[axis] as readonly [number, number])[1],
    );
    if (to.some((size) => size < 0)) misfit(by, 'more is taken away than there is', [x, to]);
    return to;
  },
  sources: ({ amount, mode, value }, [x]) =>
    fromPlaces(x as Shape, { fill: value }, (place, axis, size) => OUTSIDE[mode](place - (amount[axis]?.[0] as number), size)),
};

const centerCropPad: Picking<PickBy<'centercroppad'>> = {
  inputs: exactly(1),
  shape(pick, shapes) {
    const [x, to] = [shapeAt(shapes, 0), target(pick)];
    if (x.length !== to.length) misfit(pick.by, 'both must have as many axes', [x, to]);
    return to;
  },
  sources: (_, [x], to) =>
    fromPlaces(x as Shape, ZERO, (place, axis, size) => {
      const more = (to[axis] as number) - size;
      return more > 0 ? place - Math.floor(more / 2) : place + Math.floor(-more / 2);
    }),
};

const maxUnpool: Picking<PickBy<'maxunpool'>> = {
  inputs: exactly(2),
  shape(pick, shapes) {
    const [x, indices] = [shapeAt(shapes, 0), shapeAt(shapes, 1)];
    const to = statedIn(pick) ?? pick.within;
    if (to === undefined) throw fail('MISSING_KEY', { key: 'to', owner: 'move by maxunpool', expected: 'the shape before pooling' });
    if (!sameShape(x, indices) || !sameShape(to.slice(0, 2), x.slice(0, 2)) || to.length !== x.length)
      misfit(pick.by, 'there is an index for each element, and batch and channels stay', [x, indices, to]);
    return to;
  },
  sources({ within }, [x], to, steering) {
    const shape = within ?? to;
    const [place, count] = [placeAt(shape), elementCount(shape)];
    const indices = steering.wholes(1);
    const by = targetsOf(
      Array.from({ length: elementCount(x as Shape) }, (_, i) => offsetOf(to, place(around(indices[i] as number, count)))),
    );
    return (_, offset) => {
      const update = by.get(offset);
      return update === undefined ? ZERO : from(0, update);
    };
  },
};

const listsIn = (indices: IndexTensor): readonly (readonly number[])[] => (typeof indices === 'number' ? [] : indices.map(flat));

const resize: Picking<PickBy<'resize'>> = {
  inputs: exactly(1),
  shape({ by, indices }, shapes) {
    const x = shapeAt(shapes, 0);
    const lists = listsIn(indices);
    const fits = lists.length === x.length && lists.every((list, axis) => list.every((place) => place >= 0 && place < (x[axis] as number)));
    if (!fits) misfit(by, '"indices" has a list of places for each axis', [x]);
    return lists.map(({ length }) => length);
  },
  sources({ indices }, [x]) {
    const lists = listsIn(indices);
    return (at) =>
      from(
        0,
        offsetOf(
          x as Shape,
          at.map((place, axis) => lists[axis]?.[place] as number),
        ),
      );
  },
};

const offset: Picking<PickBy<'offset'>> = {
  inputs: exactly(1),
  shape({ by }, shapes) {
    const x = shapeAt(shapes, 0);
    const places = ((x[0] as number) + 1) / 2;
    if (!Number.isInteger(places)) misfit(by, 'rows are for all distances between places, back and forth: an odd number', [x]);
    return [places, places, ...x.slice(1)];
  },
  sources:
    (_, [x], [places]) =>
    ([one, other, ...rest]) =>
      from(0, offsetOf(x as Shape, [(one as number) - (other as number) + (places as number) - 1, ...rest])),
};

const distance: Picking<PickBy<'distance'>> = {
  inputs: exactly(1),
  shape({ by }, shapes) {
    const x = shapeAt(shapes, 0);
    if (x.length < 2) misfit(by, 'the last two axes are places and distances', [x]);
    return x.with(-1, x.at(-2) as number);
  },
  sources({ mode }, [x]) {
    const shape = x as Shape;
    const distances = shape.at(-1) as number;
    return (at) => {
      const [one, other] = at.slice(-2) as [number, number];
      const far = mode === 'back' ? one - other : other - one;
      return from(0, offsetOf(shape, at.with(-1, inside(far + Math.floor(distances / 2), distances))));
    };
  },
};

const label: Picking<PickBy<'label'>> = {
  inputs: exactly(2),
  shape({ by }, shapes) {
    const [x, labels] = [shapeAt(shapes, 0), shapeAt(shapes, 1)];
    if (x.length < 2 || !isAlike(x.toSpliced(1, 1), labels))
      misfit(by, 'there is a label for each element of all axes but the second', [x, labels]);
    return labels;
  },
  sources({ ignore }, [x], _, steering) {
    const shape = x as Shape;
    const [classes, inner] = [shape[1] as number, elementCount(shape.slice(2))];
    const labels = steering.wholes(1);
    return (__, offset) => {
      const index = labels[offset] as number;
      if (index === ignore) return ZERO;
      return from(0, (Math.floor(offset / inner) * classes + around(index, classes)) * inner + (offset % inner));
    };
  },
};

const labelWeight: Picking<PickBy<'labelweight'>> = {
  inputs: () => [1, 2],
  shape: (_, shapes) => shapes.at(-1) as Shape,
  sources({ ignore }, shapes, _, steering) {
    const labels = steering.wholes(shapes.length - 1);
    const classes = elementCount(shapeAt(shapes, 0));
    return (__, offset) => {
      const index = labels[offset] as number;
      if (index === ignore) return ZERO;
      return shapes.length === 1 ? ONE : from(0, around(index, classes));
    };
  },
};

const stack: Picking<PickBy<'stack'>> = {
  inputs: () => [1, Number.POSITIVE_INFINITY],
  shape({ by }, shapes) {
    const first = shapeAt(shapes, 0);
    if (!shapes.every((shape) => sameShape(shape, first))) misfit(by, 'all must have one shape', shapes);
    return [shapes.length, ...first];
  },
  sources(_, [x]) {
    const length = elementCount(x as Shape);
    return (__, offset) => from(Math.floor(offset / length), offset % length);
  },
};

const fill: Picking<PickBy<'fill'>> = {
  inputs: () => [1, Number.POSITIVE_INFINITY],
  shape: (pick) => target(pick),
  sources: ({ value }) => {
    const filling = { fill: value };
    return () => filling;
  },
};

/** What is left of multiples of the golden ratio lies as evenly as what is drawn, and is the same in each run. */
const GOLDEN = (Math.sqrt(5) - 1) / 2;

const random: Picking<PickBy<'random'>> = {
  inputs: () => [1, Number.POSITIVE_INFINITY],
  shape: (pick) => target(pick),
  sources: () => (_, offset) => ({ fill: (GOLDEN * (offset + 1)) % 1 }),
};

const cast: Picking<PickBy<'cast'>> = {
  inputs: exactly(1),
  shape: (_, shapes) => shapeAt(shapes, 0),
  sources({ mode }, _, __, steering) {
    if (mode === 'whole') {
      const wholes = steering.wholes(0);
      return (___, offset) => ({ fill: wholes[offset] as number });
    }
    const truths = steering.truths(0);
    return (___, offset) => (truths[offset] ? ONE : ZERO);
  },
};

/** The same input twice where there is one. */
const second = (shapes: readonly Shape[]): number => shapes.length - 1;

type Joining<P extends { readonly by: string }> = Picking<P>;

const logical = <P extends { readonly by: string }>(holds: (a: boolean, b: boolean) => boolean): Joining<P> => ({
  inputs: () => [1, 2],
  shape: joined,
  sources(_, shapes, __, steering) {
    const [a, b] = [steering.truths(0), steering.truths(second(shapes))];
    return (at) => {
      const left = a[broadcastOffset(shapeAt(shapes, 0), at)] as boolean;
      return holds(left, b[broadcastOffset(shapeAt(shapes, second(shapes)), at)] as boolean) ? ONE : ZERO;
    };
  },
});

/** Whole numbers of two inputs together. */
const whole = <P extends { readonly by: string }>(join: (a: number, b: number, pick: P) => number): Joining<P> => ({
  inputs: () => [1, 2],
  shape: joined,
  sources(pick, shapes, _, steering) {
    const [a, b] = [steering.wholes(0), steering.wholes(second(shapes))];
    return (at) => {
      const left = a[broadcastOffset(shapeAt(shapes, 0), at)] as number;
      return { fill: join(left, b[broadcastOffset(shapeAt(shapes, second(shapes)), at)] as number, pick) };
    };
  },
});

const other: Picking<PickBy<'other'>> = {
  inputs: () => [1, Number.POSITIVE_INFINITY],
  shape: ({ to }) => to[0] as Shape,
  sources(_, shapes) {
    const input = Math.max(
      shapes.findIndex((shape) => elementCount(shape) > 0),
      0,
    );
    const length = Math.max(elementCount(shapeAt(shapes, input)), 1);
    return (__, offset) => from(input, offset % length);
  },
};

const PICKINGS: { readonly [N in PickName]: Picking<PickBy<N>> } = {
  gather,
  gatherelements: gatherElements,
  gathernd: gatherNd,
  scatterelements: scatterElements,
  scatternd: scatterNd,
  expand,
  tile,
  where,
  slice,
  transpose,
  depthtospace: depthToSpace,
  spacetodepth: spaceToDepth,
  trilu,
  onehot: oneHot,
  compress,
  reversesequence: reverseSequence,
  pad,
  centercroppad: centerCropPad,
  maxunpool: maxUnpool,
  resize,
  offset,
  distance,
  label,
  labelweight: labelWeight,
  stack,
  fill,
  random,
  cast,
  and: logical((a, b) => a && b),
  or: logical((a, b) => a || b),
  xor: logical((a, b) => a !== b),
  not: logical((a) => !a),
  // Of 32 bits.
  bitwiseand: whole((a, b) => a & b),
  bitwiseor: whole((a, b) => a | b),
  bitwisexor: whole((a, b) => a ^ b),
  bitwisenot: whole((a) => ~a),
  bitshift: whole((a, b, { mode }) => (mode === 'RIGHT' ? Math.floor(a / 2 ** b) : a * 2 ** b)),
  other,
};

const pickingOf = (pick: Pick): Picking<Pick> => PICKINGS[pick.by] as Picking<Pick>;

const withoutOnes = (shape: Shape): Shape => shape.filter((size) => size !== 1);

/** Whether two shapes are the same but for axes of size 1, so that the same elements are in the same order. */
const isAlike = (a: Shape, b: Shape): boolean => sameShape(withoutOnes(a), withoutOnes(b));

/** The shape that follows from the inputs, which are as many as the pick takes. */
export function pickedShape(pick: Pick, inputs: readonly Shape[]): Shape {
  const [min, max] = pickingOf(pick).inputs(pick);
  if (inputs.length < min || inputs.length > max) {
    const expected = min === max ? `${min} input${min === 1 ? '' : 's'}` : `${min} to ${max} inputs`;
    throw fail('WRONG_INPUT_COUNT', { operator: `move by ${pick.by}`, expected, actual: inputs.length });
  }
  return pickingOf(pick).shape(pick, inputs);
}

/** A shape that was stated for a batch of one, with the batch that comes in. */
function batched([first, ...rest]: Shape, [batch]: Shape, inputs: readonly Shape[]): Shape | undefined {
  const comesIn = inputs.some((input) => input.length > 1 && input[0] === batch);
  return first === 1 && batch !== undefined && comesIn ? [batch, ...rest] : undefined;
}

/** Shapes of the outputs: as they follow, or as they are stated, which may have other axes of size 1. */
export function outputShapes(pick: Pick, inputs: readonly Shape[]): readonly Shape[] {
  const shape = pickedShape(pick, inputs);
  if (pick.by === 'other') return pick.to;
  if (pick.to === undefined) return [shape];
  const stated = pick.to[0] as Shape;
  const found = [stated, batched(stated, shape, inputs)].find((one) => one !== undefined && isAlike(one, shape));
  if (pick.to.length > 1 || found === undefined) throw fail('STATED_SHAPE', { by: pick.by, stated: pick.to, shape }, 'to');
  return [found];
}

/** From where the elements of a picked shape come. */
export const sourcesOf = (pick: Pick, inputs: readonly Shape[], to: Shape, steering: Steering): SourceAt =>
  pickingOf(pick).sources(pick, inputs, to, steering);
