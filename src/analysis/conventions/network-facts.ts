import { elements } from '../../core/shape.ts';
import type { Edge, Graph, Node, Weight } from '../../graph/graph.ts';

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
  /** Features of that table; 0 without one. */
  readonly width: bigint;
  /** The products that scores come from by which experts are chosen. */
  readonly routers: ReadonlySet<Node>;
}

/** By what makes it, every tensor that is made. */
type Producers = ReadonlyMap<Edge, Node>;

const multiplies = ({ work }: Node): boolean => work.some(({ sums }) => sums !== undefined);

/** A table that rows are looked up in, and by what. */
interface LookUp {
  readonly table: Weight;
  readonly ids: Edge | undefined;
}

/** By rows of the table that come out there must be an id for each; of positions there is none. */
function ofLayer({ inputs: [ids], outputs: [rows], weights }: Node): LookUp[] {
  const table = Object.values(weights).find(({ lookedUp }) => lookedUp);
  if (table === undefined) return [];
  const width = BigInt(table.shape.at(-1) ?? 0);
  const isById = ids !== undefined && rows !== undefined && elements(ids.shape) * width === elements(rows.shape);
  return [{ table, ids: isById ? ids : undefined }];
}

/** ONNX files look rows up by a move that gathers from a parameter. */
function ofMove({ attributes, inputs: [table, ids] }: Node, producers: Producers): LookUp[] {
  const { by, axis } = attributes as { readonly by?: string; readonly axis?: number };
  const producer = table && producers.get(table);
  const [weight] = producer?.operator === 'parameter' ? Object.values(producer.weights) : [];
  return by === 'gather' && axis === 0 && weight?.shape.length === MATRIX && ids !== undefined ? [{ table: weight, ids }] : [];
}

const MATRIX = 2;

/** The last products that a tensor was made of, among the nodes before. */
function productsOf(tensor: Edge | undefined, producers: Producers, inputs: ReadonlySet<Edge>): Node[] {
  const found: Node[] = [];
  const seen = new Set<Edge>(inputs);
  const rest = tensor === undefined ? [] : [tensor];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const producer = seen.has(next) ? undefined : producers.get(next);
    seen.add(next);
    if (producer === undefined) continue;
    if (multiplies(producer)) found.push(producer);
    else rest.push(...producer.inputs);
  }
  return found;
}

/** The products that scores come from by which positions are dealt to experts. */
function routersOf(nodes: readonly Node[], producers: Producers): ReadonlySet<Node> {
  const dispatches = nodes.filter(({ operator }) => operator === 'dispatch');
  return new Set(dispatches.flatMap(({ inputs: [positions, chosen] }) => productsOf(chosen, producers, new Set(positions && [positions]))));
}

/** Axes of [n, positions, features]. */
const OF_POSITIONS = 3;

function derive({ nodes, inputs }: Graph): NetworkFacts {
  const producers: Producers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const lookUps = nodes.flatMap((node) => (multiplies(node) ? [] : [...ofLayer(node), ...ofMove(node, producers)]));
  const first = lookUps.find(({ ids }) => ids !== undefined);
  const [vocabulary, width = 0] = first?.table.shape ?? [];
  const shape = inputs[0]?.tensor.shape ?? [];
  const last = nodes.findLast(multiplies);
  return {
    tables: new Set(lookUps.map(({ table }) => table.of ?? table)),
    isLanguage: first !== undefined,
    tokens: elements(first?.ids?.shape ?? (shape.length === OF_POSITIONS ? shape.slice(0, 2) : shape.slice(0, 1))),
    head: first !== undefined && last?.outputs[0]?.shape.at(-1) === vocabulary ? last : undefined,
    width: BigInt(width),
    routers: routersOf(nodes, producers),
  };
}

const known = new WeakMap<Graph, NetworkFacts>();

/** The facts of a network, derived once. */
export function networkFacts(graph: Graph): NetworkFacts {
  const facts = known.get(graph) ?? derive(graph);
  known.set(graph, facts);
  return facts;
}
