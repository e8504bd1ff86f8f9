import type { Edge, Graph, Node } from '../graph/graph.ts';

/** Whether the layer multiplies by learned weights, as convolutions and linear layers do: what papers count as a layer. */
const isLayer = ({ work, weights }: Node): boolean =>
  work.some((term) => term.sums !== undefined) && Object.values(weights).some(({ learned }) => learned);

/**
 * Layers with weights on the longest path from an input to any tensor, as in the name of the 34-layer network:
 * projections beside a block are not on it.
 * `isCounted` leaves out what a part of the network does not hold.
 * Source: He et al. 2015, arXiv:1512.03385, Table 1.
 */
export function depthOf(graph: Graph, isCounted: (node: Node) => boolean = () => true): number {
  const depths = new Map<Edge, number>();
  let deepest = 0;
  for (const node of graph.nodes) {
    const above = node.inputs.reduce((most, tensor) => Math.max(most, depths.get(tensor) ?? 0), 0);
    const depth = above + Number(isLayer(node) && isCounted(node));
    deepest = Math.max(deepest, depth);
    for (const tensor of node.outputs) depths.set(tensor, depth);
  }
  return deepest;
}
