// What is done element by element, and the order of axes.

import { countAdds, countCompares, countMultiplies } from './counters';

/** y = x · factor + offset, with a factor and an offset for each channel of `positions` rows of channels. */
export function scale(x: usize, positions: i32, channels: i32, factors: usize, offsets: usize, y: usize): void {
  let multiplies: i64 = 0;
  let adds: i64 = 0;
  for (let position = 0; position < positions; position++) {
    let channel = 0;
    for (; channel + 4 <= channels; channel += 4) {
      const product = f32x4.mul(v128.load(x), v128.load(factors + (channel << 2)));
      multiplies += 4;
      v128.store(y, f32x4.add(product, v128.load(offsets + (channel << 2))));
      adds += 4;
      x += 16;
      y += 16;
    }
    for (; channel < channels; channel++) {
      const product = load<f32>(x) * load<f32>(factors + (channel << 2));
      multiplies++;
      store<f32>(y, product + load<f32>(offsets + (channel << 2)));
      adds++;
      x += 4;
      y += 4;
    }
  }
  countMultiplies(multiplies);
  countAdds(adds);
}

/** The greater of each element and 0. */
export function rectify(x: usize, count: i32, y: usize): void {
  const zero = f32x4.splat(0);
  let compares: i64 = 0;
  let done = 0;
  for (; done + 4 <= count; done += 4) {
    const value = v128.load(x);
    v128.store(y, v128.and(value, f32x4.gt(value, zero)));
    compares += 4;
    x += 16;
    y += 16;
  }
  for (; done < count; done++) {
    const value = load<f32>(x);
    store<f32>(y, value > 0 ? value : 0);
    compares++;
    x += 4;
    y += 4;
  }
  countCompares(compares);
}

/** The sum of two tensors of the same shape. */
export function sum(a: usize, b: usize, count: i32, y: usize): void {
  let adds: i64 = 0;
  let done = 0;
  for (; done + 4 <= count; done += 4) {
    v128.store(y, f32x4.add(v128.load(a), v128.load(b)));
    adds += 4;
    a += 16;
    b += 16;
    y += 16;
  }
  for (; done < count; done++) {
    store<f32>(y, load<f32>(a) + load<f32>(b));
    adds++;
    a += 4;
    b += 4;
    y += 4;
  }
  countAdds(adds);
}

/** Swaps the last two axes of `[images, rows, columns]`. */
export function transpose(x: usize, images: i32, rows: i32, columns: i32, y: usize): void {
  for (let image = 0; image < images; image++) {
    for (let row = 0; row < rows; row++) {
      let to = y + (row << 2);
      for (let column = 0; column < columns; column++) {
        store<f32>(to, load<f32>(x));
        x += 4;
        to += rows << 2;
      }
    }
    y += (rows * columns) << 2;
  }
}

/** Copies rows of `size` bytes, so that they begin `step` bytes apart. */
export function copyRows(x: usize, rows: i32, size: i32, y: usize, step: i32): void {
  for (let row = 0; row < rows; row++) {
    memory.copy(y, x, size);
    x += size;
    y += step;
  }
}
