// What is done to vectors that lie together: softmax, norms, rotation, the scores of attention. A sum over lanes begins with the first
// four elements, and ends by adding the four sums to 0, so that it adds as often as one that goes element by element from 0.

import { countAdds, countCompares, countDivides, countExps, countMasked, countMultiplies, countSqrts, countSubtracts, countTanhs } from './counters';
import { exp4, one, tanh4 } from './functions';

/** 0 and four lanes, added up. */
// @ts-ignore: decorator
@inline
function sumOf(four: v128): f32 {
  let sum: f32 = 0;
  sum += f32x4.extract_lane(four, 0);
  sum += f32x4.extract_lane(four, 1);
  sum += f32x4.extract_lane(four, 2);
  sum += f32x4.extract_lane(four, 3);
  return sum;
}

// @ts-ignore: decorator
@inline
function greater(a: f32, b: f32): f32 {
  return a > b ? a : b;
}

/** The greatest element of a vector, searched from a first one. */
function greatestOf(x: usize, length: i32, first: f32): f32 {
  let greatest = first;
  let compares: i64 = 0;
  let done = 0;
  if (length >= 4) {
    let four = v128.load(x);
    for (done = 4; done + 4 <= length; done += 4) {
      const value = v128.load(x + (done << 2));
      four = v128.bitselect(value, four, f32x4.gt(value, four));
      compares += 4;
    }
    greatest = greater(f32x4.extract_lane(four, 0), greatest);
    greatest = greater(f32x4.extract_lane(four, 1), greatest);
    greatest = greater(f32x4.extract_lane(four, 2), greatest);
    greatest = greater(f32x4.extract_lane(four, 3), greatest);
    compares += 4;
  }
  for (; done < length; done++) {
    greatest = greater(load<f32>(x + (done << 2)), greatest);
    compares++;
  }
  countCompares(compares);
  return greatest;
}

/** Turns a vector into powers of e by how far its elements are from the greatest, and gives their sum. */
function powersOf(x: usize, length: i32, greatest: f32, y: usize): f32 {
  let sum: f32 = 0;
  let subtracts: i64 = 0;
  let exps: i64 = 0;
  let adds: i64 = 0;
  let done = 0;
  if (length >= 4) {
    let four = exp4(f32x4.sub(v128.load(x), f32x4.splat(greatest)));
    subtracts += 4;
    exps += 4;
    v128.store(y, four);
    for (done = 4; done + 4 <= length; done += 4) {
      const power = exp4(f32x4.sub(v128.load(x + (done << 2)), f32x4.splat(greatest)));
      subtracts += 4;
      exps += 4;
      v128.store(y + (done << 2), power);
      four = f32x4.add(four, power);
      adds += 4;
    }
    sum = sumOf(four);
    adds += 4;
  }
  for (; done < length; done++) {
    const power = one(exp4(f32x4.splat(load<f32>(x + (done << 2)) - greatest)));
    subtracts++;
    exps++;
    store<f32>(y + (done << 2), power);
    sum += power;
    adds++;
  }
  countSubtracts(subtracts);
  countExps(exps);
  countAdds(adds);
  return sum;
}

/** Divides a vector by a number. */
function divide(y: usize, length: i32, by: f32): void {
  let divides: i64 = 0;
  let done = 0;
  for (; done + 4 <= length; done += 4) {
    v128.store(y + (done << 2), f32x4.div(v128.load(y + (done << 2)), f32x4.splat(by)));
    divides += 4;
  }
  for (; done < length; done++) {
    store<f32>(y + (done << 2), load<f32>(y + (done << 2)) / by);
    divides++;
  }
  countDivides(divides);
}

/** The shares of `rows` vectors. */
export function softmax(x: usize, rows: i32, length: i32, y: usize): void {
  for (let row = 0; row < rows; row++) {
    const greatest = greatestOf(x, length, -Infinity);
    divide(y, length, powersOf(x, length, greatest, y));
    x += length << 2;
    y += length << 2;
  }
}

/** Multiplies a vector by a number. */
function multiply(x: usize, length: i32, by: f32): void {
  let multiplies: i64 = 0;
  let done = 0;
  for (; done + 4 <= length; done += 4) {
    v128.store(x + (done << 2), f32x4.mul(v128.load(x + (done << 2)), f32x4.splat(by)));
    multiplies += 4;
  }
  for (; done < length; done++) {
    store<f32>(x + (done << 2), load<f32>(x + (done << 2)) * by);
    multiplies++;
  }
  countMultiplies(multiplies);
}

/** cap · tanh(x / cap) */
function cap(x: usize, length: i32, by: f32): void {
  let tanhs: i64 = 0;
  divide(x, length, by);
  let done = 0;
  for (; done + 4 <= length; done += 4) {
    v128.store(x + (done << 2), tanh4(v128.load(x + (done << 2))));
    tanhs += 4;
  }
  for (; done < length; done++) {
    store<f32>(x + (done << 2), one(tanh4(f32x4.splat(load<f32>(x + (done << 2))))));
    tanhs++;
  }
  countTanhs(tanhs);
  multiply(x, length, by);
}

/** Adds another vector to a vector. */
function increase(x: usize, length: i32, by: usize): void {
  let adds: i64 = 0;
  let done = 0;
  for (; done + 4 <= length; done += 4) {
    v128.store(x + (done << 2), f32x4.add(v128.load(x + (done << 2)), v128.load(by + (done << 2))));
    adds += 4;
  }
  for (; done < length; done++) {
    store<f32>(x + (done << 2), load<f32>(x + (done << 2)) + load<f32>(by + (done << 2)));
    adds++;
  }
  countAdds(adds);
}

/** Puts −∞ in place of the scores of keys from one on to before another. Gives how many these are. */
function mask(x: usize, from: i32, to: i32): i64 {
  let masked: i64 = 0;
  for (let key = from; key < to; key++) {
    store<f32>(x + (key << 2), -Infinity);
    masked++;
  }
  return masked;
}

/**
 * From products of `queries` queries with all keys to the shares of the keys, in place. `position` is that of the first query; `window`
 * and `softcap` are 0 where there is none; `slopes` and `bias` are what is added to the scores of the first query, and each query has
 * its own so many bytes further, or they are 0; so is `sink`, or it holds a score that takes its share. The products of masked pairs
 * took `width` multiply-accumulates before and take `features` after.
 */
export function attend(
  x: usize,
  queries: i32,
  keys: i32,
  position: i32,
  causal: bool,
  window: i32,
  scale: f32,
  softcap: f32,
  slopes: usize,
  slopesStep: i32,
  bias: usize,
  biasStep: i32,
  sink: usize,
  width: i32,
  features: i32,
): void {
  for (let query = 0; query < queries; query++) {
    if (scale != 1) multiply(x, keys, scale);
    if (softcap != 0) cap(x, keys, softcap);
    if (slopes != 0) increase(x, keys, slopes + query * slopesStep);
    if (bias != 0) increase(x, keys, bias + query * biasStep);
    if (causal || window > 0) {
      const own = position + query;
      const first = window > 0 ? max<i32>(0, own - window + 1) : 0;
      const beyond = causal ? own + 1 : own + window;
      const masked = mask(x, 0, min<i32>(first, keys)) + mask(x, max<i32>(beyond, 0), keys);
      countMasked(masked * <i64>width);
      countMasked(masked * <i64>features);
    }
    let greatest = greatestOf(x, keys, -Infinity);
    let share: f32 = 0;
    if (sink != 0) {
      greatest = greater(load<f32>(sink), greatest);
      countCompares(1);
      share = one(exp4(f32x4.splat(load<f32>(sink) - greatest)));
      countSubtracts(1);
      countExps(1);
    }
    let sum = powersOf(x, keys, greatest, x);
    if (sink != 0) {
      sum += share;
      countAdds(1);
    }
    divide(x, keys, sum);
    x += keys << 2;
  }
}

/** The sum of a vector. */
function total(x: usize, length: i32): f32 {
  let sum: f32 = 0;
  let adds: i64 = 0;
  let done = 0;
  if (length >= 4) {
    let four = v128.load(x);
    for (done = 4; done + 4 <= length; done += 4) {
      four = f32x4.add(four, v128.load(x + (done << 2)));
      adds += 4;
    }
    sum = sumOf(four);
    adds += 4;
  }
  for (; done < length; done++) {
    sum += load<f32>(x + (done << 2));
    adds++;
  }
  countAdds(adds);
  return sum;
}

/** The sum of the squares of a vector. */
function squares(x: usize, length: i32): f32 {
  let sum: f32 = 0;
  let multiplies: i64 = 0;
  let adds: i64 = 0;
  let done = 0;
  if (length >= 4) {
    const first = v128.load(x);
    let four = f32x4.mul(first, first);
    multiplies += 4;
    for (done = 4; done + 4 <= length; done += 4) {
      const value = v128.load(x + (done << 2));
      four = f32x4.add(four, f32x4.mul(value, value));
      multiplies += 4;
      adds += 4;
    }
    sum = sumOf(four);
    adds += 4;
  }
  for (; done < length; done++) {
    const value = load<f32>(x + (done << 2));
    sum += value * value;
    multiplies++;
    adds++;
  }
  countMultiplies(multiplies);
  countAdds(adds);
  return sum;
}

/** y = x − by */
function decrease(x: usize, length: i32, by: f32, y: usize): void {
  let subtracts: i64 = 0;
  let done = 0;
  for (; done + 4 <= length; done += 4) {
    v128.store(y + (done << 2), f32x4.sub(v128.load(x + (done << 2)), f32x4.splat(by)));
    subtracts += 4;
  }
  for (; done < length; done++) {
    store<f32>(y + (done << 2), load<f32>(x + (done << 2)) - by);
    subtracts++;
  }
  countSubtracts(subtracts);
}

/** Multiplies a vector by another one. */
function weigh(x: usize, length: i32, by: usize): void {
  let multiplies: i64 = 0;
  let done = 0;
  for (; done + 4 <= length; done += 4) {
    v128.store(x + (done << 2), f32x4.mul(v128.load(x + (done << 2)), v128.load(by + (done << 2))));
    multiplies += 4;
  }
  for (; done < length; done++) {
    store<f32>(x + (done << 2), load<f32>(x + (done << 2)) * load<f32>(by + (done << 2)));
    multiplies++;
  }
  countMultiplies(multiplies);
}

/** 1 / √(sum / length + ε) */
function factorOf(sum: f32, length: i32, epsilon: f32): f32 {
  const mean = sum / <f32>length;
  countDivides(1);
  const root = sqrt<f32>(mean + epsilon);
  countAdds(1);
  countSqrts(1);
  countDivides(1);
  return <f32>1 / root;
}

/** Vectors less their mean, over their deviation; `scale` and `shift` may be 0. */
export function layernorm(x: usize, rows: i32, length: i32, epsilon: f32, scale: usize, shift: usize, y: usize): void {
  for (let row = 0; row < rows; row++) {
    const mean = total(x, length) / <f32>length;
    countDivides(1);
    decrease(x, length, mean, y);
    multiply(y, length, factorOf(squares(y, length), length, epsilon));
    if (scale != 0) weigh(y, length, scale);
    if (shift != 0) increase(y, length, shift);
    x += length << 2;
    y += length << 2;
  }
}

/** Vectors over their root mean square; `scale` may be 0. */
export function rmsnorm(x: usize, rows: i32, length: i32, epsilon: f32, scale: usize, y: usize): void {
  for (let row = 0; row < rows; row++) {
    const factor = factorOf(squares(x, length), length, epsilon);
    memory.copy(y, x, length << 2);
    multiply(y, length, factor);
    if (scale != 0) weigh(y, length, scale);
    x += length << 2;
    y += length << 2;
  }
}

/**
 * Rotates pairs of the first features of `rows` vectors, by the angles of as many positions as come in turn: `cosines` and `sines` have
 * so many for each position. A pair is a feature and the one `apart` further; the next pair begins `next` further.
 */
export function rotate(x: usize, rows: i32, features: i32, positions: i32, pairs: i32, next: i32, apart: i32, cosines: usize, sines: usize, y: usize): void {
  let multiplies: i64 = 0;
  let subtracts: i64 = 0;
  let adds: i64 = 0;
  for (let row = 0; row < rows; row++) {
    const angles = ((row % positions) * pairs) << 2;
    memory.copy(y, x, features << 2);
    for (let pair = 0; pair < pairs; pair++) {
      const i = (pair * next) << 2;
      const j = i + (apart << 2);
      const cos = load<f32>(cosines + angles + (pair << 2));
      const sin = load<f32>(sines + angles + (pair << 2));
      const a = load<f32>(x + i);
      const b = load<f32>(x + j);
      store<f32>(y + i, a * cos - b * sin);
      multiplies += 2;
      subtracts++;
      store<f32>(y + j, b * cos + a * sin);
      multiplies += 2;
      adds++;
    }
    x += features << 2;
    y += features << 2;
  }
  countMultiplies(multiplies);
  countSubtracts(subtracts);
  countAdds(adds);
}

/** Puts runs of `run` elements, `a × b × c` of them, one after the other; the steps from one to the next in the input are in elements. */
export function gather(x: usize, a: i32, b: i32, c: i32, stepA: i32, stepB: i32, stepC: i32, run: i32, y: usize): void {
  for (let i = 0; i < a; i++) {
    for (let j = 0; j < b; j++) {
      for (let k = 0; k < c; k++) {
        memory.copy(y, x + ((i * stepA + j * stepB + k * stepC) << 2), run << 2);
        y += run << 2;
      }
    }
  }
}
