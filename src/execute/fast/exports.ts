import type { GradientExports } from './training/gradient-exports.ts';

/** A counter of the WebAssembly module. */
interface Counter {
  readonly value: bigint;
}

/** What the WebAssembly module (`src/execute/wasm/`) gives. Places are in bytes, sizes in elements. */
export interface Exports extends GradientExports {
  readonly macs: Counter;
  readonly macsOnPadding: Counter;
  readonly multiplies: Counter;
  readonly adds: Counter;
  readonly divides: Counter;
  readonly compares: Counter;
  readonly subtracts: Counter;
  readonly exps: Counter;
  readonly tanhs: Counter;
  readonly erfs: Counter;
  readonly sqrts: Counter;
  readonly maskedMacs: Counter;
  reset(): void;
  listTaps(window: number): void;
  listPositions(window: number, x: number, into: number): void;
  listRows(x: number, rows: number, step: number, into: number): void;
  convolve(
    window: number,
    positions: number,
    count: number,
    first: number,
    channels: number,
    filters: number,
    weights: number,
    padding: number,
    bias: number,
    y: number,
    step: number,
  ): void;
  convolveDepthwise(
    window: number,
    positions: number,
    count: number,
    channels: number,
    weights: number,
    padding: number,
    bias: number,
    y: number,
  ): void;
  pack(numbers: number, period: number, start: bigint, channels: number, taps: number, filters: number, into: number): void;
  packColumns(x: number, inner: number, down: number, across: number, columns: number, into: number): void;
  poolMaximum(window: number, positions: number, count: number, channels: number, least: number, y: number): void;
  poolWhole(x: number, images: number, positions: number, channels: number, y: number): void;
  scale(x: number, positions: number, channels: number, factors: number, offsets: number, y: number): void;
  rectify(x: number, count: number, y: number): void;
  sum(a: number, b: number, count: number, y: number): void;
  copyRows(x: number, rows: number, size: number, y: number, step: number): void;
  transpose(x: number, images: number, rows: number, columns: number, y: number): void;
  gelu(x: number, count: number, y: number): void;
  geluByTanh(x: number, count: number, y: number): void;
  silu(x: number, count: number, y: number): void;
  times(a: number, b: number, count: number, y: number): void;
  softmax(x: number, rows: number, length: number, y: number): void;
  attend(
    x: number,
    queries: number,
    keys: number,
    position: number,
    causal: number,
    window: number,
    scale: number,
    softcap: number,
    slopes: number,
    slopesStep: number,
    bias: number,
    biasStep: number,
    sink: number,
    width: number,
    features: number,
  ): void;
  layernorm(x: number, rows: number, length: number, epsilon: number, scale: number, shift: number, y: number): void;
  rmsnorm(x: number, rows: number, length: number, epsilon: number, scale: number, y: number): void;
  rotate(
    x: number,
    rows: number,
    features: number,
    positions: number,
    pairs: number,
    next: number,
    apart: number,
    cosines: number,
    sines: number,
    y: number,
  ): void;
  gather(x: number, a: number, b: number, c: number, stepA: number, stepB: number, stepC: number, run: number, y: number): void;
}
