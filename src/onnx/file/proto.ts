import type { Shape } from '../../core/shape.ts';
import { float, int, type Later, message, type Pieces, packed, text } from './wire-writer.ts';

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

export interface WrittenValue {
  readonly name: string;
  readonly type: WrittenType;
  readonly shape: Shape;
}

/** Where the elements of a tensor lie in another file. Offset and length in bytes. */
export interface Location {
  readonly file: string;
  readonly offset: bigint;
  readonly length: bigint;
}

export interface WrittenTensor extends WrittenValue {
  /** Little-endian, the last axis innermost. */
  readonly elements: Later | Location;
}

const ATTRIBUTE_TYPES = { FLOAT: 1, INT: 2, STRING: 3, TENSOR: 4, INTS: 7 } as const;

function attributeValue(value: Attribute): Pieces {
  const type = (name: keyof typeof ATTRIBUTE_TYPES) => int(20, ATTRIBUTE_TYPES[name]);
  if ('int' in value) return [...int(3, value.int), ...type('INT')];
  if ('float' in value) return [...float(2, value.float), ...type('FLOAT')];
  if ('text' in value) return [...text(4, value.text), ...type('STRING')];
  if ('ints' in value) return [...value.ints.flatMap((one) => int(8, one)), ...type('INTS')];
  // A tensor of one element, which is 1.
  return [...message(5, packed(1, [1]), int(2, TYPES[value.one]), float(4, 1)), ...type('TENSOR')];
}

const nodeProto = ({ name, operator, inputs, outputs, attributes }: WrittenNode): Pieces =>
  message(
    1,
    inputs.flatMap((input) => text(1, input)),
    outputs.flatMap((output) => text(2, output)),
    text(3, name),
    text(4, operator),
    Object.entries(attributes).flatMap(([key, value]) => message(5, text(1, key), attributeValue(value))),
  );

/** ValueInfoProto, in a field of the graph. */
const valueProto = (field: number, { name, type, shape }: WrittenValue): Pieces =>
  message(
    field,
    text(1, name),
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

const entry = (key: string, value: string): Pieces => message(13, text(1, key), text(2, value));

const located = ({ file, offset, length }: Location): Pieces => [
  ...entry('location', file),
  ...entry('offset', String(offset)),
  ...entry('length', String(length)),
  ...int(14, EXTERNAL),
];

const tensorProto = ({ name, type, shape, elements }: WrittenTensor): Pieces =>
  message(5, packed(1, shape), int(2, TYPES[type]), text(8, name), 'chunks' in elements ? message(9, [elements]) : located(elements));

export interface WrittenGraph {
  readonly name: string;
  /** What it is, in words. */
  readonly description: string;
  readonly nodes: readonly WrittenNode[];
  readonly inputs: readonly WrittenValue[];
  readonly outputs: readonly WrittenValue[];
  /** What flows between nodes. */
  readonly values: readonly WrittenValue[];
  readonly tensors: readonly WrittenTensor[];
}

const graphProto = ({ name, description, nodes, inputs, outputs, values, tensors }: WrittenGraph): Pieces =>
  message(
    7,
    nodes.flatMap(nodeProto),
    text(2, name),
    tensors.flatMap(tensorProto),
    text(10, description),
    inputs.flatMap((value) => valueProto(11, value)),
    outputs.flatMap((value) => valueProto(12, value)),
    values.flatMap((value) => valueProto(13, value)),
  );

/** Opset 17 came with IR 8, in ONNX 1.12. */
const OPSET = 17;
const IR_VERSION = 8;

export const modelProto = (graph: WrittenGraph, version: string): Pieces => [
  ...int(1, IR_VERSION),
  ...text(2, 'flopwise'),
  ...text(3, version),
  ...message(8, text(1, ''), int(2, OPSET)),
  ...graphProto(graph),
];
