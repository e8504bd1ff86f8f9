import * as fc from 'fast-check';

/** Text of any code points, lone surrogates too. The "binary" of fast-check lists all of them first, which takes a second. */
export const anyText = (maxLength?: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.nat(0x10ffff).map((point) => String.fromCodePoint(point)), ...(maxLength !== undefined && { maxLength }) });
