import type { ElementType, OnnxElement } from './model.ts';

/** The fields of a TensorProto that can hold elements one by one, in place of `raw_data`. */
export type DataField = 'float_data' | 'int32_data' | 'string_data' | 'int64_data' | 'double_data' | 'uint64_data';

type Read = (view: DataView, index: number) => OnnxElement;

/** How elements of a type lie in bytes. */
export interface Encoding {
  /** Bits of one element; two of four bits share a byte, the first in the lower half. 0 for texts, which have no fixed size. */
  readonly bits: number;
  /** Where elements lie that are not in `raw_data`. */
  readonly field: DataField;
  /** One element of bytes in `raw_data`'s order; `undefined` where no single number is one. */
  readonly read?: Read;
}

const exactly = (value: bigint): number | bigint =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;

const nibble = (view: DataView, index: number): number => (view.getUint8(index >> 1) >> (index % 2 === 0 ? 0 : 4)) & 0xf;

/** A number with a floating point: a sign, so many bits of exponent, so many of mantissa, and what its largest exponent means. */
interface Float {
  readonly exponent: number;
  readonly mantissa: number;
  readonly bias: number;
  /** What bits mean that are no number; `undefined` where they are one. */
  readonly special: (exponent: number, mantissa: number, sign: number) => number | undefined;
}

const ieee =
  (largest: number): Float['special'] =>
  (exponent, mantissa, sign) => {
    if (exponent < largest) return undefined;
    return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  };

const decode = (bits: number, { exponent: exponentBits, mantissa: mantissaBits, bias, special }: Float): number => {
  const mantissa = bits & (2 ** mantissaBits - 1);
  const exponent = (bits >> mantissaBits) & (2 ** exponentBits - 1);
  const sign = bits >> (mantissaBits + exponentBits) === 0 ? 1 : -1;
  const fraction = mantissa / 2 ** mantissaBits;
  const value = exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias);
  return special(exponent, mantissa, sign) ?? sign * value;
};

const never = () => undefined;
/** Of "fnuz" types, what would be minus zero is the only thing that is no number. */
const onlyMinusZero: Float['special'] = (exponent, mantissa, sign) =>
  exponent === 0 && mantissa === 0 && sign < 0 ? Number.NaN : undefined;

const FLOAT16: Float = { exponent: 5, mantissa: 10, bias: 15, special: ieee(31) };
const BFLOAT16: Float = { exponent: 8, mantissa: 7, bias: 127, special: ieee(255) };
const E4M3FN: Float = { exponent: 4, mantissa: 3, bias: 7, special: (e, m) => (e === 15 && m === 7 ? Number.NaN : undefined) };
const E4M3FNUZ: Float = { exponent: 4, mantissa: 3, bias: 8, special: onlyMinusZero };
const E5M2: Float = { exponent: 5, mantissa: 2, bias: 15, special: ieee(31) };
const E5M2FNUZ: Float = { exponent: 5, mantissa: 2, bias: 16, special: onlyMinusZero };
const E2M1: Float = { exponent: 2, mantissa: 1, bias: 1, special: never };

const half =
  (float: Float): Read =>
  (view, index) =>
    decode(view.getUint16(2 * index, true), float);

const quarter =
  (float: Float): Read =>
  (view, index) =>
    decode(view.getUint8(index), float);

/** Every element type. What lies where: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto, TensorProto. */
export const ENCODINGS: Readonly<Record<ElementType, Encoding>> = {
  float32: { bits: 32, field: 'float_data', read: (view, index) => view.getFloat32(4 * index, true) },
  uint8: { bits: 8, field: 'int32_data', read: (view, index) => view.getUint8(index) },
  int8: { bits: 8, field: 'int32_data', read: (view, index) => view.getInt8(index) },
  uint16: { bits: 16, field: 'int32_data', read: (view, index) => view.getUint16(2 * index, true) },
  int16: { bits: 16, field: 'int32_data', read: (view, index) => view.getInt16(2 * index, true) },
  int32: { bits: 32, field: 'int32_data', read: (view, index) => view.getInt32(4 * index, true) },
  int64: { bits: 64, field: 'int64_data', read: (view, index) => exactly(view.getBigInt64(8 * index, true)) },
  string: { bits: 0, field: 'string_data' },
  bool: { bits: 8, field: 'int32_data', read: (view, index) => (view.getUint8(index) === 0 ? 0 : 1) },
  float16: { bits: 16, field: 'int32_data', read: half(FLOAT16) },
  float64: { bits: 64, field: 'double_data', read: (view, index) => view.getFloat64(8 * index, true) },
  uint32: { bits: 32, field: 'uint64_data', read: (view, index) => view.getUint32(4 * index, true) },
  uint64: { bits: 64, field: 'uint64_data', read: (view, index) => exactly(view.getBigUint64(8 * index, true)) },
  complex64: { bits: 64, field: 'float_data' },
  complex128: { bits: 128, field: 'double_data' },
  bfloat16: { bits: 16, field: 'int32_data', read: half(BFLOAT16) },
  float8e4m3fn: { bits: 8, field: 'int32_data', read: quarter(E4M3FN) },
  float8e4m3fnuz: { bits: 8, field: 'int32_data', read: quarter(E4M3FNUZ) },
  float8e5m2: { bits: 8, field: 'int32_data', read: quarter(E5M2) },
  float8e5m2fnuz: { bits: 8, field: 'int32_data', read: quarter(E5M2FNUZ) },
  uint4: { bits: 4, field: 'int32_data', read: nibble },
  int4: { bits: 4, field: 'int32_data', read: (view, index) => (nibble(view, index) << 28) >> 28 },
  float4e2m1: { bits: 4, field: 'int32_data', read: (view, index) => decode(nibble(view, index), E2M1) },
};

/** The types by their numbers, from 1 on. */
const ELEMENT_TYPES = [
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
  'complex64',
  'complex128',
  'bfloat16',
  'float8e4m3fn',
  'float8e4m3fnuz',
  'float8e5m2',
  'float8e5m2fnuz',
  'uint4',
  'int4',
  'float4e2m1',
] as const satisfies readonly ElementType[];

/** The type of a number in the file; `undefined` for 0, which is "undefined" there too, and for numbers of later versions. */
export const elementType = (number: number): ElementType | undefined => ELEMENT_TYPES[number - 1];

/** Bytes that so many elements take in `raw_data`. */
export const bytesOf = (type: ElementType, elements: bigint): bigint => (elements * BigInt(ENCODINGS[type].bits) + 7n) / 8n;
