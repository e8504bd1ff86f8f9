import { elementCount, elements, type Shape } from '../../core/shape.ts';
import { type GradientFlow, gradientOf } from '../../gradients/flow.ts';
import type { Edge, Graph } from '../../graph/graph.ts';
import { inOrder, type MemoryLayout, reshapedLayout, type Saved, type SavedType } from '../../operators/kit/gradient.ts';
import { operatorOf } from '../../operators/registry.ts';

/**
 * What is kept from the forward pass until the backward pass, as PyTorch's autograd keeps it: every memory once and whole, however
 * many layers keep it, or a part of it.
 */

/** A piece of memory. */
export interface Storage {
  readonly elements: bigint;
  /** `given` is an input of the network, `held` a weight or something fixed: these are there anyway. */
  readonly type: SavedType | 'given' | 'held';
}

/** The bytes of each type of element. */
export type Bytes = Readonly<Record<Storage['type'], bigint>>;

export const bytesOf = ({ elements: count, type }: Storage, bytes: Bytes): bigint => count * bytes[type];

interface Placed {
  readonly storage: Storage;
  readonly layout: MemoryLayout;
}

/** Where the memory of a network's tensors is, and which of it each node keeps. */
export interface Storages {
  readonly of: ReadonlyMap<Edge, Storage>;
  /** For each node, in execution order. */
  readonly saved: readonly (readonly Storage[])[];
}

const fresh = (shape: Shape, type: Storage['type'] = 'element'): Placed => ({
  storage: { elements: elements(shape), type },
  layout: inOrder(shape),
});

/** Lays all tensors out in memory: views share it, and what must be copied to be kept is copied. */
export function storagesOf(graph: Graph, flows: readonly GradientFlow[]): Storages {
  const places = new Map<Edge, Placed>(graph.inputs.map(({ tensor }) => [tensor, fresh(tensor.shape, 'given')]));
  const placeOf = (tensor: Edge): Placed => places.get(tensor) ?? fresh(tensor.shape, 'given');
  const tables = new Map<string, Storage>();
  const tableOf = ({ key, shape, type }: Extract<Saved, { what: 'table' }>): Storage => {
    const table = tables.get(key) ?? { elements: elements(shape), type };
    tables.set(key, table);
    return table;
  };
  const keptOf = (saved: Saved, { node }: GradientFlow): Storage => {
    if (saved.what === 'table') return tableOf(saved);
    if (!('index' in saved)) return { elements: elements(saved.shape), type: saved.type };
    const { storage, layout } = placeOf((saved.what === 'input' ? node.inputs : node.outputs)[saved.index] as Edge);
    if (saved.as === undefined) return storage;
    const isWhole = elementCount(saved.as) === elementCount(layout.shape);
    return isWhole && reshapedLayout(layout, saved.as) !== undefined ? storage : { elements: elements(saved.as), type: 'element' };
  };
  const saved = flows.map((flow): Storage[] => {
    const { node, needs } = flow;
    const [input] = node.inputs;
    const { gradient } = operatorOf(node.operator);
    const stated = 'none' in gradient ? undefined : gradient;
    const from = input && placeOf(input);
    const views = from && stated?.view?.(node.attributes, from.layout);
    for (const [index, tensor] of node.outputs.entries()) {
      const view = views?.[index];
      places.set(
        tensor,
        from !== undefined && view !== undefined
          ? { storage: from.storage, layout: view }
          : fresh(tensor.shape, stated?.held === true ? 'held' : 'element'),
      );
    }
    if (needs === undefined) return [];
    const shapes = node.inputs.map(({ shape }) => shape);
    return (gradientOf(node)?.saves(node.attributes, shapes, needs) ?? []).map((one) => keptOf(one, flow));
  });
  return { of: new Map([...places].map(([tensor, { storage }]) => [tensor, storage])), saved };
}
