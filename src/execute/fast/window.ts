import { threeAxes, type WindowAxis } from '../../operators/kit/window.ts';
import type { Machine } from './machine.ts';
import type { Resident } from './resident.ts';
import { inOrder, WINDOW_FIELDS } from './window-fields.ts';

const POSITION_FIELDS = 4;
const TAP_FIELDS = 4;

/** Windows over a channels-last map, listed in memory until the node has run. */
export interface Positions {
  /** How the window slides. */
  readonly window: number;
  readonly list: number;
  readonly count: number;
}

/** Lists where a window stands on a map, and its taps. */
export function positionsOf(machine: Machine, x: Resident, axes: readonly WindowAxis[]): Positions {
  const [depth, height, width] = threeAxes(axes);
  const [images, channels] = x.shape as [number, number];
  const tapCount = depth.kernel * height.kernel * width.kernel;
  const count = images * depth.out * height.out * width.out;
  const [window, taps, list] = [
    machine.room(WINDOW_FIELDS.length),
    machine.room(TAP_FIELDS * tapCount),
    machine.room(POSITION_FIELDS * count),
  ];
  const fields = inOrder({
    images,
    step: 4 * channels,
    depth: depth.size,
    height: height.size,
    width: width.size,
    outDepth: depth.out,
    outHeight: height.out,
    outWidth: width.out,
    kernelDepth: depth.kernel,
    kernelHeight: height.kernel,
    kernelWidth: width.kernel,
    strideDepth: depth.stride,
    strideHeight: height.stride,
    strideWidth: width.stride,
    dilationDepth: depth.dilation,
    dilationHeight: height.dilation,
    dilationWidth: width.dilation,
    beforeDepth: depth.before,
    beforeHeight: height.before,
    beforeWidth: width.before,
    taps,
    tapCount,
  });
  machine.memory.integers(window, fields.length).set(fields);
  machine.exports.listTaps(window);
  machine.exports.listPositions(window, x.place, list);
  return { window, list, count };
}

/** A window that stands on one position, as the rows of a matrix do. */
const ONE: WindowAxis = { name: '', letter: '', size: 1, kernel: 1, stride: 1, dilation: 1, span: 1, before: 0, after: 0, out: 1 };

/** Rows of a matrix, `step` elements apart, as positions. */
export function rowsOf(machine: Machine, place: number, rows: number, step: number): Positions {
  const none = machine.take([1, step]);
  const { window } = positionsOf(machine, none, [ONE]);
  machine.memory.give(none.place);
  const list = machine.room(POSITION_FIELDS * rows);
  machine.exports.listRows(place, rows, 4 * step, list);
  return { window, list, count: rows };
}
