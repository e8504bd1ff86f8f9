import { product } from '../../core/exact.ts';
import { elements } from '../../core/shape.ts';
import type { Graph, Node, Weight } from '../../graph/graph.ts';
import { operatorOf } from '../../operators/registry.ts';
import { bytesOfWeight, type MemoryOptions } from '../memory.ts';

/** Whether the layer takes only some rows of a weight. The same table may be a whole matrix to another layer. */
function isLookedUp({ operator, attributes, inputs }: Node, role: string): boolean {
  const own = operatorOf(operator).weights(
    attributes,
    inputs.map(({ shape }) => shape),
  );
  return own[role]?.lookedUp === true;
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** Elements of a weight that the layer reads, at most: of experts, those of as many as there are rows to deal to them. */
function elementsRead(node: Node, role: string, { shape }: Weight): { readonly count: bigint; readonly areRows: boolean } {
  const { inputs, outputs, experts } = node;
  const all = elements(shape);
  if (experts !== undefined) {
    const rows = inputs[0]?.shape[0] ?? 0;
    return { count: (all / BigInt(experts.count)) * BigInt(Math.min(experts.count, rows)), areRows: false };
  }
  if (!isLookedUp(node, role)) return { count: all, areRows: false };
  // As many rows as come out.
  return { count: least(all, product(outputs[0]?.shape.slice(0, -1) ?? []) * BigInt(shape.at(-1) ?? 1)), areRows: true };
}

/** Bytes of weights that a network must read to run once, each element once: of each node those that no node before it has read. */
export function weightBytesRead({ nodes }: Graph, options: MemoryOptions): bigint[] {
  const read = new Map<Weight, bigint>();
  return nodes.map((node) => {
    let bytes = 0n;
    for (const [role, weight] of Object.entries(node.weights)) {
      if (weight.madeBy !== undefined) continue;
      const held = weight.of ?? weight;
      const before = read.get(held) ?? 0n;
      const { count, areRows } = elementsRead(node, role, weight);
      // Rows that several layers look up may be others.
      const now = least(elements(held.shape), areRows ? before + count : count > before ? count : before);
      read.set(held, now);
      bytes += bytesOfWeight(held, now, options) - bytesOfWeight(held, before, options);
    }
    return bytes;
  });
}
