import type { Shape } from '../../core/shape.ts';
import { type Chunks, float, int, type Later, message, packed, writeText } from './wire-writer.ts';

/** The messages of ONNX as they are written, by the numbers of their fields: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto. */

/** A whole number, real numbers, a word or a list: which attribute has which type is ONNX's to say. */
export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly text: string }
  | { readonly ints: readonly number[] }
  | { readonly one: 'float32' };

export interface WrittenNode {
  readonly name: string;
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** The types of elements that are written, by their numbers in TensorProto.DataType. */
export const TYPES = { float32: 1, int8: 3, int64: 7, bool: 9 } as const;
export type WrittenType = keyof typeof TYPES;

export interface OnnxOutput {
  readonly name: string;
  readonly type: WrittenType;
  readonly shape: Shape;
}

/** Where the elements of a tensor lie in another file. Offset and length in bytes. */
export interface ExternalLocation {
  readonly file: string;
  readonly offset: bigint;
  readonly length: bigint;
}

export interface WrittenTensor extends OnnxOutput {
  /** Little-endian, the last axis innermost. */
  readonly elements: Later | ExternalLocation;
}

const ATTRIBUTE_TYPES = { FLOAT: 1, INT: 2, STRING: 3, TENSOR: 4, INTS: 7 } as const;

function attributeValue(value: Attribute): Chunks {
  const type = (name: keyof typeof ATTRIBUTE_TYPES) => int(20, ATTRIBUTE_TYPES[name]);
  if ('int' in value) return [...int(3, value.int), ...type('INT')];
  if ('float' in value) return [...float(2, value.float), ...type('FLOAT')];
  if ('text' in value) return [...writeText(4, value.text), ...type('STRING')];
  if ('ints' in value) return [...value.ints.flatMap((one) => int(8, one)), ...type('INTS')];
  // A tensor of one element, which is 1.
  return [...message(5, packed(1, [1]), int(2, TYPES[value.one]), float(4, 1)), ...type('TENSOR')];
}

const nodeProto = ({ name, operator, inputs, outputs, attributes }: WrittenNode): Chunks =>
  message(
    1,
    inputs.flatMap((input) => writeText(1, input)),
    outputs.flatMap((output) => writeText(2, output)),
    writeText(3, name),
    writeText(4, operator),
    Object.entries(attributes).flatMap(([key, value]) => message(5, writeText(1, key), attributeValue(value))),
  );

/** ValueInfoProto, in a field of the graph. */
const valueProto = (field: number, { name, type, shape }: OnnxOutput): Chunks =>
  message(
    field,
    writeText(1, name),
    message(
      2,
      message(
        1,
        int(1, TYPES[type]),
        message(
          2,
          shape.flatMap((size) => message(1, int(1, size))),
        ),
      ),
    ),
  );

const EXTERNAL = 1;

const entry = (key: string, value: string): Chunks => message(13, writeText(1, key), writeText(2, value));

const located = ({ file, offset, length }: ExternalLocation): Chunks => [
  ...entry('location', file),
  ...entry('offset', String(offset)),
  ...entry('length', String(length)),
  ...int(14, EXTERNAL),
];

const tensorProto = ({ name, type, shape, elements }: WrittenTensor): Chunks =>
  message(5, packed(1, shape), int(2, TYPES[type]), writeText(8, name), 'chunks' in elements ? message(9, [elements]) : located(elements));

export interface WrittenGraph {
  readonly name: string;
  /** What it is, in words. */
  readonly description: string;
  readonly nodes: readonly WrittenNode[];
  readonly inputs: readonly OnnxOutput[];
  readonly outputs: readonly OnnxOutput[];
  /** What flows between nodes. */
  readonly values: readonly OnnxOutput[];
  readonly tensors: readonly WrittenTensor[];
}

const graphProto = ({ name, description, nodes, inputs, outputs, values, tensors }: WrittenGraph): Chunks =>
  message(
    7,
    nodes.flatMap(nodeProto),
    writeText(2, name),
    tensors.flatMap(tensorProto),
    writeText(10, description),
    inputs.flatMap((value) => valueProto(11, value)),
    outputs.flatMap((value) => valueProto(12, value)),
    values.flatMap((value) => valueProto(13, value)),
  );

/** Opset 17 came with IR 8, in ONNX 1.12. */
const OPSET = 17;
const IR_VERSION = 8;

export const modelProto = (graph: WrittenGraph, version: string): Chunks => [
  ...int(1, IR_VERSION),
  ...writeText(2, 'flopwise'),
  ...writeText(3, version),
  ...message(8, writeText(1, ''), int(2, OPSET)),
  ...graphProto(graph),
];
