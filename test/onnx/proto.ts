/** Protocol Buffers by hand, so that tests can write ONNX files, whole and broken. Fields by their numbers in onnx.proto. */

export type Bytes = readonly number[];

const utf8 = new TextEncoder();

export function varint(value: number | bigint): Bytes {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return [...bytes, Number(rest)];
}

const tag = (field: number, wire: number): Bytes => varint(BigInt(field) * 8n + BigInt(wire));

/** A field that is a number of variable length. */
export const int = (field: number, value: number | bigint): Bytes => [...tag(field, 0), ...varint(value)];

/** A field with a length before it: bytes, a text, a message. */
export const sized = (field: number, content: Bytes | string): Bytes => {
  const bytes = typeof content === 'string' ? [...utf8.encode(content)] : content;
  return [...tag(field, 2), ...varint(bytes.length), ...bytes];
};

const little = (size: 4 | 8, write: (view: DataView) => void): Bytes => {
  const view = new DataView(new ArrayBuffer(size));
  write(view);
  return [...new Uint8Array(view.buffer)];
};

export const float32 = (value: number): Bytes => little(4, (view) => view.setFloat32(0, value, true));
export const float64 = (value: number): Bytes => little(8, (view) => view.setFloat64(0, value, true));
export const fixed32 = (field: number, bytes: Bytes): Bytes => [...tag(field, 5), ...bytes];
export const fixed64 = (field: number, bytes: Bytes): Bytes => [...tag(field, 1), ...bytes];
export const group = (field: number, content: Bytes): Bytes => [...tag(field, 3), ...content, ...tag(field, 4)];

/** A field whose values stand one after the other, without tags. */
export const packed = (field: number, values: readonly (number | bigint)[]): Bytes => sized(field, values.flatMap(varint));

// ONNX

/** TensorProto: dims, data_type, name and what holds the data. */
export const tensor = (name: string, type: number, shape: readonly number[], ...data: readonly Bytes[]): Bytes =>
  [packed(1, shape), int(2, type), sized(8, name), ...data].flat();

export const raw = (bytes: Bytes): Bytes => sized(9, bytes);

/** external_data and data_location. */
export const external = (entries: Readonly<Record<string, string>>): Bytes => [
  ...Object.entries(entries).flatMap(([key, value]) => sized(13, [...sized(1, key), ...sized(2, value)])),
  ...int(14, 1),
];

/** ValueInfoProto of a tensor; a size is a number, the name of one, or `null` for neither. */
export const value = (name: string, type: number, shape: readonly (number | string | null)[]): Bytes => [
  ...sized(1, name),
  ...sized(
    2,
    sized(1, [
      ...int(1, type),
      ...sized(
        2,
        shape.flatMap((size) => sized(1, size === null ? [] : typeof size === 'string' ? sized(2, size) : int(1, size))),
      ),
    ]),
  ),
];

/** AttributeProto. */
export const attribute = (name: string, type: number, ...fields: readonly Bytes[]): Bytes => [
  ...sized(1, name),
  ...fields.flat(),
  ...int(20, type),
];

/** NodeProto. */
export const node = (
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  { name = '', attributes = [], more = [] }: { name?: string; attributes?: readonly Bytes[]; more?: Bytes } = {},
): Bytes => [
  ...inputs.flatMap((input) => sized(1, input)),
  ...outputs.flatMap((output) => sized(2, output)),
  ...(name === '' ? [] : sized(3, name)),
  ...sized(4, operator),
  ...attributes.flatMap((one) => sized(5, one)),
  ...more,
];

interface GraphParts {
  readonly nodes?: readonly Bytes[];
  readonly inputs?: readonly Bytes[];
  readonly outputs?: readonly Bytes[];
  readonly values?: readonly Bytes[];
  readonly initializers?: readonly Bytes[];
  readonly more?: Bytes;
}

/** GraphProto. */
export const graph = ({ nodes = [], inputs = [], outputs = [], values = [], initializers = [], more = [] }: GraphParts): Bytes => [
  ...nodes.flatMap((one) => sized(1, one)),
  ...sized(2, 'main'),
  ...initializers.flatMap((one) => sized(5, one)),
  ...inputs.flatMap((one) => sized(11, one)),
  ...outputs.flatMap((one) => sized(12, one)),
  ...values.flatMap((one) => sized(13, one)),
  ...more,
];

export const opset = (domain: string, version: number): Bytes => sized(8, [...sized(1, domain), ...int(2, version)]);

/** ModelProto. */
export const model = (content: Bytes, ...more: readonly Bytes[]): Uint8Array =>
  Uint8Array.from([...int(1, 8), ...sized(2, 'test'), ...sized(7, content), ...opset('', 17), ...more.flat()]);
