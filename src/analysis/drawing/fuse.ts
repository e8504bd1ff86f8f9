import type { Graph } from '../../graph/graph.ts';
import type { DataFlow } from './flow.ts';
import { lookOf } from './look.ts';
import type { Shortcut } from './shortcuts.ts';

/**
 * The group of each node, called after one of its nodes: a box with what goes along with it, a join, or a shortcut. A layer that
 * figures leave out goes with the box that makes its input, or else with the one that reads its output; where there is none, it is
 * a box of its own.
 */
export function fuse(graph: Graph, flow: DataFlow, shortcuts: readonly Shortcut[]): number[] {
  const onShortcut = new Map(shortcuts.flatMap(({ nodes }) => nodes.map((node): [number, number] => [node, nodes[0] as number])));
  const main: number[] = [];
  /** Nodes of groups that show nothing by themselves. */
  const open = new Map<number, number[]>();
  for (const [index, node] of graph.nodes.entries()) {
    const isShown = lookOf(node).as === 'layer' || flow.isJoin(index);
    const maker = isShown ? undefined : onlyMaker(index, graph, flow);
    const shortcut = onShortcut.get(index);
    const group = shortcut ?? (maker === undefined || onShortcut.has(maker) ? index : (main[maker] as number));
    main.push(group);
    if (group === index && !isShown && shortcut === undefined) open.set(index, [index]);
    else open.get(group)?.push(index);
  }
  const goesTo = new Map<number, number>();
  const groupOf = (index: number): number => {
    const group = main[index] as number;
    return goesTo.get(group) ?? group;
  };
  const outputs = new Set(graph.outputs);
  // Later ones first, so that where they went is known.
  for (const [group, members] of [...open].reverse()) {
    const made = members.flatMap((index) => graph.nodes[index]?.outputs ?? []);
    const groups = new Set(made.flatMap((tensor) => flow.readers(tensor)).map(groupOf));
    groups.delete(group);
    const [first] = groups;
    // Nothing flows through what is held, so it may go with the first of several readers.
    const isOne = groups.size === 1 || flow.isHeld(group);
    const isOpen = flow.isHeld(group) || !(first !== undefined && onShortcut.has(first));
    if (first !== undefined && isOne && isOpen && !made.some((tensor) => outputs.has(tensor))) goesTo.set(group, first);
  }
  return withoutLoneJoins(
    main.map((_, index) => groupOf(index)),
    graph,
    flow,
    new Set(onShortcut.values()),
  );
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

/** The maker of all that a node reads, if nobody else reads that, and it is in the block of the node. */
function onlyMaker(index: number, { nodes }: Graph, flow: DataFlow): number | undefined {
  const [tensor, ...others] = flow.reads(index);
  if (tensor === undefined || others.length > 0 || flow.readers(tensor).length > 1) return undefined;
  const maker = flow.maker(tensor);
  return maker !== undefined && nodes[maker]?.path.startsWith(parentOf(nodes[index]?.path ?? '')) === true ? maker : undefined;
}

/** A join of what all comes from one box, such as x · sigmoid(x), is a part of that box. */
function withoutLoneJoins(groups: readonly number[], { nodes }: Graph, flow: DataFlow, shortcuts: ReadonlySet<number>): number[] {
  const sources = new Map<number, Set<number>>();
  const goesTo = new Map<number, number>();
  const groupOf = (index: number): number => goesTo.get(groups[index] as number) ?? (groups[index] as number);
  for (const [index, group] of groups.entries()) {
    const own = sources.get(group) ?? new Set();
    sources.set(group, own);
    for (const tensor of flow.reads(index)) {
      const maker = flow.maker(tensor);
      const source = maker === undefined ? -1 : groupOf(maker);
      if (source !== group) own.add(source);
    }
    const [source] = own;
    const isLone = index === group && lookOf(nodes[index] as Graph['nodes'][number]).as !== 'layer' && flow.isJoin(index) && own.size === 1;
    if (isLone && source !== undefined && source >= 0 && !shortcuts.has(source)) goesTo.set(group, source);
  }
  return groups.map((_, index) => groupOf(index));
}
