// Activations, element by element: four at a time, the last ones singly.

import { countAdds, countDivides, countErfs, countExps, countMultiplies, countSubtracts, countTanhs } from './counters';
import { erf4, exp4, one, tanh4 } from './functions';

/** ½ · x · (1 + erf(x · √½)) */
export function gelu(x: usize, count: i32, y: usize): void {
  const root: f32 = 0.70710678118654752;
  let multiplies: i64 = 0;
  let adds: i64 = 0;
  let erfs: i64 = 0;
  let done = 0;
  for (; done + 4 <= count; done += 4) {
    const value = v128.load(x);
    const error = erf4(f32x4.mul(value, f32x4.splat(root)));
    multiplies += 4;
    erfs += 4;
    const share = f32x4.add(f32x4.splat(1), error);
    adds += 4;
    v128.store(y, f32x4.mul(f32x4.mul(f32x4.splat(0.5), value), share));
    multiplies += 8;
    x += 16;
    y += 16;
  }
  for (; done < count; done++) {
    const value = load<f32>(x);
    const error = one(erf4(f32x4.splat(value * root)));
    multiplies++;
    erfs++;
    const share = <f32>1 + error;
    adds++;
    store<f32>(y, <f32>0.5 * value * share);
    multiplies += 2;
    x += 4;
    y += 4;
  }
  countMultiplies(multiplies);
  countAdds(adds);
  countErfs(erfs);
}

/** ½ · x · (1 + tanh(√(2/π) · (x + 0.044715 · x · x · x))) */
export function geluByTanh(x: usize, count: i32, y: usize): void {
  const root: f32 = 0.79788456080286536;
  const cubic: f32 = 0.044715;
  let multiplies: i64 = 0;
  let adds: i64 = 0;
  let tanhs: i64 = 0;
  let done = 0;
  for (; done + 4 <= count; done += 4) {
    const value = v128.load(x);
    const cube = f32x4.mul(f32x4.mul(f32x4.mul(f32x4.splat(cubic), value), value), value);
    multiplies += 12;
    const inner = f32x4.mul(f32x4.splat(root), f32x4.add(value, cube));
    multiplies += 4;
    adds += 4;
    const share = f32x4.add(f32x4.splat(1), tanh4(inner));
    adds += 4;
    tanhs += 4;
    v128.store(y, f32x4.mul(f32x4.mul(f32x4.splat(0.5), value), share));
    multiplies += 8;
    x += 16;
    y += 16;
  }
  for (; done < count; done++) {
    const value = load<f32>(x);
    const cube = cubic * value * value * value;
    multiplies += 3;
    const inner = root * (value + cube);
    multiplies++;
    adds++;
    const share = <f32>1 + one(tanh4(f32x4.splat(inner)));
    adds++;
    tanhs++;
    store<f32>(y, <f32>0.5 * value * share);
    multiplies += 2;
    x += 4;
    y += 4;
  }
  countMultiplies(multiplies);
  countAdds(adds);
  countTanhs(tanhs);
}

/** x · 1 / (1 + exp(0 − x)) */
export function silu(x: usize, count: i32, y: usize): void {
  let multiplies: i64 = 0;
  let adds: i64 = 0;
  let subtracts: i64 = 0;
  let divides: i64 = 0;
  let exps: i64 = 0;
  let done = 0;
  for (; done + 4 <= count; done += 4) {
    const value = v128.load(x);
    const power = exp4(f32x4.sub(f32x4.splat(0), value));
    subtracts += 4;
    exps += 4;
    const share = f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), power));
    adds += 4;
    divides += 4;
    v128.store(y, f32x4.mul(value, share));
    multiplies += 4;
    x += 16;
    y += 16;
  }
  for (; done < count; done++) {
    const value = load<f32>(x);
    const power = one(exp4(f32x4.splat(<f32>0 - value)));
    subtracts++;
    exps++;
    const share = <f32>1 / (<f32>1 + power);
    adds++;
    divides++;
    store<f32>(y, value * share);
    multiplies++;
    x += 4;
    y += 4;
  }
  countMultiplies(multiplies);
  countAdds(adds);
  countSubtracts(subtracts);
  countDivides(divides);
  countExps(exps);
}

/** The product of two tensors of the same shape. */
export function times(a: usize, b: usize, count: i32, y: usize): void {
  let multiplies: i64 = 0;
  let done = 0;
  for (; done + 4 <= count; done += 4) {
    v128.store(y, f32x4.mul(v128.load(a), v128.load(b)));
    multiplies += 4;
    a += 16;
    b += 16;
    y += 16;
  }
  for (; done < count; done++) {
    store<f32>(y, load<f32>(a) * load<f32>(b));
    multiplies++;
    a += 4;
    b += 4;
    y += 4;
  }
  countMultiplies(multiplies);
}
