import type { Shape } from '../../core/shape.ts';
import type { IndexTensor } from './attributes.ts';
import { axisOf } from './axes.ts';
import type { Pick, PickBy, PickName } from './pick.ts';
import { asFarAs, type Extent, jointly, type Reach, upTo } from './reach.ts';

/** How far each way to pick reaches: what `sources.ts` works out, by the definition of each and place by place. */

type PickReach<P> = (pick: P, inputs: readonly Shape[]) => Extent;

const shapeAt = (inputs: readonly Shape[], index: number): Shape => inputs[index] as Shape;

/** As many axes as lists are deep, each as long as the first list there. */
function deep(indices: IndexTensor): Extent {
  const extent: Reach[] = [];
  let level: IndexTensor | undefined = indices;
  while (Array.isArray(level)) {
    extent.push(upTo(level.length));
    level = level[0] as IndexTensor | undefined;
  }
  return extent;
}

const indicesIn = ({ indices }: { readonly indices?: IndexTensor | undefined }, inputs: readonly Shape[]): Extent =>
  indices === undefined ? asFarAs(shapeAt(inputs, 1)) : deep(indices);

/** As far as one of the inputs. */
const as =
  (index: number): PickReach<unknown> =>
  (_, inputs) =>
    asFarAs(inputs.at(index) as Shape);

const together: PickReach<unknown> = (_, inputs) => jointly(inputs);

/** As far as an attribute states, which is what the operation is asked for. */
const asked: PickReach<{ readonly to: readonly Shape[] }> = ({ to }) => asFarAs(to[0] as Shape);

/** How many pixels along a side become one. */
const sideOf = (block: number | undefined, small: number | undefined, large: number | undefined): number =>
  block ?? (large as number) / (small as number);

const REACHES: { readonly [N in Exclude<PickName, 'other'>]: PickReach<PickBy<N>> } = {
  gather(pick, inputs) {
    const x = shapeAt(inputs, 0);
    const axis = axisOf(pick.axis, x);
    return asFarAs(x).toSpliced(axis, 1, ...indicesIn(pick, inputs));
  },
  gatherelements: indicesIn,
  /** An element for each row, then what the indices in it leave of the axes. */
  gathernd({ batch }, inputs) {
    const [x, indices] = [shapeAt(inputs, 0), shapeAt(inputs, 1)];
    return [...asFarAs(indices.slice(0, -1)), ...asFarAs(x).slice(batch + (indices.at(-1) as number))];
  },
  scatterelements: as(0),
  scatternd: as(0),
  expand: (pick, inputs) => jointly([shapeAt(inputs, 0), pick.to[0] as Shape]),
  /** One copy after the other, as often as is said. */
  tile({ repeats, to }, inputs) {
    const x = shapeAt(inputs, 0);
    if (repeats === undefined) return asFarAs(to?.[0] ?? x);
    return repeats.map((times, axis): Reach => {
      const size = x[x.length - repeats.length + axis] ?? 1;
      return (place) => size > 0 && Math.floor(place / size) < times;
    });
  },
  where: together,
  /** Step by step, as many as are asked for and inside. */
  slice({ start, step, to }, inputs) {
    const x = shapeAt(inputs, 0);
    return x.map((size, axis): Reach => {
      const [first, by, count] = [start[axis] as number, step[axis] as number, to[0]?.[axis] as number];
      return (place) => place < count && first + place * by >= 0 && first + place * by < size;
    });
  },
  transpose: ({ order }, inputs) => order.map((axis) => upTo(shapeAt(inputs, 0)[axis] as number)),
  depthtospace({ block, to }, inputs) {
    const [n, c, h, w] = shapeAt(inputs, 0) as [number, number, number, number];
    const side = sideOf(block, h, to?.[0]?.[2]);
    return [upTo(n), (place) => place * side * side < c, (place) => Math.floor(place / side) < h, (place) => Math.floor(place / side) < w];
  },
  spacetodepth({ block, to }, inputs) {
    const [n, c, h, w] = shapeAt(inputs, 0) as [number, number, number, number];
    const side = sideOf(block, to?.[0]?.[2], h);
    return [upTo(n), (place) => Math.floor(place / side ** 2) < c, (place) => place * side < h, (place) => place * side < w];
  },
  trilu: as(0),
  onehot({ axis, depth, to }, inputs) {
    const x = shapeAt(inputs, 0);
    const place = axis < 0 ? axis + x.length + 1 : axis;
    return asFarAs(x).toSpliced(place, 0, upTo(depth ?? (to?.[0]?.[place] as number)));
  },
  compress({ axis, indices }, inputs) {
    if (axis === undefined) return deep(indices);
    const x = shapeAt(inputs, 0);
    return asFarAs(x).toSpliced(axisOf(axis, x), 1, ...deep(indices));
  },
  reversesequence: as(0),
  /** Elements that are added, those that are there, and again some that are added; taken away where there is a minus. */
  pad: ({ amount }, inputs) =>
    shapeAt(inputs, 0).map((size, axis): Reach => {
      const [before, after] = amount[axis] as readonly [number, number];
      return (place) => place - before - after < size;
    }),
  centercroppad: asked,
  maxunpool: ({ within, to }) => asFarAs((to?.[0] ?? within) as Shape),
  resize: ({ indices }) => (indices as readonly IndexTensor[]).map((list) => upTo((list as readonly unknown[]).length)),
  /** A place is as far as half of the rows. */
  offset(_, inputs) {
    const [rows, ...others] = shapeAt(inputs, 0);
    const half: Reach = (place) => 2 * place < (rows as number);
    return [half, half, ...asFarAs(others)];
  },
  /** As many others as there are places. */
  distance(_, inputs) {
    const [places, ...leading] = asFarAs(shapeAt(inputs, 0)).toReversed().slice(1);
    return [...leading.toReversed(), places as Reach, places as Reach];
  },
  label: as(1),
  labelweight: as(-1),
  stack: (_, inputs) => [upTo(inputs.length), ...asFarAs(shapeAt(inputs, 0))],
  fill: asked,
  random: asked,
  cast: as(0),
  and: together,
  or: together,
  xor: together,
  not: together,
  bitwiseand: together,
  bitwiseor: together,
  bitwisexor: together,
  bitwisenot: together,
  bitshift: together,
};

const isOne = (has: Reach): boolean => has(0) && !has(1);

/** The same axes as they are stated, which may have others of size 1, and 1 for a batch that comes in. */
function asStated(stated: Shape, extent: Extent): Extent {
  const long = extent.filter((has) => !isOne(has));
  const isBatched = stated[0] === 1 && long.length === stated.filter((size) => size !== 1).length + 1;
  const axes = stated.map((size, axis) => (size === 1 && !(axis === 0 && isBatched) ? upTo(1) : (long.shift() ?? upTo(0))));
  return [...axes, ...long];
}

/** How far a move reaches; of one that is not known that is only stated. */
export function reachOfPick(pick: Pick, inputs: readonly Shape[]): readonly Extent[] | 'stated' {
  if (pick.by === 'other') return 'stated';
  const extent = (REACHES[pick.by] as PickReach<Pick>)(pick, inputs);
  const stated = pick.to?.[0];
  return [stated === undefined ? extent : asStated(stated, extent)];
}
