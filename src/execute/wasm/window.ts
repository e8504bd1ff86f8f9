// Sliding windows over channels-last maps, [n, depth, height, width, channels].

import { Window } from './window-fields';

/** Where the window of one output stands: the place of its first tap, be it outside of the map, and the tap's coordinates. */
@unmanaged
export class Position {
  place: i32;
  depth: i32;
  height: i32;
  width: i32;
}

export const POSITION: usize = offsetof<Position>();

/** A tap of a window: how far it is from the first, in bytes and along each axis. */
@unmanaged
export class Tap {
  shift: i32;
  depth: i32;
  height: i32;
  width: i32;
}

export const TAP: usize = offsetof<Tap>();

/** Lists the taps of a window in the order in which kernels sum them up. */
export function listTaps(g: Window): void {
  let into = <usize>g.taps;
  for (let kd = 0; kd < g.kernelDepth; kd++)
    for (let kh = 0; kh < g.kernelHeight; kh++)
      for (let kw = 0; kw < g.kernelWidth; kw++) {
        const tap = changetype<Tap>(into);
        tap.depth = kd * g.dilationDepth;
        tap.height = kh * g.dilationHeight;
        tap.width = kw * g.dilationWidth;
        tap.shift = ((tap.depth * g.height + tap.height) * g.width + tap.width) * g.step;
        into += TAP;
      }
}

/** Lists the windows of all outputs over the map at `x`. */
export function listPositions(g: Window, x: i32, into: usize): void {
  for (let image = 0; image < g.images; image++)
    for (let od = 0; od < g.outDepth; od++)
      for (let oh = 0; oh < g.outHeight; oh++)
        for (let ow = 0; ow < g.outWidth; ow++) {
          const position = changetype<Position>(into);
          position.depth = od * g.strideDepth - g.beforeDepth;
          position.height = oh * g.strideHeight - g.beforeHeight;
          position.width = ow * g.strideWidth - g.beforeWidth;
          const first = ((image * g.depth + position.depth) * g.height + position.height) * g.width + position.width;
          position.place = x + first * g.step;
          into += POSITION;
        }
}

/** A tap of the window by its number. */
// @ts-ignore: decorator
@inline
export function tapOf(g: Window, number: i32): Tap {
  return changetype<Tap>(<usize>g.taps + <usize>number * TAP);
}

/** Where a tap of a window reads: in the map, `first` bytes from the start of its position, or, on padding, from `padding`. */
// @ts-ignore: decorator
@inline
export function tapAt(g: Window, p: Position, tap: Tap, first: i32, padding: usize): usize {
  const isInside =
    <u32>(p.depth + tap.depth) < <u32>g.depth &&
    <u32>(p.height + tap.height) < <u32>g.height &&
    <u32>(p.width + tap.width) < <u32>g.width;
  return isInside ? <usize>(p.place + tap.shift + first) : padding;
}
