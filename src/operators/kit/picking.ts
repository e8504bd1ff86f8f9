import { countOf, type Shape } from '../../core/shape.ts';
import { isTrue, ONE, type Tensor, type Value, value, wholeOf, ZERO } from '../../core/tensor.ts';
import { around, inside, mirrored } from './edges.ts';
import { offsetOf, type Place, read } from './elements.ts';
import { readBroadcast } from './elementwise.ts';

/** Which elements the operators of ONNX pick that only move them. They read where from, which is no operation. */

/**
 * What says beside the inputs which elements are picked; each operator reads what it needs. Where indices are known, `places` has
 * them in place of an input. Beside that it has, of Slice and Transpose, the offset of the first element and how far apart elements
 * are along each axis of the output; of Pad, how much comes before each axis; of MaxUnpool, the shape that indices count in; of
 * Resize, the nearest places along each axis, one axis behind the other. `axis` is the number of axes of the batch of GatherND, and
 * the axis of time of ReverseSequence; `value` what Pad fills in, the diagonal of Trilu, and the label that a loss ignores.
 */
export interface Picks {
  readonly axis?: number | undefined;
  readonly mode?: string | undefined;
  /** Indices, sizes or distances along axes. */
  readonly places?: readonly number[] | undefined;
  readonly value?: number | undefined;
}

/** The element that goes to a place of the output, which is also given as its offset. */
type ElementAt = (at: Place, offset: number) => Value;

/** `undefined` where an input or an attribute is missing. */
type Picking = (picks: Picks, inputs: readonly Tensor[], to: Shape) => ElementAt | undefined;

/** The place of an offset, axis by axis. */
function placesIn(shape: Shape): (offset: number) => number[] {
  const strides = shape.map((_, axis) => countOf(shape.slice(axis + 1)));
  return (offset) => shape.map((size, axis) => Math.floor(offset / (strides[axis] as number)) % size);
}

/** The indices: known, or the elements of an input. */
const indicesIn = ({ places }: Picks, input: Tensor | undefined): readonly number[] | undefined =>
  places ?? (input && Array.from(input.data as ArrayLike<Value>, wholeOf));

/** From where along each axis; outside, what is filled in. */
const fromPlaces =
  (x: Tensor, filling: Value, placeAlong: (place: number, axis: number, size: number) => number): ElementAt =>
  (at) => {
    const from = x.shape.map((size, axis) => placeAlong(at[axis] as number, axis, size));
    return from.every((place, axis) => place >= 0 && place < (x.shape[axis] as number)) ? read(x, from) : filling;
  };

const gather: Picking = (picks, [x, input]) => {
  const indices = indicesIn(picks, input);
  if (x === undefined || indices === undefined) return undefined;
  const axis = picks.axis ?? 0;
  const [size, inner] = [x.shape[axis] as number, countOf(x.shape.slice(axis + 1))];
  return (_, offset) => {
    const index = indices[Math.floor(offset / inner) % indices.length] as number;
    return x.data[(Math.floor(offset / (inner * indices.length)) * size + around(index, size)) * inner + (offset % inner)];
  };
};

const gatherElements: Picking = (picks, [x, input]) => {
  const indices = indicesIn(picks, input);
  if (x === undefined || indices === undefined) return undefined;
  const axis = picks.axis ?? 0;
  return (at, offset) => read(x, at.with(axis, around(indices[offset] as number, x.shape[axis] as number)));
};

/** How many elements are before the part of a tensor that each row of indices names, behind so many axes of a batch. */
function startsOf(shape: Shape, indices: Tensor, batch: number): { readonly starts: readonly number[]; readonly length: number } {
  const depth = indices.shape.at(-1) as number;
  const sizes = shape.slice(batch, batch + depth);
  const length = countOf(shape.slice(batch + depth));
  const rows = indices.data.length / depth;
  const perItem = rows / countOf(shape.slice(0, batch));
  const starts = Array.from({ length: rows }, (_, row) => {
    const at = sizes.map((size, axis) => around(wholeOf(indices.data[row * depth + axis]), size));
    return (Math.floor(row / perItem) * countOf(sizes) + offsetOf(sizes, at)) * length;
  });
  return { starts, length };
}

const gatherNd: Picking = ({ axis = 0 }, [x, indices]) => {
  if (x === undefined || indices === undefined) return undefined;
  const { starts, length } = startsOf(x.shape, indices, axis);
  return (_, offset) => x.data[(starts[Math.floor(offset / length)] as number) + (offset % length)];
};

/** The first tensor, with some elements replaced. */
const replaced =
  (x: Tensor | undefined, by: ReadonlyMap<number, Value>): ElementAt =>
  (_, offset) =>
    by.has(offset) ? by.get(offset) : x === undefined ? ZERO : x.data[offset];

/** The element that each index names along an axis, at its own place along the others. */
export function placesAlong(shape: Shape, indices: Tensor, axis: number): number[] {
  const placeAt = placesIn(indices.shape);
  return Array.from({ length: indices.data.length }, (_, offset) => {
    const at = placeAt(offset);
    at[axis] = around(wholeOf(indices.data[offset]), shape[axis] as number);
    return offsetOf(shape, at);
  });
}

/** All elements of the parts that rows of indices name. */
export function placesOfRows(shape: Shape, indices: Tensor): number[] {
  const { starts, length } = startsOf(shape, indices, 0);
  return starts.flatMap((start) => Array.from({ length }, (_, i) => start + i));
}

const scatteredTo =
  (targets: (picks: Picks, shape: Shape, indices: Tensor) => readonly number[]): Picking =>
  (picks, [x, indices, updates]) =>
    x && indices && updates && replaced(x, new Map(targets(picks, x.shape, indices).map((place, i) => [place, updates.data[i]])));

const scatter = scatteredTo(({ axis = 0 }, shape, indices) => placesAlong(shape, indices, axis));
const scatterNd = scatteredTo((_, shape, indices) => placesOfRows(shape, indices));

const expand: Picking = (_, [x]) => x && ((at) => readBroadcast(x, at));

const tile: Picking = (_, [x], to) => {
  if (x === undefined) return undefined;
  const missing = to.length - x.shape.length;
  return (at) =>
    read(
      x,
      x.shape.map((size, axis) => (at[axis + missing] as number) % size),
    );
};

const where: Picking = (_, [condition, a, b]) =>
  condition && a && b && ((at) => readBroadcast(isTrue(readBroadcast(condition, at)) ? a : b, at));

/** From a first element on, by so many for each step along each axis of the output. */
const stepped: Picking = ({ places }, [x]) => {
  if (x === undefined || places === undefined) return undefined;
  const [first, ...steps] = places as [number, ...number[]];
  return (at) => x.data[steps.reduce((sum, step, axis) => sum + step * (at[axis] as number), first)];
};

const depthToSpace: Picking = ({ mode }, [x], to) => {
  if (x === undefined) return undefined;
  const [channels, block] = [to[1] as number, (to[2] as number) / (x.shape[2] as number)];
  return ([n, c, h, w]) => {
    const [channel, row, column] = [c as number, (h as number) % block, (w as number) % block];
    const from = mode === 'CRD' ? (channel * block + row) * block + column : (row * block + column) * channels + channel;
    return read(x, [n as number, from, Math.floor((h as number) / block), Math.floor((w as number) / block)]);
  };
};

const spaceToDepth: Picking = (_, [x], to) => {
  if (x === undefined) return undefined;
  const [channels, block] = [x.shape[1] as number, (x.shape[2] as number) / (to[2] as number)];
  return ([n, c, h, w]) => {
    const part = Math.floor((c as number) / channels);
    const [row, column] = [Math.floor(part / block), part % block];
    return read(x, [n as number, (c as number) % channels, (h as number) * block + row, (w as number) * block + column]);
  };
};

const trilu: Picking = ({ mode, value: k = 0 }, [x]) =>
  x &&
  ((at, offset) => {
    const above = (at.at(-1) as number) - (at.at(-2) as number) - k;
    return (mode === 'lower' ? above <= 0 : above >= 0) ? x.data[offset] : ZERO;
  });

/** The second of two values, 1 if none are given, where the index says so, else the first, or 0; an index out of range says so nowhere. */
const oneHot: Picking = ({ axis = 0 }, [indices, values], to) => {
  if (indices === undefined) return undefined;
  const [off, on] = values === undefined ? [ZERO, ONE] : [values.data[0], values.data[1]];
  const [depth, inner] = [to[axis] as number, countOf(to.slice(axis + 1))];
  return (at, offset) => {
    const index = wholeOf(indices.data[Math.floor(offset / (depth * inner)) * inner + (offset % inner)]);
    return (index < 0 ? index + depth : index) === at[axis] ? on : off;
  };
};

/** The elements, or the slices along an axis, of these numbers. */
const compress: Picking = (picks, inputs, to) => {
  const [x] = inputs;
  if (x === undefined || picks.places === undefined) return undefined;
  const { places } = picks;
  return picks.axis === undefined ? (_, offset) => x.data[places[offset] as number] : gather(picks, inputs, to);
};

/** Along one of the first two axes, so much of it turned round as there is of each item along the other. */
const reverseSequence: Picking = ({ axis = 0 }, [x, lengths]) =>
  x &&
  lengths &&
  ((at) => {
    const place = at[axis] as number;
    const length = Math.min(wholeOf(lengths.data[at[1 - axis] as number]), x.shape[axis] as number);
    return read(x, place < length ? at.with(axis, length - 1 - place) : at);
  });

const OUTSIDE: Readonly<Record<string, (place: number, size: number) => number>> = {
  constant: (place) => place,
  edge: inside,
  reflect: mirrored,
  wrap: around,
};

const pad: Picking = ({ mode = 'constant', places, value: filling = 0 }, [x]) => {
  const placeOf = OUTSIDE[mode];
  if (x === undefined || places === undefined || placeOf === undefined) return undefined;
  return fromPlaces(x, value(filling), (place, axis, size) => placeOf(place - (places[axis] as number), size));
};

const centerCropPad: Picking = (_, [x], to) =>
  x &&
  fromPlaces(x, ZERO, (place, axis, size) => {
    const more = (to[axis] as number) - size;
    return more > 0 ? place - Math.floor(more / 2) : place + Math.floor(-more / 2);
  });

/** Elements back to where they were greatest: indices count in a shape that the output may extend. */
const maxUnpool: Picking = ({ places }, [x, indices], to) => {
  if (x === undefined || indices === undefined) return undefined;
  const shape = places ?? to;
  const [placeAt, count] = [placesIn(shape), countOf(shape)];
  const by = new Map<number, Value>();
  for (let i = 0; i < x.data.length; i++) {
    const index = around(wholeOf(indices.data[i]), count);
    by.set(offsetOf(to, placeAt(index)), x.data[i]);
  }
  return replaced(undefined, by);
};

/** The places along each axis, one axis behind the other. */
const resize: Picking = ({ places }, [x], to) => {
  if (x === undefined || places === undefined) return undefined;
  const starts = to.map((_, axis) => to.slice(0, axis).reduce((sum, size) => sum + size, 0));
  return (at) =>
    read(
      x,
      at.map((place, axis) => places[(starts[axis] as number) + place] as number),
    );
};

/** The class of each label, of `[n, c, …]`; nothing where the label is to be ignored. With `weights`, of one for each class, or 1. */
const labelled: Picking = ({ mode, value: ignored }, inputs) => {
  const labels = inputs.at(-1);
  const [x] = inputs;
  if (labels === undefined || x === undefined) return undefined;
  const isWeight = mode === 'weights';
  const classes = (isWeight ? x.shape[0] : x.shape[1]) as number;
  const inner = isWeight ? 1 : countOf(x.shape.slice(2));
  return (_, offset) => {
    const label = wholeOf(labels.data[offset]);
    if (label === ignored) return ZERO;
    if (isWeight) return x === labels ? ONE : x.data[around(label, classes)];
    return x.data[(Math.floor(offset / inner) * classes + around(label, classes)) * inner + (offset % inner)];
  };
};

/** One input behind the other. */
const stacked: Picking = (_, inputs) => {
  const length = inputs[0]?.data.length ?? 1;
  return (__, offset) => inputs[Math.floor(offset / length) % inputs.length]?.data[offset % length];
};

const logical =
  (holds: (a: boolean, b: boolean) => boolean): Picking =>
  (_, [a, b = a]) =>
    a && b && ((at) => (holds(isTrue(readBroadcast(a, at)), isTrue(readBroadcast(b, at))) ? ONE : ZERO));

/** Bits of whole numbers of 32 bits. */
const bits =
  (join: (a: number, b: number) => number): Picking =>
  (_, [a, b = a]) =>
    a && b && ((at) => value(join(wholeOf(readBroadcast(a, at)), wholeOf(readBroadcast(b, at)))));

const shifted: Picking = ({ mode }, [a, b]) =>
  a &&
  b &&
  ((at) => {
    const [number, by] = [wholeOf(readBroadcast(a, at)), 2 ** wholeOf(readBroadcast(b, at))];
    return value(mode === 'RIGHT' ? Math.floor(number / by) : number * by);
  });

/** Floats as another type holds them: whole, or whether they are not 0. */
const cast: Picking = ({ mode }, [x]) =>
  x && ((_, offset) => (mode === 'truth' ? (isTrue(x.data[offset]) ? ONE : ZERO) : value(wholeOf(x.data[offset]))));

const ones: Picking = () => () => ONE;

export const PICKINGS: Readonly<Partial<Record<string, Picking>>> = {
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherNd,
  Scatter: scatter,
  ScatterElements: scatter,
  ScatterND: scatterNd,
  Expand: expand,
  Tile: tile,
  Where: where,
  Slice: stepped,
  Transpose: stepped,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
  Trilu: trilu,
  OneHot: oneHot,
  Compress: compress,
  Unique: compress,
  ReverseSequence: reverseSequence,
  Pad: pad,
  CenterCropPad: centerCropPad,
  MaxUnpool: maxUnpool,
  Resize: resize,
  NegativeLogLikelihoodLoss: labelled,
  SoftmaxCrossEntropyLoss: labelled,
  Loop: stacked,
  Dropout: ones,
  Cast: cast,
  And: logical((a, b) => a && b),
  Or: logical((a, b) => a || b),
  Xor: logical((a, b) => a !== b),
  Not: logical((a) => !a),
  BitwiseAnd: bits((a, b) => a & b),
  BitwiseOr: bits((a, b) => a | b),
  BitwiseXor: bits((a, b) => a ^ b),
  BitwiseNot: bits((a) => ~a),
  BitShift: shifted,
};
