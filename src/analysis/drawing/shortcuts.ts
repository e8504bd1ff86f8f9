import { sameShape } from '../../core/shape.ts';
import type { Edge, Graph } from '../../graph/graph.ts';
import type { DataFlow } from './flow.ts';
import { isSum, labelOf } from './look.ts';

/** A way around a block that meets it again in a sum. */
export interface Shortcut {
  /** The tensor that it takes. */
  readonly tensor: Edge;
  /** The sum that it ends in, as its place among the nodes. */
  readonly sum: number;
  /** The nodes on it, in order; none where it passes what it takes. */
  readonly nodes: readonly number[];
  readonly projects: boolean;
}

/** How far back a sum is searched for the beginning of its block, in nodes: no published block comes near it. */
const MOST_STEPS = 2000;

/** A shortcut has at most one layer with a label: a 1×1 convolution or a linear layer. */
const isSlight = (labels: readonly { readonly kernel: string }[]): boolean =>
  labels.length <= 1 && labels.every(({ kernel }) => /^(1(×1)*)?$/.test(kernel));

/** The nodes that lead to a tensor, each of which nobody else reads, back to one that several read. */
function chainTo(end: Edge, sum: number, { nodes }: Graph, flow: DataFlow): { start: Edge; chain: number[] } {
  const chain: number[] = [];
  let tensor = end;
  while (flow.readers(tensor).length === 1) {
    const maker = flow.maker(tensor);
    const reads = maker === undefined ? [] : flow.reads(maker);
    if (maker === undefined || reads.length !== 1 || sum - maker > MOST_STEPS) break;
    if ((nodes[maker]?.outputs.length ?? 0) > 1) break;
    chain.unshift(maker);
    tensor = reads[0] as Edge;
  }
  return { start: tensor, chain };
}

/** Whether a tensor is computed from another. */
function dependsOn(tensor: Edge, on: Edge, flow: DataFlow): boolean {
  const first = flow.maker(on) ?? -1;
  const seen = new Set<Edge>();
  const todo = [tensor];
  for (let next = todo.pop(); next !== undefined && seen.size <= MOST_STEPS; next = todo.pop()) {
    if (next === on) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    const maker = flow.maker(next);
    if (maker !== undefined && maker > first) todo.push(...flow.reads(maker));
  }
  return false;
}

/** The shortcuts of a network: one of the inputs of a sum comes from where the block around it begins, nearly as it is. */
export function shortcutsOf(graph: Graph, flow: DataFlow): Shortcut[] {
  return graph.nodes.flatMap((node, sum) => {
    if (!isSum(node)) return [];
    const ways = flow.reads(sum).map((end) => {
      const { start, chain } = chainTo(end, sum, graph, flow);
      const labels = chain.flatMap((place) => labelOf(graph.nodes[place] as Graph['nodes'][number]) ?? []);
      return { start, end, chain, labels };
    });
    const slight = ways.filter(({ start, end, labels }) => isSlight(labels) && (flow.readers(start).length > 1 || start === end));
    return slight.flatMap(({ start, end, chain, labels }): Shortcut[] => {
      // A block is more than its shortcut: of two ways that are both slight, the longer one is the block.
      const isBlock = (other: (typeof ways)[number]): boolean =>
        other.end !== end &&
        !(isSlight(other.labels) && other.start === start && other.chain.length <= chain.length) &&
        dependsOn(other.end, start, flow);
      if (!ways.some(isBlock)) return [];
      return [{ tensor: start, sum, nodes: chain, projects: labels.length > 0 || !sameShape(start.shape, end.shape) }];
    });
  });
}
