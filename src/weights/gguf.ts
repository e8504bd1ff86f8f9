import { elements } from '../core/shape.ts';
import type { ByteSource } from '../onnx/file/bytes.ts';
import { fail } from '../problems/problem.ts';
import { checkPlaces, damaged, MAX_HEADER, MAX_TENSORS, type Placed, type WeightFile } from './weight-file.ts';

/** Types by number: name, elements of a block, bytes of a block. Source: ggml-org/llama.cpp, gguf-py/gguf/constants.py, GGML_QUANT_SIZES. */
const TYPES: ReadonlyMap<number, readonly [name: string, block: number, bytes: number]> = new Map([
  [0, ['F32', 1, 4]],
  [1, ['F16', 1, 2]],
  [2, ['Q4_0', 32, 18]],
  [3, ['Q4_1', 32, 20]],
  [6, ['Q5_0', 32, 22]],
  [7, ['Q5_1', 32, 24]],
  [8, ['Q8_0', 32, 34]],
  [10, ['Q2_K', 256, 84]],
  [11, ['Q3_K', 256, 110]],
  [12, ['Q4_K', 256, 144]],
  [13, ['Q5_K', 256, 176]],
  [14, ['Q6_K', 256, 210]],
  [15, ['Q8_K', 256, 292]],
  [16, ['IQ2_XXS', 256, 66]],
  [17, ['IQ2_XS', 256, 74]],
  [18, ['IQ3_XXS', 256, 98]],
  [19, ['IQ1_S', 256, 50]],
  [20, ['IQ4_NL', 32, 18]],
  [21, ['IQ3_S', 256, 110]],
  [22, ['IQ2_S', 256, 82]],
  [23, ['IQ4_XS', 256, 136]],
  [24, ['I8', 1, 1]],
  [25, ['I16', 1, 2]],
  [26, ['I32', 1, 4]],
  [27, ['I64', 1, 8]],
  [28, ['F64', 1, 8]],
  [29, ['IQ1_M', 256, 56]],
  [30, ['BF16', 1, 2]],
  [34, ['TQ1_0', 256, 54]],
  [35, ['TQ2_0', 256, 66]],
  [39, ['MXFP4', 32, 17]],
]);

const WINDOW = 2 ** 16;
const MAX_NAME = 2 ** 16;
const MAX_DEPTH = 4;
const MAX_AXES = 8;
const STRING = 8;
const ARRAY = 9;
const UINT32 = 4;
/** Bytes of a value of metadata, by the number of its type. */
const VALUE_BYTES: Readonly<Partial<Record<number, number>>> = { 0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8 };

/** Reads a header from front to back, through a window of fixed size. */
class Header {
  offset = 0;
  readonly #source: ByteSource;
  readonly #path: string;
  #window = new Uint8Array(0);
  #from = 0;

  constructor(source: ByteSource, path: string) {
    this.#source = source;
    this.#path = path;
  }

  fail(reason: string) {
    return damaged(this.#path, this.offset, reason);
  }

  skip(count: bigint): void {
    const end = BigInt(this.offset) + count;
    if (end > BigInt(this.#source.size)) throw fail('WEIGHTS_TRUNCATED', { path: this.#path, size: this.#source.size, needs: end });
    if (end > BigInt(MAX_HEADER)) throw this.fail(`the header has more than ${MAX_HEADER} bytes, which is the limit`);
    this.offset = Number(end);
  }

  bytes(count: number): Uint8Array {
    const start = this.offset;
    this.skip(BigInt(count));
    if (start < this.#from || this.offset > this.#from + this.#window.length) {
      const window = new Uint8Array(Math.max(WINDOW, count));
      this.#window = window.subarray(0, this.#source.read(start, window));
      this.#from = start;
    }
    return this.#window.subarray(start - this.#from, this.offset - this.#from);
  }

  view(count: number): DataView {
    const bytes = this.bytes(count);
    return new DataView(bytes.buffer, bytes.byteOffset, count);
  }

  uint32(): number {
    return this.view(4).getUint32(0, true);
  }

  uint64(): bigint {
    return this.view(8).getBigUint64(0, true);
  }

  name(): string {
    const length = this.uint64();
    if (length > BigInt(MAX_NAME)) throw this.fail(`a name is said to have ${length} bytes, and may have ${MAX_NAME}`);
    return new TextDecoder().decode(this.bytes(Number(length)));
  }

  skipValue(type: number, depth = 0): void {
    const size = VALUE_BYTES[type];
    if (size !== undefined) this.skip(BigInt(size));
    else if (type === STRING) this.skip(this.uint64());
    else if (type === ARRAY && depth < MAX_DEPTH) this.#skipArray(depth);
    else throw this.fail(`a value has the type ${type}, which there is not, or lists are nested deeper than ${MAX_DEPTH}`);
  }

  #skipArray(depth: number): void {
    const type = this.uint32();
    const length = this.uint64();
    const size = VALUE_BYTES[type];
    if (size !== undefined) this.skip(length * BigInt(size));
    // Each element takes bytes, so that the end of the file, or the limit, ends this.
    else for (let index = 0n; index < length; index++) this.skipValue(type, depth + 1);
  }
}

const ALIGNMENT = 'general.alignment';

/** Bytes that data is aligned to: that of the metadata, or the usual. */
function alignmentOf(header: Header, entries: bigint): bigint {
  let alignment = 32n;
  for (let index = 0n; index < entries; index++) {
    const key = header.name();
    const type = header.uint32();
    if (key === ALIGNMENT && type === UINT32) {
      alignment = BigInt(header.uint32());
      if (alignment === 0n || alignment % 8n !== 0n) throw header.fail(`${ALIGNMENT} is ${alignment}, but must be a multiple of 8`);
    } else header.skipValue(type);
  }
  return alignment;
}

function placedOf(header: Header, alignment: bigint): Placed {
  const name = header.name();
  const axes = header.uint32();
  if (axes > MAX_AXES) throw header.fail(`the tensor "${name}" is said to have ${axes} axes, and may have ${MAX_AXES}`);
  const sizes = Array.from({ length: axes }, () => header.uint64());
  const large = sizes.find((size) => size > BigInt(Number.MAX_SAFE_INTEGER));
  if (large !== undefined) throw header.fail(`an axis of the tensor "${name}" has the size ${large}, which is 2^53 or more`);
  const number = header.uint32();
  const type = TYPES.get(number);
  if (type === undefined) throw header.fail(`the tensor "${name}" has the type ${number}, which is not known`);
  const [typeName, block, blockBytes] = type;
  if ((sizes[0] ?? 1n) % BigInt(block) !== 0n)
    throw header.fail(
      `rows of the tensor "${name}" have ${sizes[0]} elements, which blocks of ${block}, as ${typeName} has, do not divide`,
    );
  const from = header.uint64();
  if (from % alignment !== 0n) throw header.fail(`the tensor "${name}" begins at ${from}, which is no multiple of ${alignment}`);
  const shape = sizes.map(Number).toReversed();
  const count = elements(shape);
  const bytes = (count / BigInt(block)) * BigInt(blockBytes);
  return { tensor: { name, type: typeName, shape, elements: count, bytes }, from };
}

/**
 * Reads the header of a GGUF file, of version 2 or 3.
 * @throws ProblemError where the file is cut off, or its header contradicts itself.
 * Source: ggml-org/ggml, docs/gguf.md.
 */
export function readGguf(source: ByteSource, path: string): WeightFile {
  const header = new Header(source, path);
  const magic = String.fromCharCode(...header.bytes(4));
  if (magic !== 'GGUF') throw damaged(path, 0, `there is ${JSON.stringify(magic)}, but a GGUF file begins with "GGUF"`);
  const version = header.uint32();
  if (version !== 2 && version !== 3) throw header.fail(`the version is ${version}, and known are 2 and 3`);
  const count = header.uint64();
  const entries = header.uint64();
  if (count > BigInt(MAX_TENSORS)) throw header.fail(`there are said to be ${count} tensors, and there may be ${MAX_TENSORS}`);
  const alignment = alignmentOf(header, entries);
  const placed = Array.from({ length: Number(count) }, () => placedOf(header, alignment));
  const names = new Set(placed.map(({ tensor }) => tensor.name));
  if (names.size < placed.length) throw header.fail('two tensors have the same name');
  const start = ((BigInt(header.offset) + alignment - 1n) / alignment) * alignment;
  checkPlaces(path, source.size, Number(start), placed);
  return { file: path, tensors: placed.map(({ tensor }) => tensor) };
}
