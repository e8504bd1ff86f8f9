/** An ONNX model as its file gives it: names, attributes and shapes, but of large tensors only where their data lie. */

/** Element types of ONNX by their numbers in TensorProto.DataType. */
export type ElementType =
  | 'float32'
  | 'uint8'
  | 'int8'
  | 'uint16'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'string'
  | 'bool'
  | 'float16'
  | 'float64'
  | 'uint32'
  | 'uint64'
  | 'complex64'
  | 'complex128'
  | 'bfloat16'
  | 'float8e4m3fn'
  | 'float8e4m3fnuz'
  | 'float8e5m2'
  | 'float8e5m2fnuz'
  | 'uint4'
  | 'int4'
  | 'float4e2m1';

/** A tensor of the file. */
export interface OnnxTensor {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /**
   * Its elements, in row-major order, read from the file when they are asked for: numbers (exact integers within 2^53), bigints for
   * int64 and uint64 outside of it, booleans as 0 and 1, texts for strings. `undefined` where they lie in a file that is absent,
   * or are more than MAX_READ_ELEMENTS (they are weights then, and never needed).
   */
  elements(): readonly OnnxElement[] | undefined;
}
export type OnnxElement = number | bigint | string;

/** A size of a declared shape: a number, the name of a symbol, or unknown. */
export type OnnxDimension = number | string | undefined;

export interface OnnxValue {
  readonly name: string;
  /** `undefined` where the file does not say, or it is a sequence, an optional or a map. */
  readonly type: ElementType | undefined;
  /** `undefined` where not even the rank is known. */
  readonly shape: readonly OnnxDimension[] | undefined;
}

export type OnnxAttribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: OnnxTensor }
  | { readonly kind: 'graph'; readonly value: OnnxGraph }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  | { readonly kind: 'graphs'; readonly value: readonly OnnxGraph[] }
  /** In the body of a function: the value of the attribute of that name of the node that calls it. */
  | { readonly kind: 'reference'; readonly value: string }
  /** Sparse tensors, type protos: read over. */
  | { readonly kind: 'other' };

export interface OnnxNode {
  readonly name: string;
  readonly operator: string; // op_type
  /** '' for the standard operators ('ai.onnx' is read as ''). */
  readonly domain: string;
  readonly inputs: readonly string[]; // '' where an optional one is left out
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
  /** The modules that contain it, outermost first, each by its full name, where the exporter notes them. */
  readonly modules?: readonly string[];
}

export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly values: readonly OnnxValue[]; // value_info
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
}

export interface OnnxFunction {
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly string[];
  /** Defaults of attributes. */
  readonly defaults: Readonly<Record<string, OnnxAttribute>>;
  readonly opsets: ReadonlyMap<string, number>;
  readonly nodes: readonly OnnxNode[];
}

export interface OnnxModel {
  readonly producer: string;
  /** Version of the operator set of each domain; '' is the standard one. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly graph: OnnxGraph;
  readonly functions: readonly OnnxFunction[];
}
