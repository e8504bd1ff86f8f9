import { elements, type Shape } from '../core/shape.ts';
import type { ByteSource } from '../onnx/file/bytes.ts';
import { fail } from '../problems/problem.ts';
import { checkPlaces, damaged, MAX_HEADER, MAX_TENSORS, type Placed, type StoredTensor, type WeightFile } from './weight-file.ts';

/** Bits of an element. Source: huggingface/safetensors, safetensors/src/tensor.rs, Dtype::bitsize. */
const BITS: Readonly<Partial<Record<string, bigint>>> = {
  BOOL: 8n,
  F4: 4n,
  F6_E2M3: 6n,
  F6_E3M2: 6n,
  U8: 8n,
  I8: 8n,
  F8_E5M2: 8n,
  F8_E4M3: 8n,
  F8_E8M0: 8n,
  I16: 16n,
  U16: 16n,
  F16: 16n,
  BF16: 16n,
  I32: 32n,
  U32: 32n,
  F32: 32n,
  C64: 64n,
  F64: 64n,
  I64: 64n,
  U64: 64n,
};

const LENGTH = 8;
const METADATA = '__metadata__';

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isSpan = (value: unknown): value is readonly [number, number] => {
  if (!Array.isArray(value) || value.length !== 2 || !value.every(isSize)) return false;
  const [from, to] = value as [number, number];
  return from <= to;
};
const isShape = (value: unknown): value is Shape => Array.isArray(value) && value.length <= 64 && value.every(isSize);

/** The text of the header, and the byte behind it. */
function headerOf(source: ByteSource, path: string): { text: string; end: number } {
  const first = new Uint8Array(LENGTH);
  if (source.read(0, first) < LENGTH) throw fail('WEIGHTS_TRUNCATED', { path, size: source.size, needs: BigInt(LENGTH) });
  const length = new DataView(first.buffer).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER)) throw damaged(path, 0, `the header is said to have ${length} bytes, and may have ${MAX_HEADER}`);
  const end = LENGTH + Number(length);
  if (end > source.size) throw fail('WEIGHTS_TRUNCATED', { path, size: source.size, needs: BigInt(end) });
  const bytes = new Uint8Array(Number(length));
  source.read(LENGTH, bytes);
  // What is not UTF-8 becomes a sign that stands for it, in a name at most.
  return { text: new TextDecoder().decode(bytes), end };
}

/** What a text of JSON says; nothing where it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function entriesOf(text: string, path: string): [string, unknown][] {
  const header = parsed(text);
  if (header === undefined) throw damaged(path, LENGTH, 'the header is not JSON');
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw damaged(path, LENGTH, 'the header is no map of tensors');
  const entries = Object.entries(header).filter(([name]) => name !== METADATA);
  if (entries.length > MAX_TENSORS) throw damaged(path, LENGTH, `the header has ${entries.length} tensors, and may have ${MAX_TENSORS}`);
  return entries;
}

function placedOf([name, value]: [string, unknown], path: string): Placed {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const wrong = (reason: string) => damaged(path, LENGTH, `of the tensor "${name}" ${reason}`);
  const bits = typeof dtype === 'string' && Object.hasOwn(BITS, dtype) ? BITS[dtype] : undefined;
  if (bits === undefined) throw wrong(`the type is ${JSON.stringify(dtype)}, which is none of ${Object.keys(BITS).join(', ')}`);
  if (!isShape(shape)) throw wrong(`the shape is ${JSON.stringify(shape)}, which is no list of sizes`);
  if (!isSpan(offsets)) throw wrong(`the offsets are ${JSON.stringify(offsets)}, which are no two rising numbers`);
  const count = elements(shape);
  const bytes = BigInt(offsets[1]) - BigInt(offsets[0]);
  if (bytes * 8n !== count * bits)
    throw wrong(`the offsets leave ${bytes} bytes, but ${shape.join('×') || 'one element'} of ${dtype} takes ${(count * bits + 7n) / 8n}`);
  const tensor: StoredTensor = { name, type: dtype as string, shape, elements: count, bytes };
  return { tensor, from: BigInt(offsets[0]) };
}

/**
 * Reads the header of a safetensors file.
 * @throws ProblemError where the file is cut off, or its header contradicts itself.
 * Source: huggingface/safetensors, README, "Format".
 */
export function readSafetensors(source: ByteSource, path: string): WeightFile {
  const { text, end } = headerOf(source, path);
  const placed = entriesOf(text, path).map((entry) => placedOf(entry, path));
  checkPlaces(path, source.size, end, placed);
  const held = placed.reduce((sum, { tensor }) => sum + tensor.bytes, 0n);
  const there = BigInt(source.size - end);
  if (held !== there) throw damaged(path, end, `the tensors take ${held} bytes, but ${there} follow the header`);
  return { file: path, tensors: placed.map(({ tensor }) => tensor) };
}
