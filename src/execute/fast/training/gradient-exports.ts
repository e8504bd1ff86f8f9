/** What the WebAssembly module gives for gradients. Places, steps and shifts are in bytes, sizes in elements. */
export interface GradientExports {
  listTap(window: number, positions: number, count: number, tap: number, first: number, into: number): void;
  listPlaces(from: number, count: number, step: number, into: number): void;
  packWindows(
    window: number,
    positions: number,
    count: number,
    first: number,
    channels: number,
    from: number,
    columns: number,
    zeros: number,
    into: number,
  ): void;
  packMatrix(
    numbers: number,
    period: number,
    start: number,
    rows: number,
    down: number,
    columns: number,
    across: number,
    into: number,
  ): void;
  multiplyOnto(
    a: number,
    step: number,
    rows: number,
    inner: number,
    b: number,
    columns: number,
    to: number,
    shift: number,
    nowhere: number,
  ): void;
  addRows(x: number, rows: number, columns: number, y: number): void;
  depthwiseToInput(
    window: number,
    positions: number,
    count: number,
    channels: number,
    weights: number,
    nowhere: number,
    gradient: number,
  ): void;
  depthwiseToWeights(
    window: number,
    positions: number,
    count: number,
    channels: number,
    zeros: number,
    gradient: number,
    weights: number,
  ): void;
  rectifyBack(y: number, gradient: number, count: number, x: number): void;
  deviate(x: number, rows: number, channels: number, means: number, y: number, squares: number): void;
  scaleChannels(x: number, rows: number, channels: number, factors: number, y: number): void;
  normaliseChannels(x: number, rows: number, channels: number, means: number, factors: number, y: number): void;
  addProducts(a: number, b: number, rows: number, channels: number, y: number): void;
  unnormalise(
    gradient: number,
    normalised: number,
    rows: number,
    channels: number,
    factors: number,
    means: number,
    products: number,
    x: number,
  ): void;
  poolMaximumBack(window: number, positions: number, count: number, channels: number, gradient: number, shift: number): void;
  poolWholeBack(gradient: number, images: number, positions: number, channels: number, x: number): void;
}
