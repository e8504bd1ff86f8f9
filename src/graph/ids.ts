import { operatorOf } from '../operators/registry.ts';
import type { Edge, Graph, Node } from './graph.ts';

/** Tensors that hold ids, and what these are below: the least of what the nodes that read them take. */
export function idsIn(nodes: Graph['nodes']): ReadonlyMap<Edge, number> {
  const bounds = new Map<Edge, number>();
  for (const node of nodes) {
    const bound = idsOf(node);
    const [ids] = node.inputs;
    if (bound !== undefined && ids !== undefined) bounds.set(ids, Math.min(bound, bounds.get(ids) ?? bound));
  }
  return bounds;
}

/** What the ids are below that a node reads as its first input, if it reads ids. */
export const idsOf = ({ operator, attributes }: Pick<Node, 'operator' | 'attributes'>): number | undefined =>
  operatorOf(operator).ids?.(attributes);
