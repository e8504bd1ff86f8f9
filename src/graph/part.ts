import { fail } from '../problems/problem.ts';
import type { Edge, Graph, UnknownOperator } from './graph.ts';
import { readsOf } from './reads.ts';

/** The first so many steps of a path. */
const firstSteps = (path: string, count: number): string => path.split('/').slice(0, count).join('/');

/** What can be named at the deepest level of `path` that exists: its own parts. */
function knownParts({ nodes }: Graph, path: string): string[] {
  const steps = path.split('/');
  for (let depth = steps.length - 1; depth >= 0; depth--) {
    const above = firstSteps(path, depth);
    const inside = nodes.filter((node) => depth === 0 || node.path.startsWith(`${above}/`));
    if (inside.length > 0) return [...new Set(inside.map((node) => firstSteps(node.path, depth + 1)))];
  }
  return [];
}

/** The tensors that satisfy a condition, each once, in the order in which nodes hold them. */
const distinct = (lists: Iterable<readonly Edge[]>, wanted: (tensor: Edge) => boolean): Edge[] => {
  const found = new Set<Edge>();
  for (const list of lists) for (const tensor of list) if (wanted(tensor)) found.add(tensor);
  return [...found];
};

/** What is not known of the nodes at some paths. */
const unknownIn = ({ unknown = [] }: Graph, isInside: (node: { readonly path: string }) => boolean): UnknownOperator[] =>
  unknown
    .map(({ paths, ...rest }) => ({ ...rest, paths: paths.filter((path) => isInside({ path })) }))
    .filter(({ paths }) => paths.length > 0)
    .map((one) => ({ ...one, count: one.paths.length }));

/**
 * A stage, a block or a layer of a graph as a graph of its own: its inputs are the tensors that come from outside, its
 * outputs those that are used outside. Throws a `ProblemError` where there is no such path.
 */
export function partOf(graph: Graph, path: string): Graph {
  const isInside = (node: { readonly path: string }): boolean => node.path === path || node.path.startsWith(`${path}/`);
  const nodes = graph.nodes.filter(isInside);
  if (nodes.length === 0) throw fail('UNKNOWN_PATH', { path, model: graph.name, known: knownParts(graph, path) });
  const made = new Set(nodes.flatMap((node) => node.outputs));
  const needed = new Set([...graph.outputs, ...graph.nodes.filter((node) => !isInside(node)).flatMap(readsOf)]);
  const inputs = distinct(nodes.map(readsOf), (tensor) => !made.has(tensor));
  const unknown = unknownIn(graph, isInside);
  // What encloses the part counts for it too.
  const warnings = graph.warnings?.filter(({ path: at = '' }) => isInside({ path: at }) || path.startsWith(`${at}/`)) ?? [];
  return {
    name: `${graph.name}/${path}`,
    source: graph.source,
    inputs: inputs.map((tensor, index) => ({ name: inputs.length === 1 ? 'input' : `input[${index}]`, tensor })),
    outputs: distinct(
      nodes.map((node) => node.outputs),
      (tensor) => needed.has(tensor),
    ),
    nodes,
    ...(unknown.length > 0 && { unknown }),
    ...(warnings.length > 0 && { warnings }),
  };
}
