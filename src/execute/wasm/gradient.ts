// Gradients of convolutions and matrix products. Sums are added to what is there, in the order in which the reference kernels add.

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

/** Lists where one tap of each window lies, as places of 4 bytes; 0 where it is on padding. */
export function listTap(g: Window, positions: usize, count: i32, number: i32, first: i32, into: usize): void {
  const tap = tapOf(g, number);
  for (let done = 0; done < count; done++) {
    store<i32>(into, <i32>tapAt(g, changetype<Position>(positions), tap, first, 0));
    positions += POSITION;
    into += 4;
  }
}

/** Lists places that are `step` bytes apart. */
export function listPlaces(from: i32, count: i32, step: i32, into: usize): void {
  for (let done = 0; done < count; done++) {
    store<i32>(into, from + done * step);
    into += 4;
  }
}

/**
 * Packs `columns` columns of the windows of all outputs, `[position][column]`, from column `from` on: columns are the channels of a group
 * tap by tap. `zeros` holds zeros for what is on padding.
 */
export function packWindows(g: Window, positions: usize, count: i32, first: i32, channels: i32, from: i32, columns: i32, zeros: usize, into: usize): void {
  const isOneTap = from / channels == (from + columns - 1) / channels;
  for (let done = 0; done < count; done++) {
    const position = changetype<Position>(positions);
    if (isOneTap) {
      let x = tapAt(g, position, tapOf(g, from / channels), first, zeros);
      if (x != zeros) x += (from % channels) << 2;
      memory.copy(into, x, columns << 2);
      into += columns << 2;
    } else
      for (let column = from; column < from + columns; column++) {
        let x = tapAt(g, position, tapOf(g, column / channels), first, zeros);
        if (x != zeros) x += (column % channels) << 2;
        store<f32>(into, load<f32>(x));
        into += 4;
      }
    positions += POSITION;
  }
}

/**
 * Packs a matrix of numbers that come again and again, `[row][column]`: the element of a row and a column is at
 * `(start + row · down + column · across) mod period`.
 */
export function packMatrix(numbers: usize, period: i32, start: i32, rows: i32, down: i32, columns: i32, across: i32, into: usize): void {
  let first = start;
  for (let row = 0; row < rows; row++) {
    let at = first;
    for (let column = 0; column < columns; column++) {
      store<f32>(into, load<f32>(numbers + (<usize>at << 2)));
      into += 4;
      at += across;
      if (at >= period) at %= period;
    }
    first += down;
    if (first >= period) first %= period;
  }
}

/** One tile: four rows or one, times eight columns or four; `to` lists where the sums of each row are, 0 where they are not kept. */
function tile<Four, Eight>(a: usize, step: usize, inner: i32, b: usize, to: usize, shift: usize, nowhere: usize): void {
  let t0 = <usize>load<i32>(to);
  t0 = t0 == 0 ? nowhere : t0 + shift;
  let t1: usize = 0;
  let t2: usize = 0;
  let t3: usize = 0;
  let a0 = v128.load(t0);
  let a1 = f32x4.splat(0);
  let b0 = f32x4.splat(0);
  let b1 = f32x4.splat(0);
  let c0 = f32x4.splat(0);
  let c1 = f32x4.splat(0);
  let d0 = f32x4.splat(0);
  let d1 = f32x4.splat(0);
  if (is<Eight>()) a1 = v128.load(t0, 16);
  if (is<Four>()) {
    t1 = <usize>load<i32>(to, 4);
    t1 = t1 == 0 ? nowhere : t1 + shift;
    t2 = <usize>load<i32>(to, 8);
    t2 = t2 == 0 ? nowhere : t2 + shift;
    t3 = <usize>load<i32>(to, 12);
    t3 = t3 == 0 ? nowhere : t3 + shift;
    b0 = v128.load(t1);
    c0 = v128.load(t2);
    d0 = v128.load(t3);
    if (is<Eight>()) {
      b1 = v128.load(t1, 16);
      c1 = v128.load(t2, 16);
      d1 = v128.load(t3, 16);
    }
  }
  let x0 = a;
  let x1 = a + step;
  let x2 = a + 2 * step;
  let x3 = a + 3 * step;
  let products: i64 = 0;
  const end = x0 + (<usize>inner << 2);
  while (x0 < end) {
    const w0 = v128.load(b);
    let x = v128.load32_splat(x0);
    a0 = f32x4.add(a0, f32x4.mul(x, w0));
    products += 4;
    if (is<Eight>()) {
      const w1 = v128.load(b, 16);
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
      b += 32;
    } else {
      if (is<Four>()) {
        b0 = f32x4.add(b0, f32x4.mul(v128.load32_splat(x1), w0));
        c0 = f32x4.add(c0, f32x4.mul(v128.load32_splat(x2), w0));
        d0 = f32x4.add(d0, f32x4.mul(v128.load32_splat(x3), w0));
        products += 12;
      }
      b += 16;
    }
    x0 += 4;
    x1 += 4;
    x2 += 4;
    x3 += 4;
  }
  countMacs(products, 0);
  v128.store(t0, a0);
  if (is<Eight>()) v128.store(t0, a1, 16);
  if (is<Four>()) {
    v128.store(t1, b0);
    v128.store(t2, c0);
    v128.store(t3, d0);
    if (is<Eight>()) {
      v128.store(t1, b1, 16);
      v128.store(t2, c1, 16);
      v128.store(t3, d1, 16);
    }
  }
}

/** One row times one column: for the columns that fill no lanes. */
function single(a: usize, inner: i32, b: usize, to: usize, shift: usize, nowhere: usize): void {
  let place = <usize>load<i32>(to);
  place = place == 0 ? nowhere : place + shift;
  let sum = load<f32>(place);
  let products: i64 = 0;
  for (let i = 0; i < inner; i++) {
    sum += load<f32>(a) * load<f32>(b);
    products++;
    a += 4;
    b += 4;
  }
  countMacs(products, 0);
  store<f32>(place, sum);
}

/**
 * Adds a · b to sums that lie anywhere: `rows` rows of `a`, `step` bytes apart, times `columns` columns, eight, four or one, packed
 * `[inner][column]`. `to` lists where the sums of each row lie, `shift` bytes before the first of them; of four rows none may be the same.
 */
export function multiplyOnto(a: usize, step: i32, rows: i32, inner: i32, b: usize, columns: i32, to: usize, shift: i32, nowhere: usize): void {
  let done = 0;
  const down = <usize>step;
  if (columns == 8) {
    for (; done + 4 <= rows; done += 4) {
      tile<Yes, Yes>(a, down, inner, b, to, shift, nowhere);
      a += 4 * down;
      to += 16;
    }
    for (; done < rows; done++) {
      tile<No, Yes>(a, down, inner, b, to, shift, nowhere);
      a += down;
      to += 4;
    }
  } else if (columns == 4) {
    for (; done + 4 <= rows; done += 4) {
      tile<Yes, No>(a, down, inner, b, to, shift, nowhere);
      a += 4 * down;
      to += 16;
    }
    for (; done < rows; done++) {
      tile<No, No>(a, down, inner, b, to, shift, nowhere);
      a += down;
      to += 4;
    }
  } else
    for (; done < rows; done++) {
      single(a, inner, b, to, shift, nowhere);
      a += down;
      to += 4;
    }
}

/** For each column, the sum of all rows, added to what is there. */
export function addRows(x: usize, rows: i32, columns: i32, y: usize): void {
  let adds: i64 = 0;
  for (let row = 0; row < rows; row++) {
    let column = 0;
    for (; column + 4 <= columns; column += 4) {
      const at = y + (column << 2);
      v128.store(at, f32x4.add(v128.load(at), v128.load(x)));
      adds += 4;
      x += 16;
    }
    for (; column < columns; column++) {
      const at = y + (column << 2);
      store<f32>(at, load<f32>(at) + load<f32>(x));
      adds++;
      x += 4;
    }
  }
  countAdds(adds);
}

/**
 * Depthwise, to the input: each output's gradient times the weights of its taps, packed `[tap][channel]`, is added to the elements under
 * them; to `nowhere` on padding. `x` is where the elements are that windows stand on.
 */
export function depthwiseToInput(g: Window, positions: usize, count: i32, channels: i32, weights: usize, nowhere: usize, gradient: usize): void {
  const row = channels << 2;
  for (let done = 0; done < count; done++) {
    const position = changetype<Position>(positions);
    let w = weights;
    let products: i64 = 0;
    for (let number = 0; number < g.tapCount; number++) {
      const x = tapAt(g, position, tapOf(g, number), 0, nowhere);
      let place = 0;
      for (; place + 16 <= row; place += 16) {
        v128.store(x + place, f32x4.add(v128.load(x + place), f32x4.mul(v128.load(gradient + place), v128.load(w + place))));
        products += 4;
      }
      for (; place < row; place += 4) {
        store<f32>(x + place, load<f32>(x + place) + load<f32>(gradient + place) * load<f32>(w + place));
        products++;
      }
      w += row;
    }
    countMacs(products, 0);
    positions += POSITION;
    gradient += row;
  }
}

/** Depthwise, to the weights `[tap][channel]`: each output's gradient times the elements under its taps. */
export function depthwiseToWeights(g: Window, positions: usize, count: i32, channels: i32, zeros: usize, gradient: usize, weights: usize): void {
  const row = channels << 2;
  for (let done = 0; done < count; done++) {
    const position = changetype<Position>(positions);
    let w = weights;
    let products: i64 = 0;
    for (let number = 0; number < g.tapCount; number++) {
      const x = tapAt(g, position, tapOf(g, number), 0, zeros);
      let place = 0;
      for (; place + 16 <= row; place += 16) {
        v128.store(w + place, f32x4.add(v128.load(w + place), f32x4.mul(v128.load(gradient + place), v128.load(x + place))));
        products += 4;
      }
      for (; place < row; place += 4) {
        store<f32>(w + place, load<f32>(w + place) + load<f32>(gradient + place) * load<f32>(x + place));
        products++;
      }
      w += row;
    }
    countMacs(products, 0);
    positions += POSITION;
    gradient += row;
  }
}
