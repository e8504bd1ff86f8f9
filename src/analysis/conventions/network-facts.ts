import { elements } from '../../core/shape.ts';
import type { Graph, Node, Weight } from '../../graph/graph.ts';

/** What rules read of the whole network that a layer is of: derived from its graph, never given. */
export interface NetworkFacts {
  /** Tables of which rows are looked up, and never multiplied there. */
  readonly tables: ReadonlySet<Weight>;
  /** Whether it looks ids up: a network of language. */
  readonly isLanguage: boolean;
  /** Ids that it is given; without any, positions of [n, positions, features], or else the batch. */
  readonly tokens: bigint;
  /** The layer that gives a score for each word: the last product, if it has as many outputs as the first table has rows. */
  readonly head: Node | undefined;
}

const heldBy = ({ weights }: Node): Weight[] => Object.values(weights).map((weight) => weight.of ?? weight);

const multiplies = ({ work }: Node): boolean => work.some(({ sums }) => sums !== undefined);

/** A table that ids, not positions, are looked up in: there is an id for each of its rows that come out. */
function tableOfIds({ inputs: [ids], outputs: [rows], weights }: Node): Weight | undefined {
  const table = Object.values(weights).find(({ lookedUp }) => lookedUp);
  const width = table?.shape.at(-1) ?? 0;
  const fits = ids !== undefined && rows !== undefined && elements(ids.shape) * BigInt(width) === elements(rows.shape);
  return fits ? table : undefined;
}

/** Axes of [n, positions, features]. */
const OF_POSITIONS = 3;

function derive({ nodes, inputs }: Graph): NetworkFacts {
  const lookups = nodes.filter((node) => !multiplies(node) && Object.values(node.weights).some(({ lookedUp }) => lookedUp));
  const first = lookups.find((node) => tableOfIds(node) !== undefined);
  const ids = first?.inputs[0]?.shape;
  const shape = inputs[0]?.tensor.shape ?? [];
  const last = nodes.findLast(multiplies);
  const vocabulary = first && tableOfIds(first)?.shape[0];
  return {
    tables: new Set(lookups.flatMap(heldBy)),
    isLanguage: first !== undefined,
    tokens: elements(ids ?? (shape.length === OF_POSITIONS ? shape.slice(0, 2) : shape.slice(0, 1))),
    head: last?.outputs[0]?.shape.at(-1) === vocabulary ? last : undefined,
  };
}

const known = new WeakMap<Graph, NetworkFacts>();

/** The facts of a network, derived once. */
export function networkFacts(graph: Graph): NetworkFacts {
  const facts = known.get(graph) ?? derive(graph);
  known.set(graph, facts);
  return facts;
}
