// Generated from src/execute/fast/window-fields.ts by "npm run generate:docs".

/** How a window slides, and where its taps are listed. */
@unmanaged
export class Window {
  images: i32;
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
  taps: i32;
  tapCount: i32;
}
