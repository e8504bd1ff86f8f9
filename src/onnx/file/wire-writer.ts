/** Writes Protocol Buffers: https://protobuf.dev/programming-guides/encoding. Only what ONNX files need. */

/** Bytes that are made when they are written, so that weights need not all be in memory. */
export interface Later {
  readonly size: number;
  chunks(): Iterable<Uint8Array>;
}

export type Chunk = Uint8Array | Later;

/** The encoding of a message, or a part of it: pieces one after the other. */
export type Chunks = readonly Chunk[];

const utf8 = new TextEncoder();

/** Wire types. */
const VARINT = 0;
const SIZED = 2;
const FIXED32 = 5;

const isLater = (piece: Chunk): piece is Later => 'chunks' in piece;

/** How many bytes the pieces come to. */
export const sizeOf = (pieces: Chunks): number => pieces.reduce((sum, piece) => sum + (isLater(piece) ? piece.size : piece.length), 0);

/** All bytes, in order. */
export function* chunksOf(pieces: Chunks): Generator<Uint8Array> {
  for (const piece of pieces) {
    if (isLater(piece)) yield* piece.chunks();
    else yield piece;
  }
}

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return [...bytes, Number(rest)];
}

const tag = (field: number, wire: number): number[] => varint(BigInt(field * 8 + wire));

/** A whole number; a negative one takes ten bytes. */
export const int = (field: number, value: number | bigint): Chunks => [Uint8Array.from([...tag(field, VARINT), ...varint(BigInt(value))])];

/** A number in single precision. */
export function float(field: number, value: number): Chunks {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return [Uint8Array.from([...tag(field, FIXED32), ...bytes])];
}

/** A message, or bytes, with its length before it. */
export const message = (field: number, ...parts: readonly Chunks[]): Chunks => {
  const pieces = parts.flat();
  return [Uint8Array.from([...tag(field, SIZED), ...varint(BigInt(sizeOf(pieces)))]), ...pieces];
};

export const writeText = (field: number, value: string): Chunks => message(field, [utf8.encode(value)]);

/** Whole numbers one after the other, without tags. */
export const packed = (field: number, values: readonly (number | bigint)[]): Chunks =>
  message(field, [Uint8Array.from(values.flatMap((value) => varint(BigInt(value))))]);
