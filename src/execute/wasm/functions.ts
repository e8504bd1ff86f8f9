// Functions that a processor has no instruction for, four at a time. Each is one operation of its kind, as a call of a library is.

/** eˣ, to single precision: x = k · ln 2 + r, and a polynomial in r as Cephes' expf has it. Below −87.3 it is 0, above 88.3 as there. */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  const least = f32x4.splat(-87.33654);
  const within = f32x4.min(f32x4.max(x, least), f32x4.splat(88.37626));
  const k = f32x4.nearest(f32x4.mul(within, f32x4.splat(1.44269504088896341)));
  const r = f32x4.sub(f32x4.sub(within, f32x4.mul(k, f32x4.splat(0.693359375))), f32x4.mul(k, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(k), i32x4.splat(127)), 23);
  return v128.and(f32x4.mul(p, power), f32x4.ge(x, least));
}

/** tanh x = 1 − 2 / (e²ˣ + 1) */
// @ts-ignore: decorator
@inline
export function tanh4(x: v128): v128 {
  const within = f32x4.min(f32x4.max(x, f32x4.splat(-15)), f32x4.splat(15));
  const power = exp4(f32x4.add(within, within));
  return f32x4.sub(f32x4.splat(1), f32x4.div(f32x4.splat(2), f32x4.add(power, f32x4.splat(1))));
}

/** The error function to 1.5 · 10⁻⁷: Abramowitz and Stegun 1964, 7.1.26. */
// @ts-ignore: decorator
@inline
export function erf4(x: v128): v128 {
  const size = f32x4.abs(x);
  const t = f32x4.div(f32x4.splat(1), f32x4.add(f32x4.splat(1), f32x4.mul(f32x4.splat(0.3275911), size)));
  let p = f32x4.splat(1.061405429);
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-1.453152027));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(1.421413741));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-0.284496736));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.254829592));
  const tail = f32x4.mul(f32x4.mul(p, t), exp4(f32x4.neg(f32x4.mul(size, size))));
  const sign = v128.and(x, f32x4.splat(-0.0));
  return v128.or(f32x4.sub(f32x4.splat(1), tail), sign);
}

/** The first of four. */
// @ts-ignore: decorator
@inline
export function one(four: v128): f32 {
  return f32x4.extract_lane(four, 0);
}
