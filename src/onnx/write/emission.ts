import type { Shape } from '../../core/shape.ts';
import { charge } from '../../problems/allowance.ts';
import type { Attribute, OnnxOutput, WrittenNode, WrittenTensor, WrittenType } from '../file/proto.ts';

/** Collects the nodes and tensors of a file, and names what flows between them. */
export class Emission {
  readonly nodes: WrittenNode[] = [];
  /** What flows between nodes. */
  readonly values: OnnxOutput[] = [];
  readonly tensors: WrittenTensor[] = [];
  readonly #names = new Set<string>();
  readonly #constants = new Map<string, OnnxOutput>();

  /** The name itself, or with a number where another value has it. */
  unique(name: string): string {
    let free = name;
    for (let number = 1; this.#names.has(free); number++) free = `${name}_${number}`;
    this.#names.add(free);
    return free;
  }

  /** A tensor that steers nodes, or that they compute with, the same one for the same elements. */
  constant(type: 'int64' | 'float32' | 'int8', shape: Shape, elements: readonly number[]): OnnxOutput {
    const key = `${type} ${shape} ${elements.map((element) => (Object.is(element, -0) ? '-0' : element))}`;
    const there = this.#constants.get(key);
    if (there !== undefined) return there;
    const bytes = ENCODE[type](elements);
    const value = { name: this.unique(`constant_${this.#constants.size}`), type, shape };
    this.tensors.push({ ...value, elements: { size: bytes.length, chunks: () => [bytes] } });
    this.#constants.set(key, value);
    return value;
  }
}

const bytesOf = (size: number, elements: readonly number[], write: (view: DataView, at: number, element: number) => void): Uint8Array => {
  const bytes = new Uint8Array(size * elements.length);
  const view = new DataView(bytes.buffer);
  for (const [i, element] of elements.entries()) write(view, i * size, element);
  return bytes;
};

const ENCODE = {
  int64: (elements: readonly number[]) => bytesOf(8, elements, (view, at, element) => view.setBigInt64(at, BigInt(element), true)),
  float32: (elements: readonly number[]) => bytesOf(4, elements, (view, at, element) => view.setFloat32(at, element, true)),
  int8: (elements: readonly number[]) => bytesOf(1, elements, (view, at, element) => view.setInt8(at, element)),
};

export type Attributes = Readonly<Record<string, Attribute>>;

/** What a rule is given to write one layer: it adds nodes, the last of which makes the layer's output. */
export class LayerWriter {
  readonly #emission: Emission;
  /** The layer's path; all its nodes are named below it. */
  readonly #path: string;
  readonly inputs: readonly OnnxOutput[];
  readonly weights: Readonly<Record<string, OnnxOutput>>;
  /** Shapes of the layer's outputs. */
  readonly outputs: readonly Shape[];
  readonly #steps = new Map<string, number>();

  constructor(
    emission: Emission,
    path: string,
    inputs: readonly OnnxOutput[],
    weights: Readonly<Record<string, OnnxOutput>>,
    outputs: readonly Shape[],
  ) {
    this.#emission = emission;
    this.#path = path;
    this.inputs = inputs;
    this.weights = weights;
    this.outputs = outputs;
  }

  /** Adds a node with one output of this shape. */
  node(operator: string, inputs: readonly (OnnxOutput | undefined)[], shape: Shape, attributes: Attributes = {}): OnnxOutput {
    return this.nodes(operator, inputs, [shape], attributes)[0] as OnnxOutput;
  }

  /** Adds a node with several outputs. An input that is `undefined` is left out; a size of −1 is one that only a run knows. */
  nodes(
    operator: string,
    inputs: readonly (OnnxOutput | undefined)[],
    shapes: readonly Shape[],
    attributes: Attributes = {},
    types: readonly WrittenType[] = [],
  ): OnnxOutput[] {
    charge('written', 1);
    const step = this.#steps.get(operator) ?? 0;
    this.#steps.set(operator, step + 1);
    const name = `/${this.#path}/${operator}${step === 0 ? '' : `_${step}`}`;
    const outputs = shapes.map(
      (shape, i): OnnxOutput => ({ name: this.#emission.unique(`${name}_output_${i}`), type: types[i] ?? 'float32', shape }),
    );
    this.#emission.nodes.push({
      name,
      operator,
      inputs: inputs.map((input) => input?.name ?? ''),
      outputs: outputs.map((output) => output.name),
      attributes,
    });
    this.#emission.values.push(...outputs.filter(({ shape }) => !shape.includes(-1)));
    return outputs;
  }

  ints(...elements: readonly number[]): OnnxOutput {
    return this.#emission.constant('int64', [elements.length], elements);
  }

  /** One whole number. */
  int(element: number): OnnxOutput {
    return this.#emission.constant('int64', [], [element]);
  }

  /** One number, which broadcasts to any shape. */
  number(element: number): OnnxOutput {
    return this.#emission.constant('float32', [], [element]);
  }

  /** A tensor of numbers. */
  numbers(shape: Shape, elements: readonly number[]): OnnxOutput {
    return this.#emission.constant('float32', shape, elements);
  }

  indices(shape: Shape, elements: readonly number[]): OnnxOutput {
    return this.#emission.constant('int64', shape, elements);
  }

  int8(element: number): OnnxOutput {
    return this.#emission.constant('int8', [], [element]);
  }
}
