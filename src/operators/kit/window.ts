import type { Shape } from '../../core/shape.ts';
import { fail } from '../../problems/problem.ts';
import type { Padding } from './attributes.ts';
import type { Margins, Sight, Window } from './operator.ts';

/** What a sliding window does along one spatial axis. Sizes in elements. */
export interface WindowAxis {
  /** `depth`, `height` or `width`. */
  readonly name: string;
  /** One letter for factors: `d`, `h`, `w`. */
  readonly letter: string;
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** From the first tap to the last, both included. */
  readonly span: number;
  readonly before: number;
  readonly after: number;
  /** Number of positions. */
  readonly out: number;
}

const ALONE: WindowAxis = {
  name: '',
  letter: '',
  size: 1,
  kernel: 1,
  stride: 1,
  dilation: 1,
  span: 1,
  before: 0,
  after: 0,
  out: 1,
};

/** Three spatial axes of what has one to three, the first ones of size 1: so the same loops serve for all. */
export const threeAxes = (axes: readonly WindowAxis[]): [WindowAxis, WindowAxis, WindowAxis] => {
  const [c = ALONE, b = ALONE, a = ALONE] = axes.toReversed();
  return [a, b, c];
};

/** What an operator with a sliding window is given. */
export interface WindowAttributes {
  readonly kernel: number | readonly number[];
  readonly stride?: number | readonly number[] | undefined;
  readonly dilation?: number | readonly number[] | undefined;
  readonly padding?: Padding | undefined;
  readonly ceil?: boolean | undefined;
}

/** What an output position of a sliding window sees. */
export const sights = (axes: readonly WindowAxis[]): Sight[] => axes.map(({ span, stride }) => ({ span, stride }));

/** Where windows begin, by what is predicted and by what kernels do. */
export const marginsOf = (predicted: readonly WindowAxis[], laid: readonly WindowAxis[]): Margins => ({
  predicted: predicted.map(({ before }) => before),
  laid: laid.map(({ before }) => before),
});

/** Every output sees all positions of `[n, c, …]`, and there is one output, or one for each channel. */
export const wholeWindow = (shape: Shape): Window => shape.slice(2).map((size) => ({ span: size, stride: size }));

const SPATIAL = [
  { name: 'depth', letter: 'd' },
  { name: 'height', letter: 'h' },
  { name: 'width', letter: 'w' },
] as const;

/** Names of the spatial axes of an `[n, c, …]` tensor: width; height, width; depth, height, width. */
export const spatialAxes = (rank: number): readonly { readonly name: string; readonly letter: string }[] => SPATIAL.slice(5 - rank);

/** Checks that the input is `[n, c, w]`, `[n, c, h, w]` or `[n, c, d, h, w]`. */
export function checkSpatial(operator: string, shape: Shape): void {
  if (shape.length < 3 || shape.length > 5)
    throw fail('WRONG_RANK', { operator, expected: 'a batch, channels and one to three spatial axes', shape });
}

/** The value for one spatial axis of an attribute that has one for all, or one per axis. */
export function along<T>(attribute: string, value: T | readonly T[], axis: number, axes: number): T {
  if (!Array.isArray(value)) return value as T;
  if (value.length !== axes) throw fail('WRONG_AXIS_COUNT', { attribute, expected: axes, actual: value.length }, attribute);
  return value[axis] as T;
}

/** Padding before and after; `same` follows TensorFlow: as many outputs as input / stride, rounded up. */
function paddingAlong(padding: Padding, axis: number, axes: number, size: number, span: number, stride: number): [number, number] {
  if (padding === 'valid') return [0, 0];
  if (padding === 'same' || padding === 'same_lower') {
    const total = Math.max((Math.ceil(size / stride) - 1) * stride + span - size, 0);
    const less = Math.floor(total / 2);
    return padding === 'same' ? [less, total - less] : [total - less, less];
  }
  const value = along<number | [number, number]>('padding', padding, axis, axes);
  return typeof value === 'number' ? [value, value] : value;
}

/** A window laid along every spatial axis of `[n, c, …]`; `outputs` says how many outputs an axis has. */
export function spatialWindow(
  operator: string,
  a: WindowAttributes,
  shape: Shape,
  outputs: (axis: Readonly<WindowAxis>, index: number) => number,
): WindowAxis[] {
  checkSpatial(operator, shape);
  const axes = shape.length - 2;
  const names = spatialAxes(shape.length);
  const result: WindowAxis[] = [];
  for (let index = 0; index < axes; index++) {
    const { name, letter } = names[index] as (typeof names)[number];
    const size = shape[index + 2] as number;
    const kernel = along('kernel', a.kernel, index, axes);
    const stride = along('stride', a.stride ?? 1, index, axes);
    const dilation = along('dilation', a.dilation ?? 1, index, axes);
    const span = dilation * (kernel - 1) + 1;
    const [before, after] = paddingAlong(a.padding ?? 0, index, axes, size, span, stride);
    if (size + before + after > Number.MAX_SAFE_INTEGER) throw fail('DIMENSION_TOO_LARGE', { shape }, 'padding');
    const axis = { name, letter, size, kernel, stride, dilation, span, before, after, out: 0 };
    axis.out = outputs(axis, index);
    result.push(axis);
  }
  return result;
}

/** Works out where a sliding window stands on every spatial axis of `[n, c, …]`. */
export const windowAxes = (operator: string, a: WindowAttributes, shape: Shape): WindowAxis[] =>
  spatialWindow(operator, a, shape, ({ name, size, span, stride, before, after }) => {
    const room = size + before + after - span;
    const fitting = Math.floor(room / stride) + 1;
    // With ceil mode a last window may hang over, be it the only one, but must start inside the input or its padding before.
    const hangsOver = a.ceil && room % stride !== 0 && fitting * stride < size + before;
    const out = hangsOver ? fitting + 1 : fitting;
    if (out < 1) throw fail('WINDOW_TOO_LARGE', { axis: name, window: span, size, padding: before + after }, 'kernel');
    return out;
  });
