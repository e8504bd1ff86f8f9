// Gradients of what is done element by element or channel by channel, in channels-last maps: rows of channels.

import { countAdds, countCompares, countDivides, countMultiplies, countSubtracts } from './counters';
import { POSITION, Position, tapAt, tapOf } from './window';
import { Window } from './window-fields';

/** The gradient where the output is over 0. */
export function rectifyBack(y: usize, gradient: usize, count: i32, x: usize): void {
  const zero = f32x4.splat(0);
  let compares: i64 = 0;
  let done = 0;
  for (; done + 4 <= count; done += 4) {
    v128.store(x, v128.and(v128.load(gradient), f32x4.gt(v128.load(y), zero)));
    compares += 4;
    x += 16;
    y += 16;
    gradient += 16;
  }
  for (; done < count; done++) {
    store<f32>(x, load<f32>(y) > 0 ? load<f32>(gradient) : 0);
    compares++;
    x += 4;
    y += 4;
    gradient += 4;
  }
  countCompares(compares);
}

/** The differences of all elements and the mean of their channel, and for each channel the sum of their squares, added to what is there. */
export function deviate(x: usize, rows: i32, channels: i32, means: usize, y: usize, squares: usize): void {
  let subtracts: i64 = 0;
  let multiplies: i64 = 0;
  let adds: i64 = 0;
  for (let row = 0; row < rows; row++) {
    let place = 0;
    const end = channels << 2;
    for (; place + 16 <= end; place += 16) {
      const difference = f32x4.sub(v128.load(x), v128.load(means + place));
      subtracts += 4;
      v128.store(y, difference);
      v128.store(squares + place, f32x4.add(v128.load(squares + place), f32x4.mul(difference, difference)));
      multiplies += 4;
      adds += 4;
      x += 16;
      y += 16;
    }
    for (; place < end; place += 4) {
      const difference = load<f32>(x) - load<f32>(means + place);
      subtracts++;
      store<f32>(y, difference);
      store<f32>(squares + place, load<f32>(squares + place) + difference * difference);
      multiplies++;
      adds++;
      x += 4;
      y += 4;
    }
  }
  countSubtracts(subtracts);
  countMultiplies(multiplies);
  countAdds(adds);
}

/** x · factor of the channel. */
export function scaleChannels(x: usize, rows: i32, channels: i32, factors: usize, y: usize): void {
  let multiplies: i64 = 0;
  const end = channels << 2;
  for (let row = 0; row < rows; row++) {
    let place = 0;
    for (; place + 16 <= end; place += 16) {
      v128.store(y, f32x4.mul(v128.load(x), v128.load(factors + place)));
      multiplies += 4;
      x += 16;
      y += 16;
    }
    for (; place < end; place += 4) {
      store<f32>(y, load<f32>(x) * load<f32>(factors + place));
      multiplies++;
      x += 4;
      y += 4;
    }
  }
  countMultiplies(multiplies);
}

/** (x − mean) · factor of the channel. */
export function normaliseChannels(x: usize, rows: i32, channels: i32, means: usize, factors: usize, y: usize): void {
  let multiplies: i64 = 0;
  let subtracts: i64 = 0;
  const end = channels << 2;
  for (let row = 0; row < rows; row++) {
    let place = 0;
    for (; place + 16 <= end; place += 16) {
      v128.store(y, f32x4.mul(f32x4.sub(v128.load(x), v128.load(means + place)), v128.load(factors + place)));
      multiplies += 4;
      subtracts += 4;
      x += 16;
      y += 16;
    }
    for (; place < end; place += 4) {
      store<f32>(y, (load<f32>(x) - load<f32>(means + place)) * load<f32>(factors + place));
      multiplies++;
      subtracts++;
      x += 4;
      y += 4;
    }
  }
  countMultiplies(multiplies);
  countSubtracts(subtracts);
}

/** For each channel the sum of the products of two maps, added to what is there. */
export function addProducts(a: usize, b: usize, rows: i32, channels: i32, y: usize): void {
  let multiplies: i64 = 0;
  let adds: i64 = 0;
  const end = channels << 2;
  for (let row = 0; row < rows; row++) {
    let place = 0;
    for (; place + 16 <= end; place += 16) {
      v128.store(y + place, f32x4.add(v128.load(y + place), f32x4.mul(v128.load(a), v128.load(b))));
      multiplies += 4;
      adds += 4;
      a += 16;
      b += 16;
    }
    for (; place < end; place += 4) {
      store<f32>(y + place, load<f32>(y + place) + load<f32>(a) * load<f32>(b));
      multiplies++;
      adds++;
      a += 4;
      b += 4;
    }
  }
  countMultiplies(multiplies);
  countAdds(adds);
}

/** factor · (g − mean gradient − x̂ · mean product), channel by channel. */
export function unnormalise(gradient: usize, normalised: usize, rows: i32, channels: i32, factors: usize, means: usize, products: usize, x: usize): void {
  let multiplies: i64 = 0;
  let subtracts: i64 = 0;
  const end = channels << 2;
  for (let row = 0; row < rows; row++) {
    let place = 0;
    for (; place + 16 <= end; place += 16) {
      const part = f32x4.mul(v128.load(normalised), v128.load(products + place));
      const left = f32x4.sub(f32x4.sub(v128.load(gradient), v128.load(means + place)), part);
      v128.store(x, f32x4.mul(v128.load(factors + place), left));
      multiplies += 8;
      subtracts += 8;
      gradient += 16;
      normalised += 16;
      x += 16;
    }
    for (; place < end; place += 4) {
      const part = load<f32>(normalised) * load<f32>(products + place);
      store<f32>(x, load<f32>(factors + place) * (load<f32>(gradient) - load<f32>(means + place) - part));
      multiplies += 2;
      subtracts += 2;
      gradient += 4;
      normalised += 4;
      x += 4;
    }
  }
  countMultiplies(multiplies);
  countSubtracts(subtracts);
}

/** The gradient of each output is added to that of the first of the greatest elements under its window; `shift` is from `x` to its gradients. */
export function poolMaximumBack(g: Window, positions: usize, count: i32, channels: i32, gradient: usize, shift: i32): void {
  let adds: i64 = 0;
  for (let done = 0; done < count; done++) {
    const position = changetype<Position>(positions);
    for (let channel = 0; channel < channels; channel++) {
      let greatest: f32 = -f32.MAX_VALUE;
      let found: usize = 0;
      for (let tap = 0; tap < g.tapCount; tap++) {
        const x = tapAt(g, position, tapOf(g, tap), channel << 2, 0);
        if (x == 0) continue;
        const value = load<f32>(x);
        if (value > greatest || found == 0) {
          greatest = value;
          found = x;
        }
      }
      const to = found + shift;
      store<f32>(to, load<f32>(to) + load<f32>(gradient));
      adds++;
      gradient += 4;
    }
    positions += POSITION;
  }
  countAdds(adds);
}

/** The gradient of each mean, by how many elements it is of, goes to all of them: `[images, positions, channels]`. */
export function poolWholeBack(gradient: usize, images: i32, positions: i32, channels: i32, x: usize): void {
  let divides: i64 = 0;
  const row = channels << 2;
  const total = <f32>positions;
  for (let image = 0; image < images; image++) {
    for (let place = 0; place < row; place += 4) {
      store<f32>(x + place, load<f32>(gradient + place) / total);
      divides++;
    }
    for (let position = 1; position < positions; position++) memory.copy(x + position * row, x, row);
    x += positions * row;
    gradient += row;
  }
  countDivides(divides);
}
