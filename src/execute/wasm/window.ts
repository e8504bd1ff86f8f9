// Sliding windows over channels-last maps, [n, depth, height, width, channels].

/** How a window slides, and where its tensors lie. Written by the caller; sizes in elements, places in bytes. */
@unmanaged
export class Window {
  images: i32;
  /** From one position of the input to the next, all channels: bytes. */
  step: i32;
  depth: i32;
  height: i32;
  width: i32;
  outDepth: i32;
  outHeight: i32;
  outWidth: i32;
  kernelDepth: i32;
  kernelHeight: i32;
  kernelWidth: i32;
  strideDepth: i32;
  strideHeight: i32;
  strideWidth: i32;
  dilationDepth: i32;
  dilationHeight: i32;
  dilationWidth: i32;
  beforeDepth: i32;
  beforeHeight: i32;
  beforeWidth: i32;
}

/** Where the window of one output stands: the place of its first tap, be it outside of the map, and the tap's coordinates. */
@unmanaged
export class Position {
  place: i32;
  depth: i32;
  height: i32;
  width: i32;
}

export const POSITION: usize = offsetof<Position>();

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

/** Where a tap of a window reads: in the map, or, on padding, from `padding`. `shift` is how far the tap is from the first, in bytes. */
// @ts-ignore: decorator
@inline
export function tapAt(g: Window, p: Position, depth: i32, height: i32, width: i32, shift: i32, padding: usize): usize {
  const isInside =
    <u32>(p.depth + depth) < <u32>g.depth && <u32>(p.height + height) < <u32>g.height && <u32>(p.width + width) < <u32>g.width;
  return isInside ? <usize>(p.place + shift) : padding;
}
