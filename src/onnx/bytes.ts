/** Something with bytes that are read in windows: a file on a disk, or a buffer. */
export interface ByteSource {
  readonly size: number;
  /** Fills `into` from `offset` on; fewer bytes than asked for mean that the file ended. */
  read(offset: number, into: Uint8Array): number;
}
