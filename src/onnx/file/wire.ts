import { fail } from '../../problems/problem.ts';
import type { ByteSource } from './bytes.ts';

/**
 * Protocol Buffers' wire format, read in windows: what a field table does not name, and the data of tensors, is stepped over
 * without being read. The format: https://protobuf.dev/programming-guides/encoding
 */

/** Messages within messages; protobuf's own readers stop at the same depth. */
const MAX_DEPTH = 100;
/** Fields of all messages together, elements of lists included: a network of 100,000 nodes has about four million. */
const MAX_FIELDS = 2 ** 23;
/** Names, nodes, attributes, values and tensors: what is kept in memory. A network of 100,000 nodes has nearly as many. */
const MAX_KEPT = 2 ** 20;
/** Bytes of a name, or of an attribute that is a text. */
const MAX_TEXT = 2 ** 16;
/** Bytes of all of them together. */
const MAX_TEXTS = 2 ** 26;

const WINDOW = 2 ** 16;
/** Read after a jump: behind the data of a tensor come few bytes, then often the next. */
const FIRST_WINDOW = 2 ** 12;

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const GROUP = 3;
const GROUP_END = 4;
const FIXED32 = 5;

/** Where bytes of the source lie. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/**
 * What to do with a field that was met: it reads the value and takes it into the message. `false` where the value is
 * encoded as something else than declared; it is then stepped over, as a field that is not known.
 */
type Field<M> = (into: M, reader: WireReader, wire: number) => boolean;

/** The fields of a message by their numbers; others are stepped over. */
export type MessageFields<M> = Readonly<Record<number, Field<M>>>;

const LOW = 2 ** 28;

/** Reads one source from its begin to its end. Throws a `ProblemError` with the offset where the bytes make no sense. */
export class WireReader {
  readonly #source: ByteSource;
  readonly #file: string;
  readonly #window = new Uint8Array(WINDOW);
  #windowAt = 0;
  #filled = 0;
  #at = 0;
  /** Where the message ends that is being read. */
  #end: number;
  #depth = 0;
  #fields = 0;
  #kept = 0;
  #texts = 0;
  // A varint in three parts: bits 0 to 27, 28 to 55 and 56 to 63.
  #low = 0;
  #middle = 0;
  #high = 0;

  constructor(source: ByteSource, file: string, { offset, length }: ByteRange = { offset: 0, length: source.size }) {
    this.#source = source;
    this.#file = file;
    this.#at = offset;
    this.#end = offset + length;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#end;
  }

  malformed(reason: string, offset = this.#at): Error {
    return fail('ONNX_MALFORMED', { path: this.#file, offset, reason });
  }

  #truncated(needs: number): Error {
    return fail('ONNX_TRUNCATED', { path: this.#file, size: this.#source.size, needs });
  }

  #tooLarge(what: string, limit: number): Error {
    return fail('ONNX_TOO_LARGE', { path: this.#file, what, limit });
  }

  /** Counts a field or element that was met, so that reading ends. */
  #count(): void {
    if (++this.#fields > MAX_FIELDS) throw this.#tooLarge('fields apart from the data of tensors', MAX_FIELDS);
  }

  /** Counts a thing that takes memory as long as the model does. */
  keep(): void {
    if (++this.#kept > MAX_KEPT) throw this.#tooLarge('names, nodes, attributes, values and tensors', MAX_KEPT);
  }

  #byte(): number {
    let index = this.#at - this.#windowAt;
    if (index < 0 || index >= this.#filled) {
      const size = index === this.#filled && this.#filled > 0 ? WINDOW : FIRST_WINDOW;
      this.#filled = this.#source.read(this.#at, this.#window.subarray(0, Math.min(size, this.#source.size - this.#at)));
      this.#windowAt = this.#at;
      index = 0;
      if (this.#filled === 0) throw this.#truncated(this.#at + 1);
    }
    this.#at++;
    return this.#window[index] as number;
  }

  /** Bytes as they are; call it only with a length that was checked. */
  #bytes(length: number): Uint8Array {
    const index = this.#at - this.#windowAt;
    const at = this.#at;
    this.#at += length;
    if (index >= 0 && index + length <= this.#filled) return this.#window.subarray(index, index + length);
    const bytes = new Uint8Array(length);
    if (this.#source.read(at, bytes) < length) throw this.#truncated(this.#at);
    return bytes;
  }

  #varint(): void {
    const start = this.#at;
    this.#low = 0;
    this.#middle = 0;
    this.#high = 0;
    for (let index = 0; index < 10; index++) {
      if (this.isAtEnd)
        throw this.#end === this.#source.size ? this.#truncated(this.#at + 1) : this.malformed('a number does not end', start);
      const byte = this.#byte();
      const bits = byte & 0x7f;
      if (index < 4) this.#low += bits << (7 * index);
      else if (index < 8) this.#middle += bits << (7 * (index - 4));
      else this.#high |= (bits << (7 * (index - 8))) & 0xff;
      if (byte < 0x80) return;
    }
    throw this.malformed('a number has more than 10 bytes', start);
  }

  /** An unsigned number of 64 bits: exact, and a `number` within 2^53. */
  unsigned(): number | bigint {
    const start = this.#at;
    // Most numbers are a single byte.
    if (start < this.#end) {
      const byte = this.#byte();
      if (byte < 0x80) return byte;
      this.#at = start;
    }
    this.#varint();
    if (this.#high === 0 && this.#middle < 2 ** 25) return this.#low + this.#middle * LOW;
    return BigInt(this.#low) + (BigInt(this.#middle) << 28n) + (BigInt(this.#high) << 56n);
  }

  /** A signed number of 64 bits: exact, and a `number` within 2^53. */
  signed(): number | bigint {
    const value = this.unsigned();
    if (typeof value === 'number') return value;
    const signed = BigInt.asIntN(64, value);
    return signed >= BigInt(Number.MIN_SAFE_INTEGER) && signed <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(signed) : signed;
  }

  /** The length of what follows, checked against what there is. */
  #length(): number {
    const start = this.#at;
    const length = Number(this.unsigned());
    if (this.#at + length <= this.#end) return length;
    if (this.#end === this.#source.size) throw this.#truncated(this.#at + length);
    throw this.malformed(`${length} bytes are announced, but what they belong to ends after ${this.#end - this.#at}`, start);
  }

  fixed(length: 4 | 8): DataView {
    if (this.#at + length > this.#end) {
      if (this.#end === this.#source.size) throw this.#truncated(this.#at + length);
      throw this.malformed('a number does not end');
    }
    const { buffer, byteOffset } = this.#bytes(length);
    return new DataView(buffer, byteOffset, length);
  }

  /** Steps over bytes with their length before them, and says where they lie. */
  #run(): ByteRange {
    const length = this.#length();
    const run = { offset: this.#at, length };
    this.#at += length;
    return run;
  }

  /** Steps over a value, and says where it lies. */
  find(wire: number): ByteRange {
    if (wire === BYTES) return this.#run();
    const offset = this.#at;
    this.skip(wire, 0);
    return { offset, length: this.#at - offset };
  }

  /** A text, or `undefined` where it is longer than a name may be. */
  #text(decoder: InstanceType<typeof TextDecoder>): string | undefined {
    const length = this.#length();
    if (length > MAX_TEXT) {
      this.#at += length;
      return undefined;
    }
    this.keep();
    this.#texts += length;
    if (this.#texts > MAX_TEXTS) throw this.#tooLarge('bytes of names', MAX_TEXTS);
    return decoder.decode(this.#bytes(length));
  }

  /** A name: UTF-8, and not of any length. */
  name(): string {
    const start = this.#at;
    let name: string | undefined;
    try {
      name = this.#text(strict);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      throw this.malformed('a name is not UTF-8', start);
    }
    if (name === undefined) throw this.#tooLarge('bytes in a name', MAX_TEXT);
    return name;
  }

  /** Bytes that are a text by custom. */
  text(): string | undefined {
    return this.#text(lenient);
  }

  /** Steps over a value. */
  skip(wire: number, field: number): void {
    if (wire === VARINT) this.#varint();
    else if (wire === FIXED64) this.fixed(8);
    else if (wire === BYTES) this.#run();
    else if (wire === FIXED32) this.fixed(4);
    else if (wire === GROUP) this.#skipGroup(field);
    else throw this.malformed(`there is no wire type ${wire} here`);
  }

  /** Steps over the fields of a group, an old form of messages that ends with a mark. */
  #skipGroup(group: number): void {
    this.#enter();
    const end = 8 * group + GROUP_END;
    for (;;) {
      if (this.isAtEnd) throw this.malformed(`group ${group} does not end`);
      const tag = this.#tag();
      if (tag === end) break;
      this.skip(tag % 8, Math.floor(tag / 8));
    }
    this.#depth--;
  }

  #enter(): void {
    if (this.#depth >= MAX_DEPTH) throw fail('ONNX_TOO_DEEP', { path: this.#file, offset: this.#at, limit: MAX_DEPTH });
    this.#depth++;
  }

  /** Eight times the number of the next field, and how its value is encoded. */
  #tag(): number {
    const start = this.#at;
    this.#count();
    const tag = Number(this.unsigned());
    if (tag < 8 || tag >= 2 ** 32) throw this.malformed(`there is no field ${Math.floor(tag / 8)}`, start);
    return tag;
  }

  /** Reads the fields of a message up to its end. */
  fields<M>(into: M, fields: MessageFields<M>): void {
    while (!this.isAtEnd) {
      const tag = this.#tag();
      const field = Math.floor(tag / 8);
      const wire = tag % 8;
      const read = fields[field];
      if (read === undefined || !read(into, this, wire)) this.skip(wire, field);
    }
  }

  /** Reads a message with its length before it. Returns where it begins. */
  message<M>(into: M, fields: MessageFields<M>): number {
    const length = this.#length();
    const offset = this.#at;
    const outer = this.#end;
    this.#enter();
    this.#end = offset + length;
    this.fields(into, fields);
    this.#depth--;
    this.#end = outer;
    return offset;
  }

  /** Reads values that are packed into one field, one after the other. */
  packed(take: () => void): void {
    const length = this.#length();
    const outer = this.#end;
    this.#end = this.#at + length;
    while (!this.isAtEnd) {
      this.#count();
      take();
    }
    this.#end = outer;
  }
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** A field that is a name. */
export const name =
  <M>(take: (into: M, name: string) => void): Field<M> =>
  (into, reader, wire) => {
    if (wire !== BYTES) return false;
    take(into, reader.name());
    return true;
  };

/** A field that is bytes, by custom a text; `undefined` where they are too many for one. */
export const textField =
  <M>(take: (into: M, text: string | undefined) => void): Field<M> =>
  (into, reader, wire) => {
    if (wire !== BYTES) return false;
    take(into, reader.text());
    return true;
  };

/** A field that is a signed number, or a list of them. Numbers past 2^53 are rounded to the nearest double. */
export const integers =
  <M>(take: (into: M, value: number) => void): Field<M> =>
  (into, reader, wire) => {
    if (wire === VARINT) take(into, Number(reader.signed()));
    else if (wire === BYTES) reader.packed(() => take(into, Number(reader.signed())));
    else return false;
    return true;
  };

/** A field that is a number of 32 bits with a floating point, or a list of them. */
export const floats =
  <M>(take: (into: M, value: number) => void): Field<M> =>
  (into, reader, wire) => {
    if (wire === FIXED32) take(into, reader.fixed(4).getFloat32(0, true));
    else if (wire === BYTES) reader.packed(() => take(into, reader.fixed(4).getFloat32(0, true)));
    else return false;
    return true;
  };

/** A field that is a message: it is read into what `open` gives, and then taken. */
export const message =
  <M, Inner>(
    open: (into: M) => Inner,
    fields: () => MessageFields<Inner>,
    take?: (into: M, inner: Inner, offset: number) => void,
  ): Field<M> =>
  (into, reader, wire) => {
    if (wire !== BYTES) return false;
    const inner = open(into);
    const offset = reader.message(inner, fields());
    if (take !== undefined) {
      reader.keep();
      take(into, inner, offset);
    }
    return true;
  };

/** A field whose value is not read, only found: bytes, values packed into one field, or each in its own. */
export const run =
  <M>(take: (into: M, run: ByteRange) => void): Field<M> =>
  (into, reader, wire) => {
    if (wire === GROUP || wire === GROUP_END) return false;
    reader.keep();
    take(into, reader.find(wire));
    return true;
  };
