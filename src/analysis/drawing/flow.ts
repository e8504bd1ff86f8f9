import type { Edge, Graph } from '../../graph/graph.ts';
import { readsOf } from '../../graph/reads.ts';
import { lookOf } from './look.ts';

/** Who makes and who reads each tensor that data flow through. What is made of nothing, such as a table, does not flow. */
export interface DataFlow {
  /** Whether a node makes tensors out of nothing. */
  isHeld(index: number): boolean;
  /** Tensors that a node reads, each once; what is held is left out. */
  reads(index: number): readonly Edge[];
  /** The node that makes a tensor; `undefined` for an input of the network. */
  maker(tensor: Edge): number | undefined;
  /** Nodes that read a tensor, in order. */
  readers(tensor: Edge): readonly number[];
  /** Whether two things or more that were computed meet in a node. */
  isJoin(index: number): boolean;
}

const NONE: readonly never[] = [];

export function dataFlowOf({ nodes }: Pick<Graph, 'nodes'>): DataFlow {
  const makers = new Map<Edge, number>();
  const readers = new Map<Edge, number[]>();
  const held = new Set<Edge>();
  const isHeld: boolean[] = [];
  const all = nodes.map((node, index) => {
    const { as } = lookOf(node);
    const reads = [...new Set(readsOf(node))];
    const computed = as === 'held' ? NONE : reads.filter((tensor) => !held.has(tensor));
    isHeld.push(as === 'held' || (as !== 'layer' && computed.length === 0));
    if (isHeld[index] === true) for (const tensor of node.outputs) held.add(tensor);
    for (const tensor of node.outputs) makers.set(tensor, index);
    for (const tensor of isHeld[index] === true ? [] : reads) {
      const there = readers.get(tensor);
      if (there === undefined) readers.set(tensor, [index]);
      else there.push(index);
    }
    return computed;
  });
  const reads = (index: number): readonly Edge[] => all[index] ?? NONE;
  return {
    isHeld: (index) => isHeld[index] === true,
    reads,
    maker: (tensor) => makers.get(tensor),
    readers: (tensor) => readers.get(tensor) ?? NONE,
    isJoin: (index) => reads(index).length > 1,
  };
}
