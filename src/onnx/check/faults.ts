import { sameShape } from '../../core/shape.ts';
import { ProblemError, statement } from '../../problems/problem.ts';
import { elementType } from '../file/element-types.ts';
import type { ElementType, OnnxFunction, OnnxGraph, OnnxModel, OnnxNode, OnnxValue } from '../file/model.ts';
import { described, NodeOrders } from '../read/order.ts';
import { type Signature, versionsOf } from './signatures.ts';

/** Where a model is not as ONNX has it, though what it means can be counted: runtimes refuse such a file. */

export interface Fault {
  /** The node, by its name or its operator; `undefined` where it is the graph. */
  readonly node: string | undefined;
  readonly reason: string;
}

/** Types of the values that can be seen from a node. */
type Types = ReadonlyMap<string, ElementType>;

interface Place {
  readonly opsets: ReadonlyMap<string, number>;
  readonly functions: ReadonlySet<string>;
  readonly faults: Fault[];
  readonly orders: NodeOrders;
}

const keyOf = ({ domain, operator }: OnnxNode): string => `${domain === 'ai.onnx' ? '' : domain}:${operator}`;

/** Which kind of type it is, by the letter that signatures have for it. */
function kindOf(type: ElementType): string {
  if (type === 'bool') return 'B';
  if (type === 'string') return 'S';
  if (type.startsWith('complex')) return 'C';
  return /float/.test(type) ? 'F' : 'I';
}

const allows = (kinds: string, type: ElementType): boolean => kinds === '*' || kinds === type || kinds.includes(kindOf(type));

/** One of a list of types: the last repeats. */
const typeAt = (types: readonly string[], index: number): string => types[Math.min(index, types.length - 1)] ?? '*';

const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

const rangeText = ({ least, most }: Signature['inputs'], one: string): string => {
  if (most === Number.POSITIVE_INFINITY) return `at least ${plural(least, one)}`;
  return least === most ? plural(least, one) : `${least} to ${plural(most, one)}`;
};

const WORDS: Readonly<Record<string, string>> = { F: 'floating point', I: 'whole', B: 'boolean', S: 'text', C: 'complex' };
const kindText = (kinds: string): string => (/^[A-Z]+$/.test(kinds) ? [...kinds].map((kind) => WORDS[kind]).join(' or ') : kinds);

/** The signature that holds for a node, or why there is none. */
function signatureFor({ operator }: OnnxNode, opset: number): Signature | string | undefined {
  const versions = versionsOf(operator);
  if (versions === undefined) return undefined;
  const version = versions.findLast((one) => one.version <= opset);
  if (version === undefined) return `it is an operator from opset ${versions[0]?.version} on, and the file is of opset ${opset}`;
  return 'isDeprecated' in version ? `opset ${version.version} withdrew the operator, and the file is of opset ${opset}` : version;
}

function* countFaults({ inputs, outputs }: OnnxNode, signature: Signature): Generator<string> {
  if (inputs.length < signature.inputs.least || inputs.length > signature.inputs.most)
    yield `it has ${plural(inputs.length, 'input')}, and takes ${rangeText(signature.inputs, 'input')}`;
  if (outputs.length < signature.outputs.least || outputs.length > signature.outputs.most)
    yield `it has ${plural(outputs.length, 'output')}, and gives ${rangeText(signature.outputs, 'output')}`;
}

function* attributeFaults({ operator, attributes }: OnnxNode, signature: Signature): Generator<string> {
  for (const [name, { kind }] of Object.entries(attributes)) {
    // Names that begin so are notes of runtimes.
    if (name.startsWith('__')) continue;
    const known = Object.hasOwn(signature.attributes, name) ? signature.attributes[name] : undefined;
    if (known === undefined) yield `it has no attribute "${name}" in this opset`;
    else if (known.kind !== kind && kind !== 'reference' && kind !== 'other') yield `its attribute "${name}" is of the wrong type`;
  }
  const { auto_pad: automatic, pads } = attributes;
  if (operator.startsWith('Conv') && pads !== undefined && automatic?.kind === 'string' && automatic.value !== 'NOTSET')
    yield 'it has both "pads" and "auto_pad"';
  for (const [name, { isRequired }] of Object.entries(signature.attributes))
    if (isRequired && !Object.hasOwn(attributes, name)) yield `it lacks the attribute "${name}"`;
}

/** Types that do not fit, and what the letters of the signature stand for here. */
function typeFaults({ inputs }: OnnxNode, signature: Signature, types: Types): { readonly faults: string[]; readonly bound: Types } {
  const bound = new Map<string, ElementType>();
  const faults: string[] = [];
  for (const [index, name] of inputs.entries()) {
    const type = types.get(name);
    const letter = typeAt(signature.inputTypes, index);
    if (type === undefined || letter === '*') continue;
    const kinds = signature.kinds[letter] ?? letter;
    const there = bound.get(letter);
    if (!allows(kinds, type)) faults.push(`its input "${name}" is ${type}, and must be ${kindText(kinds)}`);
    else if (there !== undefined && there !== type) faults.push(`its input "${name}" is ${type}, and must be ${there} as another`);
    else if (Object.hasOwn(signature.kinds, letter)) bound.set(letter, type);
  }
  return { faults, bound };
}

const SAME: Readonly<Record<string, ElementType>> = { B: 'bool', S: 'string' };

const isType = (kinds: string): kinds is ElementType => /^[a-z]{2}/.test(kinds);

/** Types of outputs where nothing says which. */
const UNSTATED: Readonly<Partial<Record<string, ElementType>>> = { QuantizeLinear: 'uint8', Multinomial: 'int32' };

/** The type of an output, as far as the signature tells. */
function outputType(node: OnnxNode, signature: Signature, bound: Types, index: number): ElementType | undefined {
  const letter = typeAt(signature.outputTypes, index);
  const named = node.attributes[node.operator === 'Cast' ? 'to' : 'dtype'];
  if (Object.hasOwn(signature.attributes, 'to') || Object.hasOwn(signature.attributes, 'dtype'))
    return named?.kind === 'int' ? elementType(named.value) : UNSTATED[node.operator];
  const kinds = signature.kinds[letter] ?? letter;
  if (node.operator === 'QuantizeLinear' && !bound.has(letter) && node.attributes.output_dtype === undefined)
    return UNSTATED.QuantizeLinear;
  return bound.get(letter) ?? SAME[kinds] ?? (isType(kinds) ? kinds : undefined);
}

const graphsOf = ({ attributes }: OnnxNode): readonly OnnxGraph[] =>
  Object.values(attributes).flatMap((attribute) => {
    if (attribute.kind === 'graph') return [attribute.value];
    return attribute.kind === 'graphs' ? attribute.value : [];
  });

/** Only operators of the standard have one meaning in each version; those that the file defines itself hide them. */
const isStandard = (node: OnnxNode, { functions }: Place): boolean => keyOf(node).startsWith(':') && !functions.has(keyOf(node));

function checkNode(node: OnnxNode, types: Map<string, ElementType>, place: Place): void {
  for (const graph of graphsOf(node)) checkGraph(graph, types, place);
  const report = (reasons: Iterable<string>): void => {
    for (const reason of reasons) place.faults.push({ node: described(node), reason });
  };
  if (!isStandard(node, place)) return;
  if (node.operator === 'Constant') {
    const { value } = node.attributes;
    if (value?.kind === 'tensor') for (const output of node.outputs) types.set(output, value.value.type);
    return;
  }
  const signature = signatureFor(node, place.opsets.get('') ?? 1);
  if (signature === undefined) return;
  if (typeof signature === 'string') {
    report([signature]);
    return;
  }
  const { faults, bound } = typeFaults(node, signature, types);
  report([...countFaults(node, signature), ...attributeFaults(node, signature), ...faults]);
  for (const [index, output] of node.outputs.entries()) {
    const type = outputType(node, signature, bound, index);
    if (type !== undefined) types.set(output, type);
  }
}

function checkNodes(nodes: readonly OnnxNode[], types: Map<string, ElementType>, place: Place): void {
  const names = new Set<string>();
  for (const node of nodes) {
    if (node.name !== '' && names.has(node.name)) place.faults.push({ node: described(node), reason: 'another node has the same name' });
    names.add(node.name);
  }
  for (const index of order(nodes, place)) checkNode(nodes[index] as OnnxNode, types, place);
}

/** What is wrong in a graph that never runs is no problem of the count. */
function order(nodes: readonly OnnxNode[], { faults, orders }: Place): readonly number[] {
  try {
    return orders.of(nodes);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    faults.push({ node: undefined, reason: statement(error.problem) });
    return [];
  }
}

const isFixed = (shape: OnnxValue['shape']): shape is readonly number[] => shape?.every((size) => typeof size === 'number') === true;

function checkGraph(graph: OnnxGraph, outer: Types, place: Place): void {
  const types = new Map(outer);
  for (const { name, type } of graph.inputs) if (type !== undefined) types.set(name, type);
  for (const [name, { type }] of graph.initializers) types.set(name, type);
  for (const { name, shape } of graph.inputs) {
    const tensor = graph.initializers.get(name);
    if (tensor !== undefined && isFixed(shape) && !sameShape(shape, tensor.shape))
      place.faults.push({
        node: undefined,
        reason: `its input "${name}" is ${shape.join('×')}, and its default ${tensor.shape.join('×')}`,
      });
  }
  checkNodes(graph.nodes, types, place);
  for (const { name, type } of [...graph.values, ...graph.outputs]) {
    const own = types.get(name);
    if (own !== undefined && type !== undefined && own !== type)
      place.faults.push({ node: undefined, reason: `"${name}" is ${own}, and declared ${type}` });
  }
}

function checkFunction(body: OnnxFunction, place: Place): void {
  checkNodes(body.nodes, new Map(), { ...place, opsets: new Map([...place.opsets, ...body.opsets]) });
}

/** Everything in which a model is not as ONNX has it in the order of its nodes. */
export function faultsOf({ graph, functions, opsets }: OnnxModel): readonly Fault[] {
  const place: Place = {
    opsets,
    functions: new Set(functions.map(({ domain, name }) => `${domain}:${name}`)),
    faults: [],
    orders: new NodeOrders(),
  };
  checkGraph(graph, new Map(), place);
  for (const body of functions) checkFunction(body, place);
  if (graph.outputs.length === 0) place.faults.push({ node: undefined, reason: 'it has no outputs' });
  return place.faults;
}
