import { elements, formatShape } from '../../core/shape.ts';
import { fail } from '../../problems/problem.ts';
import type { ByteSource } from './bytes.ts';
import { bytesOf, type DataField, ENCODINGS, type Encoding, elementType } from './element-types.ts';
import type { OnnxElement, OnnxTensor } from './model.ts';
import { type ByteRange, integers, type MessageFields, message, name, run, textField, WireReader } from './wire.ts';

/** The most elements that are read of a tensor: more are weights, whose values no count depends on. */
export const MAX_READ_ELEMENTS = 2 ** 20;

/** Axes of a tensor; NumPy has the same limit. */
export const MAX_RANK = 64;

/** Where the bytes of a model are. */
export interface Files {
  readonly source: ByteSource;
  readonly file: string;
  /** Opens a file beside the model; `undefined` where there is none that may be opened. */
  readonly external: (location: string) => ByteSource | undefined;
}

/** A TensorProto as its fields come in. */
export interface TensorDraft {
  name: string;
  type: number;
  readonly shape: number[];
  raw: ByteRange | undefined;
  /** Runs of elements, by the field that they are in. */
  data: Map<DataField, ByteRange[]> | undefined;
  /** Keys and values of its external data. */
  external: Map<string, string> | undefined;
  isExternal: boolean;
}

export const draftTensor = (): TensorDraft => ({
  name: '',
  type: 0,
  shape: [],
  raw: undefined,
  data: undefined,
  external: undefined,
  isExternal: false,
});

const data = (field: DataField) =>
  run<TensorDraft>((into, found) => {
    into.data ??= new Map();
    const runs = into.data.get(field);
    if (runs === undefined) into.data.set(field, [found]);
    else runs.push(found);
  });

interface Entry {
  key: string;
  value: string | undefined;
}

/** A StringStringEntryProto. */
const ENTRY: MessageFields<Entry> = {
  1: name((into, key) => {
    into.key = key;
  }),
  2: textField((into, value) => {
    into.value = value;
  }),
};

/** A TensorProto. */
export const TENSOR: MessageFields<TensorDraft> = {
  1: integers((into, size) => into.shape.push(size)),
  2: integers((into, type) => {
    into.type = type;
  }),
  4: data('float_data'),
  5: data('int32_data'),
  6: data('string_data'),
  7: data('int64_data'),
  8: name((into, text) => {
    into.name = text;
  }),
  9: run((into, found) => {
    into.raw = found;
  }),
  10: data('double_data'),
  11: data('uint64_data'),
  13: message(
    (): Entry => ({ key: '', value: undefined }),
    () => ENTRY,
    (into, { key, value }) => {
      into.external ??= new Map();
      if (value !== undefined) into.external.set(key, value);
    },
  ),
  14: integers((into, location) => {
    into.isExternal = location === 1;
  }),
};

const malformed = ({ file }: Files, offset: number, tensor: string, reason: string): Error =>
  fail('ONNX_MALFORMED', { path: file, offset, reason: `${tensor} ${reason}` });

/** The tensor that a draft means; `offset` is where it stands. Throws a `ProblemError` where its shape, type and data do not go together. */
export function finishTensor(draft: TensorDraft, files: Files, offset: number): OnnxTensor {
  const { shape } = draft;
  const raw = draft.raw?.length === 0 ? undefined : draft.raw;
  const called = `the tensor "${draft.name}"`;
  const type = elementType(draft.type);
  if (type === undefined) throw malformed(files, offset, called, `has elements of the type ${draft.type}, which is not known`);
  if (shape.length > MAX_RANK) throw malformed(files, offset, called, `has ${shape.length} axes, more than ${MAX_RANK}`);
  if (!shape.every((size) => size >= 0 && Number.isSafeInteger(size)))
    throw malformed(files, offset, called, `has a size that is negative or past 2^53 among [${shape.join(', ')}]`);
  const count = elements(shape);
  const needed = bytesOf(type, count);
  // Tools that strip models of their weights leave no bytes.
  if (raw !== undefined && type !== 'string' && BigInt(raw.length) !== needed)
    throw malformed(files, offset, called, `of ${formatShape(shape)} ${type} takes ${needed} bytes, but has ${raw.length}`);
  if (count > MAX_READ_ELEMENTS) return { name: draft.name, type, shape, elements: () => undefined };
  // A loop asks for them as often as it comes by.
  let elementsRead: { readonly all: readonly OnnxElement[] | undefined } | undefined;
  const read = (): readonly OnnxElement[] | undefined => {
    elementsRead ??= {
      all: readElements({ ...draft, raw }, { count: Number(count), bytes: Number(needed) }, ENCODINGS[type], files, offset),
    };
    return elementsRead.all;
  };
  return { name: draft.name, type, shape, elements: read };
}

interface Amount {
  readonly count: number;
  readonly bytes: number;
}

function readElements(
  draft: TensorDraft,
  amount: Amount,
  encoding: Encoding,
  files: Files,
  offset: number,
): readonly OnnxElement[] | undefined {
  const { count } = amount;
  if (count === 0) return [];
  if (encoding.bits === 0) return readTexts(draft, count, files, offset);
  const { read } = encoding;
  if (read === undefined) return undefined;
  const bytes = draft.isExternal ? externalBytes(draft, amount, files) : ownBytes(draft, amount, encoding, files, offset);
  if (bytes === undefined) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: count }, (_, index) => read(view, index));
}

function readRun(source: ByteSource, { offset, length }: ByteRange, file: string): Uint8Array {
  const needs = offset + length;
  const truncated = () => fail('ONNX_TRUNCATED', { path: file, size: source.size, needs });
  // Before anything is allocated, the bytes must be there.
  if (needs > source.size) throw truncated();
  const bytes = new Uint8Array(length);
  if (source.read(offset, bytes) < length) throw truncated();
  return bytes;
}

/** A number that external data state as a text. */
const position = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;

function externalBytes({ external }: TensorDraft, { bytes }: Amount, files: Files): Uint8Array | undefined {
  const location = external?.get('location');
  const source = location === undefined ? undefined : files.external(location);
  const offset = position(external?.get('offset') ?? '0');
  if (source === undefined || offset === undefined) return undefined;
  return readRun(source, { offset, length: bytes }, location as string);
}

function ownBytes(draft: TensorDraft, amount: Amount, encoding: Encoding, files: Files, offset: number): Uint8Array | undefined {
  if (draft.raw !== undefined) return readRun(files.source, draft.raw, files.file);
  const runs = draft.data?.get(encoding.field);
  // No data at all: some tools strip models of their weights so.
  if (runs === undefined) return undefined;
  const bytes = new Uint8Array(amount.bytes);
  const end = PUT[encoding.field](new DataView(bytes.buffer), encoding.bits, runs, files);
  if (end !== amount.bytes)
    throw malformed(
      files,
      offset,
      `the tensor "${draft.name}"`,
      `of ${formatShape(draft.shape)} has more or fewer elements in ${encoding.field}`,
    );
  return bytes;
}

type Put = (view: DataView, bits: number, runs: readonly ByteRange[], files: Files) => number;

/** Copies elements with a fixed size. Returns where the next one would come; more than there is room for are not copied. */
const copy: Put = (view, _, runs, { source, file }) => {
  let at = 0;
  for (const found of runs) {
    if (at + found.length > view.byteLength) return at + found.length;
    new Uint8Array(view.buffer).set(readRun(source, found, file), at);
    at += found.length;
  }
  return at;
};

/** Writes varints in as many bytes as an element has; two of four bits come as one. */
const varints: Put = (view, bits, runs, { source, file }) => {
  const size = Math.max(bits, 8) / 8;
  let at = 0;
  for (const found of runs) {
    const reader = new WireReader(source, file, found);
    while (!reader.isAtEnd) {
      if (at + size > view.byteLength) return at + size;
      const value = BigInt(reader.signed());
      if (size === 8) view.setBigInt64(at, value, true);
      else if (size === 4) view.setInt32(at, Number(BigInt.asIntN(32, value)), true);
      else if (size === 2) view.setUint16(at, Number(BigInt.asUintN(16, value)), true);
      else view.setUint8(at, Number(BigInt.asUintN(8, value)));
      at += size;
    }
  }
  return at;
};

const PUT: Readonly<Record<DataField, Put>> = {
  float_data: copy,
  double_data: copy,
  int32_data: varints,
  int64_data: varints,
  uint64_data: varints,
  string_data: () => 0,
};

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

function readTexts(draft: TensorDraft, count: number, files: Files, offset: number): readonly string[] | undefined {
  const runs = draft.data?.get('string_data');
  if (runs === undefined) return undefined;
  if (runs.length !== count)
    throw malformed(files, offset, `the tensor "${draft.name}"`, `of ${formatShape(draft.shape)} has ${runs.length} texts`);
  return runs.map((found) => utf8.decode(readRun(files.source, found, files.file)));
}
