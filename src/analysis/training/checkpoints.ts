import { countMacs } from '../../core/work.ts';
import type { Graph, Node } from '../../graph/graph.ts';
import { glob, isGlob } from '../../language/glob.ts';
import { fail } from '../../problems/problem.ts';

/**
 * Parts of a network whose activations are not kept, but computed again when their gradients are due. Only what goes into
 * them is kept.
 */
export interface Region {
  readonly name: string;
  /** Places in the execution order, ascending. */
  readonly nodes: readonly number[];
}

const first = (path: string, steps: number): string => path.split('/').slice(0, steps).join('/');

/** The shortest beginning of a path that fits. */
const beginning = (path: string, fits: (path: string) => boolean): string | undefined => {
  const steps = path.split('/');
  for (let count = 1; count <= steps.length; count++) {
    const start = steps.slice(0, count).join('/');
    if (fits(start)) return start;
  }
  return undefined;
};

const steps = (path: string): number => path.split('/').length;

/** Operators that hold the products of attention. */
const isProduct = ({ operator }: Node): boolean => operator === 'sdpa' || operator === 'attention';

const isAttention = (path: string): boolean => /attention/i.test(path.slice(path.lastIndexOf('/') + 1));

type Part = (node: Node) => string | undefined;

/** What each node of a network is a part of, by the way to divide: nothing where it is kept. */
const WAYS: Readonly<Record<string, (nodes: readonly Node[]) => Part>> = {
  none: () => () => undefined,
  block:
    () =>
    ({ path }) =>
      steps(path) > 2 ? first(path, 2) : undefined,
  stage:
    () =>
    ({ path }) =>
      first(path, 1),
  // Where products of attention are layers of their own, they are the part, and what lies around them is kept.
  attention: (nodes) =>
    nodes.some(isProduct) ? (node) => (isProduct(node) ? node.path : undefined) : ({ path }) => beginning(path, isAttention),
};

export const CHECKPOINTS = Object.keys(WAYS);

/** The regions of a way, or of a pattern for paths. Parts without products are kept: there is nothing to save by doing them again. */
export function regionsOf(graph: Graph, way = 'none'): Region[] {
  const fits = isGlob(way) ? glob(way) : (path: string): boolean => path === way;
  const ofWay = Object.hasOwn(WAYS, way) ? WAYS[way] : undefined;
  const nameOf: Part = ofWay?.(graph.nodes) ?? (({ path }) => beginning(path, fits));
  const regions = new Map<string, number[]>();
  for (const [index, node] of graph.nodes.entries()) {
    const name = nameOf(node);
    if (name === undefined) continue;
    const there = regions.get(name);
    if (there === undefined) regions.set(name, [index]);
    else there.push(index);
  }
  if (regions.size === 0 && way !== 'none' && way !== 'attention')
    throw fail('FITS_NO_LAYER', { option: 'checkpoint', pattern: way, model: graph.name, known: CHECKPOINTS });
  return (
    [...regions]
      .map(([name, nodes]) => ({ name, nodes }))
      // A layer alone keeps no more than what goes into it.
      .filter(({ nodes }) => nodes.length > 1 || !(way === 'block' || way === 'stage'))
      .filter(({ nodes }) => nodes.some((index) => countMacs((graph.nodes[index] as Node).work) > 0n))
  );
}
