/** Something with bytes that are read in windows: a file on a disk, or a buffer. */
export interface ByteSource {
  readonly size: number;
  /** Fills `into` from `offset` on; fewer bytes than asked for mean that the file ended. */
  read(offset: number, into: Uint8Array): number;
}

/** Bytes in memory, to be read like a file. */
export const bufferSource = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  read(offset, into) {
    const part = bytes.subarray(offset, offset + into.length);
    into.set(part);
    return part.length;
  },
});
