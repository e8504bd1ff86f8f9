// How many multiply-accumulates this machine does in vectors of 128 bits: twelve in a round, of which none waits for its
// neighbours, as many as there are registers for.

/** Does `12 × 4 × rounds` multiply-accumulates. */
export function ceiling(rounds: i32): f32 {
  const w = f32x4.splat(0.001);
  let a = f32x4.splat(1);
  let b = f32x4.splat(2);
  let c = f32x4.splat(3);
  let d = f32x4.splat(4);
  let e = f32x4.splat(5);
  let f = f32x4.splat(6);
  let g = f32x4.splat(7);
  let h = f32x4.splat(8);
  let i = f32x4.splat(9);
  let j = f32x4.splat(10);
  let k = f32x4.splat(11);
  let l = f32x4.splat(12);
  for (let round = 0; round < rounds; round++) {
    a = f32x4.add(a, f32x4.mul(b, w));
    b = f32x4.add(b, f32x4.mul(c, w));
    c = f32x4.add(c, f32x4.mul(d, w));
    d = f32x4.add(d, f32x4.mul(e, w));
    e = f32x4.add(e, f32x4.mul(f, w));
    f = f32x4.add(f, f32x4.mul(g, w));
    g = f32x4.add(g, f32x4.mul(h, w));
    h = f32x4.add(h, f32x4.mul(i, w));
    i = f32x4.add(i, f32x4.mul(j, w));
    j = f32x4.add(j, f32x4.mul(k, w));
    k = f32x4.add(k, f32x4.mul(l, w));
    l = f32x4.add(l, f32x4.mul(a, w));
  }
  let sum = a;
  sum = f32x4.add(sum, b);
  sum = f32x4.add(sum, c);
  sum = f32x4.add(sum, d);
  sum = f32x4.add(sum, e);
  sum = f32x4.add(sum, f);
  sum = f32x4.add(sum, g);
  sum = f32x4.add(sum, h);
  sum = f32x4.add(sum, i);
  sum = f32x4.add(sum, j);
  sum = f32x4.add(sum, k);
  sum = f32x4.add(sum, l);
  return f32x4.extract_lane(sum, 0);
}
