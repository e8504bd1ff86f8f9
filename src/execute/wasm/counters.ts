// What the kernels executed since the counters were last read; they grow where the operations stand, by the lanes that these had.

export let macs: i64 = 0;
/** Those of `macs` that had a padded zero for a factor. */
export let macsOnPadding: i64 = 0;
export let multiplies: i64 = 0;
export let adds: i64 = 0;
export let divides: i64 = 0;
export let compares: i64 = 0;
export let subtracts: i64 = 0;
export let exps: i64 = 0;
export let tanhs: i64 = 0;
export let erfs: i64 = 0;
export let sqrts: i64 = 0;
/** Those of `macs` for positions that a mask makes useless. */
export let maskedMacs: i64 = 0;

/** Starts anew. */
export function reset(): void {
  macs = 0;
  macsOnPadding = 0;
  multiplies = 0;
  adds = 0;
  divides = 0;
  compares = 0;
  subtracts = 0;
  exps = 0;
  tanhs = 0;
  erfs = 0;
  sqrts = 0;
  maskedMacs = 0;
}

// @ts-ignore: decorator
@inline
export function countMacs(lanes: i64, onPadding: i64): void {
  macs += lanes;
  macsOnPadding += onPadding;
}

// @ts-ignore: decorator
@inline
export function countAdds(lanes: i64): void {
  adds += lanes;
}

// @ts-ignore: decorator
@inline
export function countMultiplies(lanes: i64): void {
  multiplies += lanes;
}

// @ts-ignore: decorator
@inline
export function countDivides(lanes: i64): void {
  divides += lanes;
}

// @ts-ignore: decorator
@inline
export function countCompares(lanes: i64): void {
  compares += lanes;
}

// @ts-ignore: decorator
@inline
export function countSubtracts(lanes: i64): void {
  subtracts += lanes;
}

// @ts-ignore: decorator
@inline
export function countExps(lanes: i64): void {
  exps += lanes;
}

// @ts-ignore: decorator
@inline
export function countTanhs(lanes: i64): void {
  tanhs += lanes;
}

// @ts-ignore: decorator
@inline
export function countErfs(lanes: i64): void {
  erfs += lanes;
}

// @ts-ignore: decorator
@inline
export function countSqrts(lanes: i64): void {
  sqrts += lanes;
}

// @ts-ignore: decorator
@inline
export function countMasked(macs: i64): void {
  maskedMacs += macs;
}
