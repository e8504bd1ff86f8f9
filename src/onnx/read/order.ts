import { fail } from '../../problems/problem.ts';
import type { OnnxGraph, OnnxNode } from '../file/model.ts';

/** ONNX asks for nodes in the order in which they run; runtimes take any, and some tools append what belongs before. */

const graphsOf = ({ attributes }: OnnxNode): readonly OnnxGraph[] =>
  Object.values(attributes).flatMap((attribute) => {
    if (attribute.kind === 'graph') return [attribute.value];
    return attribute.kind === 'graphs' ? attribute.value : [];
  });

/** The orders of graphs and functions of one model, each found once however often a loop or a call comes by. */
export class NodeOrders {
  readonly #orders = new Map<readonly OnnxNode[], readonly number[]>();
  readonly #captured = new Map<OnnxGraph, ReadonlySet<string>>();

  /**
   * Places of the nodes of a graph or a function in an order in which each reads only what is there already; as they are where
   * that is one. Throws a `ProblemError` where nodes wait for each other in a circle, or two of them write one name.
   */
  of(nodes: readonly OnnxNode[]): readonly number[] {
    const there = this.#orders.get(nodes);
    if (there !== undefined) return there;
    const makers = makersOf(nodes, (node) => this.#namesRead(node));
    const order = makers === undefined ? [...nodes.keys()] : sorted(nodes, makers);
    this.#orders.set(nodes, order);
    return order;
  }

  /** Names that a node reads: its inputs, and what its graphs read from around them. */
  #namesRead(node: OnnxNode): readonly string[] {
    const graphs = graphsOf(node);
    return graphs.length === 0 ? node.inputs : [...node.inputs, ...graphs.flatMap((graph) => [...this.#namesCaptured(graph)])];
  }

  #namesCaptured(graph: OnnxGraph): ReadonlySet<string> {
    const there = this.#captured.get(graph);
    if (there !== undefined) return there;
    const names = namesCaptured(graph, (node) => this.#namesRead(node));
    this.#captured.set(graph, names);
    return names;
  }
}

type NamesRead = (node: OnnxNode) => readonly string[];

function namesCaptured(graph: OnnxGraph, namesRead: NamesRead): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of graph.nodes) for (const name of namesRead(node)) names.add(name);
  for (const { name } of graph.outputs) names.add(name);
  for (const node of graph.nodes) for (const output of node.outputs) names.delete(output);
  for (const { name } of graph.inputs) names.delete(name);
  for (const name of graph.initializers.keys()) names.delete(name);
  return names;
}

/** What a node is called in an error. */
const nameOf = ({ name, operator }: OnnxNode): string => (name === '' ? operator : name);
export const described = ({ name, operator }: OnnxNode): string => (name === '' ? operator : `${operator} "${name}"`);

/** For each node the nodes of the list that make what it reads; `undefined` where all come before it. */
function makersOf(nodes: readonly OnnxNode[], namesRead: NamesRead): readonly (readonly number[])[] | undefined {
  const makers = new Map<string, number>();
  for (const [index, node] of nodes.entries())
    for (const output of node.outputs) {
      if (output === '') continue;
      const other = nodes[makers.get(output) ?? -1];
      if (other !== undefined) throw fail('ONNX_MADE_TWICE', { name: output, first: described(other), second: described(node) });
      makers.set(output, index);
    }
  let isInOrder = true;
  const all = nodes.map((node, index) => {
    const own: number[] = [];
    for (const name of namesRead(node)) {
      const maker = name === '' ? undefined : makers.get(name);
      if (maker === undefined) continue;
      if (maker >= index) isInOrder = false;
      own.push(maker);
    }
    return own;
  });
  return isInOrder ? undefined : all;
}

function sorted(nodes: readonly OnnxNode[], makers: readonly (readonly number[])[]): readonly number[] {
  const order: number[] = [];
  const isDone = new Array<boolean>(nodes.length).fill(false);
  const isOpen = new Array<boolean>(nodes.length).fill(false);
  for (const start of nodes.keys()) {
    // A stack of its own: chains may be as long as the file.
    const path: { readonly index: number; next: number }[] = [];
    const enter = (index: number): void => {
      if (isDone[index]) return;
      if (isOpen[index]) {
        const circle = path.slice(path.findIndex((one) => one.index === index)).map((one) => nameOf(nodes[one.index] as OnnxNode));
        throw fail('ONNX_CYCLE', { names: [...circle, circle[0] as string].reverse() });
      }
      isOpen[index] = true;
      path.push({ index, next: 0 });
    };
    enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const maker = makers[top.index]?.[top.next++];
      if (maker !== undefined) {
        enter(maker);
        continue;
      }
      isDone[top.index] = true;
      order.push(top.index);
      path.pop();
    }
  }
  return order;
}

/** Throws a `ProblemError` where what comes into a graph has a name twice, or one that a node of it writes too. */
export function checkNames({ inputs, initializers, nodes }: OnnxGraph): void {
  const given = new Map<string, string>();
  for (const { name } of inputs) {
    if (given.has(name)) throw fail('ONNX_MADE_TWICE', { name, first: 'an input', second: 'another input' });
    given.set(name, 'an input');
  }
  for (const name of initializers.keys()) given.set(name, given.get(name) ?? 'an initializer');
  for (const node of nodes)
    for (const output of node.outputs) {
      const first = output === '' ? undefined : given.get(output);
      if (first !== undefined) throw fail('ONNX_MADE_TWICE', { name: output, first, second: described(node) });
    }
}
