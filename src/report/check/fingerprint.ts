/** FNV-1a with 128 bits. Source: Fowler, Noll and Vo; RFC 9923. */
const OFFSET = 0x6c62272e07bb014262b821756295c58dn;
const PRIME = 0x0000000001000000000000000000013bn;
const MASK = (1n << 128n) - 1n;

/** A name for a finding, 32 hexadecimal digits that stay the same as long as its parts do. It keeps no secret. */
export const fingerprint = (parts: readonly string[]): string =>
  new TextEncoder()
    .encode(JSON.stringify(parts))
    .reduce((hash, byte) => ((hash ^ BigInt(byte)) * PRIME) & MASK, OFFSET)
    .toString(16)
    .padStart(32, '0');
