import { type Analysis, analyse } from '../../src/analysis/cost.ts';
import type { Graph } from '../../src/graph/graph.ts';
import type {
  ElementType,
  OnnxAttribute,
  OnnxDimension,
  OnnxElement,
  OnnxFunction,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
} from '../../src/onnx/file/model.ts';
import type { OnnxSettings } from '../../src/onnx/read/bindings.ts';
import { translate } from '../../src/onnx/read/translate.ts';

/** ONNX models built by hand. */

/** A tensor; without elements they lie in a file that is not there. */
export const tensor = (shape: readonly number[], elements?: readonly OnnxElement[], type: ElementType = 'float32'): OnnxTensor => ({
  name: '',
  type,
  shape,
  elements: () => elements,
});

export const int64 = (...elements: readonly number[]): OnnxTensor => tensor([elements.length], elements, 'int64');
export const scalar = (element: OnnxElement, type: ElementType = 'float32'): OnnxTensor => tensor([], [element], type);

type Plain = number | string | readonly number[] | OnnxGraph | OnnxTensor | OnnxAttribute | { readonly float: number };

/** Whole numbers are ints; `{ float }` is a float. */
function attribute(value: Plain): OnnxAttribute {
  if (typeof value === 'number') return { kind: 'int', value };
  if (typeof value === 'string') return { kind: 'string', value };
  if (Array.isArray(value)) return { kind: 'ints', value };
  if ('kind' in value) return value;
  if ('nodes' in value) return { kind: 'graph', value };
  if ('float' in value) return { kind: 'float', value: value.float };
  return { kind: 'tensor', value: value as OnnxTensor };
}

/** `x, w -> y`, with attributes: an input that is left out is empty. */
export function node(operator: string, flow: string, attributes: Readonly<Record<string, Plain>> = {}, domain = ''): OnnxNode {
  const names = (text: string): string[] => (text.trim() === '' ? [] : text.split(',').map((name) => name.trim()));
  const [inputs = '', outputs = ''] = flow.split('->');
  return {
    name: '',
    operator,
    domain,
    inputs: names(inputs),
    outputs: names(outputs),
    attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, attribute(value)])),
  };
}

export interface Parts {
  readonly inputs?: Readonly<Record<string, readonly OnnxDimension[] | undefined>>;
  readonly initializers?: Readonly<Record<string, OnnxTensor>>;
  readonly nodes: readonly OnnxNode[];
  readonly outputs?: readonly string[];
  /** Types of inputs, where they matter; none is stated otherwise. */
  readonly types?: Readonly<Record<string, ElementType>>;
  /** Declared shapes of values. */
  readonly values?: Readonly<Record<string, readonly OnnxDimension[]>>;
}

/** The last node's outputs are the graph's, unless others are named. */
export function graph({ inputs = {}, initializers = {}, nodes, outputs, values = {}, types = {} }: Parts): OnnxGraph {
  const named = (shapes: Readonly<Record<string, readonly OnnxDimension[] | undefined>>) =>
    Object.entries(shapes).map(([name, shape]) => ({ name, type: types[name], shape }));
  return {
    name: 'net',
    nodes,
    inputs: named(inputs),
    outputs: (outputs ?? nodes.at(-1)?.outputs ?? []).map((name) => ({ name, type: undefined, shape: undefined })),
    values: named(values),
    initializers: new Map(Object.entries(initializers)),
  };
}

const model = (parts: Parts, opset = 17, functions: readonly OnnxFunction[] = []): OnnxModel => ({
  producer: 'test',
  opsets: new Map([
    ['', opset],
    ['local', 1],
  ]),
  graph: graph(parts),
  functions,
});

export const open = (parts: Parts, opset?: number, settings?: OnnxSettings, functions?: readonly OnnxFunction[]): Graph =>
  translate(model(parts, opset, functions), 'net.onnx', settings);

export const count = (...args: Parameters<typeof open>): Analysis => analyse(open(...args));

/** The rows, as `operator output`. */
export const rowsOf = ({ rows }: Analysis): string[] =>
  rows.map(({ operator, output }) => `${operator} ${output.map((shape) => shape.join('×')).join(', ')}`);
