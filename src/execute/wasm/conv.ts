// Convolution of one group of channels: one block of filters laid on all positions. Lanes are filters, so that every sum is
// made in the order in which the reference kernel makes it, and no lane computes what is thrown away.

import { countAdds, countMacs } from './counters';
import { POSITION, Position, tapAt, tapOf } from './window';
import { Window } from './window-fields';

/** Whether a type parameter stands for yes. */
type Yes = i64;
type No = i32;

// @ts-ignore: decorator
@inline
function is<T>(): bool {
  return sizeof<T>() == sizeof<Yes>();
}

// @ts-ignore: decorator
@inline
function isWithin(g: Window, p: Position): bool {
  return p.width >= 0 && p.width + g.kernelWidth <= g.width;
}

/**
 * One tile: four positions or one, times eight filters or four. `weights` are packed `[tap][channel][filter]`; `bias` holds one
 * element for each filter, or is 0.
 */
function tile<Four, Eight>(g: Window, p: usize, first: i32, channels: i32, weights: usize, padding: usize, bias: usize, y: usize, step: i32): void {
  const p0 = changetype<Position>(p);
  const p1 = changetype<Position>(p + POSITION);
  const p2 = changetype<Position>(p + 2 * POSITION);
  const p3 = changetype<Position>(p + 3 * POSITION);
  let a0 = f32x4.splat(0);
  let a1 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  let d0 = f32x4.splat(0);
  let d1 = f32x4.splat(0);
  const filters: i64 = is<Eight>() ? 8 : 4;
  let w = weights;
  let products: i64 = 0;
  let onPadding: i64 = 0;
  // Where no window hangs over the sides, and nothing lies between taps, the taps of a row are one run.
  let isRun = g.dilationWidth == 1 && channels << 2 == g.step && isWithin(g, p0);
  if (is<Four>()) isRun = isRun && isWithin(g, p1) && isWithin(g, p2) && isWithin(g, p3);
  const taps = isRun ? g.kernelWidth : 1;
  const run = taps * channels;
  const bytes = run * (is<Eight>() ? 32 : 16);
  for (let number = 0; number < g.tapCount; number += taps) {
    const tap = tapOf(g, number);
    let x0 = tapAt(g, p0, tap, first, padding);
    let x1: usize = 0;
    let x2: usize = 0;
    let x3: usize = 0;
    let lanesOnPadding: i64 = i64(x0 == padding) * filters;
    if (is<Four>()) {
      x1 = tapAt(g, p1, tap, first, padding);
      x2 = tapAt(g, p2, tap, first, padding);
      x3 = tapAt(g, p3, tap, first, padding);
      lanesOnPadding += (i64(x1 == padding) + i64(x2 == padding) + i64(x3 == padding)) * filters;
    }
    const end = w + bytes;
    while (w < end) {
      const w0 = v128.load(w);
      let x = v128.load32_splat(x0);
      a0 = f32x4.add(a0, f32x4.mul(x, w0));
      products += 4;
      if (is<Eight>()) {
        const w1 = v128.load(w, 16);
        a1 = f32x4.add(a1, f32x4.mul(x, w1));
        products += 4;
        if (is<Four>()) {
          x = v128.load32_splat(x1);
          b0 = f32x4.add(b0, f32x4.mul(x, w0));
          b1 = f32x4.add(b1, f32x4.mul(x, w1));
          products += 8;
          x = v128.load32_splat(x2);
          c0 = f32x4.add(c0, f32x4.mul(x, w0));
          c1 = f32x4.add(c1, f32x4.mul(x, w1));
          products += 8;
          x = v128.load32_splat(x3);
          d0 = f32x4.add(d0, f32x4.mul(x, w0));
          d1 = f32x4.add(d1, f32x4.mul(x, w1));
          products += 8;
        }
        w += 32;
      } else {
        if (is<Four>()) {
          b0 = f32x4.add(b0, f32x4.mul(v128.load32_splat(x1), w0));
          c0 = f32x4.add(c0, f32x4.mul(v128.load32_splat(x2), w0));
          d0 = f32x4.add(d0, f32x4.mul(v128.load32_splat(x3), w0));
          products += 12;
        }
        w += 16;
      }
      x0 += 4;
      if (is<Four>()) {
        x1 += 4;
        x2 += 4;
        x3 += 4;
      }
      onPadding += lanesOnPadding;
    }
  }
  countMacs(products, onPadding);
  if (bias != 0) {
    const bias0 = v128.load(bias);
    a0 = f32x4.add(a0, bias0);
    let lanes: i64 = 4;
    if (is<Four>()) {
      b0 = f32x4.add(b0, bias0);
      c0 = f32x4.add(c0, bias0);
      d0 = f32x4.add(d0, bias0);
      lanes += 12;
    }
    if (is<Eight>()) {
      const bias1 = v128.load(bias, 16);
      a1 = f32x4.add(a1, bias1);
      lanes += 4;
      if (is<Four>()) {
        b1 = f32x4.add(b1, bias1);
        c1 = f32x4.add(c1, bias1);
        d1 = f32x4.add(d1, bias1);
        lanes += 12;
      }
    }
    countAdds(lanes);
  }
  v128.store(y, a0);
  if (is<Eight>()) v128.store(y, a1, 16);
  if (is<Four>()) {
    v128.store(y + step, b0);
    v128.store(y + 2 * step, c0);
    v128.store(y + 3 * step, d0);
    if (is<Eight>()) {
      v128.store(y + step, b1, 16);
      v128.store(y + 2 * step, c1, 16);
      v128.store(y + 3 * step, d1, 16);
    }
  }
}

/** One position times one filter: for the filters that fill no lanes. */
function single(g: Window, p: usize, first: i32, channels: i32, weights: usize, padding: usize, bias: usize, y: usize): void {
  const position = changetype<Position>(p);
  let sum: f32 = 0;
  let w = weights;
  let products: i64 = 0;
  let onPadding: i64 = 0;
  for (let number = 0; number < g.tapCount; number++) {
    const tap = tapOf(g, number);
    let x = tapAt(g, position, tap, first, padding);
    const lanesOnPadding = i64(x == padding);
    for (let channel = 0; channel < channels; channel++) {
      sum += load<f32>(x) * load<f32>(w);
      products++;
      onPadding += lanesOnPadding;
      x += 4;
      w += 4;
    }
  }
  countMacs(products, onPadding);
  if (bias != 0) {
    sum += load<f32>(bias);
    countAdds(1);
  }
  store<f32>(y, sum);
}

function tiles<Eight>(g: Window, p: usize, count: i32, first: i32, channels: i32, weights: usize, padding: usize, bias: usize, y: usize, step: i32): void {
  let done = 0;
  for (; done + 4 <= count; done += 4) {
    tile<Yes, Eight>(g, p, first, channels, weights, padding, bias, y, step);
    p += 4 * POSITION;
    y += 4 * step;
  }
  for (; done < count; done++) {
    tile<No, Eight>(g, p, first, channels, weights, padding, bias, y, step);
    p += POSITION;
    y += step;
  }
}

/**
 * Lays `filters` filters, eight, four or one, on the windows of `count` outputs. `positions` lists them; a filter has
 * `channels` channels, of which the first lies `first` bytes from the start of a position; `padding` holds
 * zeros for a row of taps; `step` is from one output to the next, in bytes.
 */
export function convolve(
  g: Window,
  positions: usize,
  count: i32,
  first: i32,
  channels: i32,
  filters: i32,
  weights: usize,
  padding: usize,
  bias: usize,
  y: usize,
  step: i32,
): void {
  if (filters == 8) tiles<Yes>(g, positions, count, first, channels, weights, padding, bias, y, step);
  else if (filters == 4) tiles<No>(g, positions, count, first, channels, weights, padding, bias, y, step);
  else
    for (let done = 0; done < count; done++) {
      single(g, positions, first, channels, weights, padding, bias, y);
      positions += POSITION;
      y += step;
    }
}

/**
 * Packs `filters` filters for `convolve`, as `[tap][channel][filter]`. Each has `channels × taps` weights that lie together,
 * the first of filter f at element `(start + f · channels · taps) mod period` of the numbers.
 */
export function pack(numbers: usize, period: i32, start: i64, channels: i32, taps: i32, filters: i32, into: usize): void {
  const row = <i64>(channels * taps);
  const step = (channels * filters) << 2;
  let filter = 0;
  for (; filter + 4 <= filters; filter += 4) {
    let a = numbers + (<usize>((start + <i64>filter * row) % <i64>period) << 2);
    let b = numbers + (<usize>((start + <i64>(filter + 1) * row) % <i64>period) << 2);
    let c = numbers + (<usize>((start + <i64>(filter + 2) * row) % <i64>period) << 2);
    let d = numbers + (<usize>((start + <i64>(filter + 3) * row) % <i64>period) << 2);
    for (let channel = 0; channel < channels; channel++) {
      let to = into + ((channel * filters + filter) << 2);
      for (let tap = 0; tap < taps; tap++) {
        let four = v128.load32_zero(a);
        four = v128.load_lane<f32>(b, four, 1);
        four = v128.load_lane<f32>(c, four, 2);
        four = v128.load_lane<f32>(d, four, 3);
        v128.store(to, four);
        to += step;
        a += 4;
        b += 4;
        c += 4;
        d += 4;
      }
    }
  }
  for (; filter < filters; filter++) {
    let from = numbers + (<usize>((start + <i64>filter * row) % <i64>period) << 2);
    for (let channel = 0; channel < channels; channel++) {
      let to = into + ((channel * filters + filter) << 2);
      for (let tap = 0; tap < taps; tap++) {
        store<f32>(to, load<f32>(from));
        to += step;
        from += 4;
      }
    }
  }
}

/**
 * Depthwise: every channel has one filter of its own. `weights` are packed `[tap][channel]`. Channels are taken four at a
 * time, the last ones singly.
 */
export function convolveDepthwise(
  g: Window,
  positions: usize,
  count: i32,
  channels: i32,
  weights: usize,
  padding: usize,
  bias: usize,
  y: usize,
): void {
  for (let done = 0; done < count; done++) {
    const position = changetype<Position>(positions);
    let channel = 0;
    for (; channel + 8 <= channels; channel += 8) depthwiseTile<Yes>(g, position, channels, channel, weights, padding, bias, y);
    for (; channel + 4 <= channels; channel += 4) depthwiseTile<No>(g, position, channels, channel, weights, padding, bias, y);
    for (; channel < channels; channel++) depthwiseSingle(g, position, channels, channel, weights, padding, bias, y);
    positions += POSITION;
    y += channels << 2;
  }
}

function depthwiseTile<Eight>(g: Window, p: Position, channels: i32, channel: i32, weights: usize, padding: usize, bias: usize, y: usize): void {
  const place = channel << 2;
  let sum0 = f32x4.splat(0);
  let sum1 = f32x4.splat(0);
  let w = weights + place;
  let products: i64 = 0;
  let onPadding: i64 = 0;
  for (let number = 0; number < g.tapCount; number++) {
    const tap = tapOf(g, number);
    const x = tapAt(g, p, tap, 0, padding);
    sum0 = f32x4.add(sum0, f32x4.mul(v128.load(x + place), v128.load(w)));
    products += 4;
    if (is<Eight>()) {
      sum1 = f32x4.add(sum1, f32x4.mul(v128.load(x + place, 16), v128.load(w, 16)));
      products += 4;
    }
    onPadding += i64(x == padding) * (is<Eight>() ? 8 : 4);
    w += channels << 2;
  }
  countMacs(products, onPadding);
  if (bias != 0) {
    sum0 = f32x4.add(sum0, v128.load(bias + place));
    if (is<Eight>()) sum1 = f32x4.add(sum1, v128.load(bias + place, 16));
    countAdds(is<Eight>() ? 8 : 4);
  }
  v128.store(y + place, sum0);
  if (is<Eight>()) v128.store(y + place, sum1, 16);
}

function depthwiseSingle(g: Window, p: Position, channels: i32, channel: i32, weights: usize, padding: usize, bias: usize, y: usize): void {
  const place = channel << 2;
  let sum: f32 = 0;
  let w = weights + place;
  let products: i64 = 0;
  let onPadding: i64 = 0;
  for (let number = 0; number < g.tapCount; number++) {
    const tap = tapOf(g, number);
    const x = tapAt(g, p, tap, 0, padding);
    sum += load<f32>(x + place) * load<f32>(w);
    products++;
    onPadding += i64(x == padding);
    w += channels << 2;
  }
  countMacs(products, onPadding);
  if (bias != 0) {
    sum += load<f32>(bias + place);
    countAdds(1);
  }
  store<f32>(y + place, sum);
}
