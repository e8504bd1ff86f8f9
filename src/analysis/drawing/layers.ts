import type { Edge, Node } from '../../graph/graph.ts';
import type { Analysis, CostRow } from '../cost.ts';
import type { Arrow, Vertex } from './drawing.ts';
import { dataFlowOf } from './flow.ts';
import { fuse } from './fuse.ts';
import { figureText, labelOf, signOf } from './look.ts';
import { shortcutsOf } from './shortcuts.ts';
import { channelsOf, outputText, sizeText } from './size.ts';

/** Vertices, and edges between them by their places. */
export interface Wiring {
  readonly vertices: readonly Vertex[];
  readonly edges: readonly Arrow[];
}

/** The name of a layer that figures have no words for. */
const nameOf = ({ operator, path }: Node): string => (path.split('/').at(-1) ?? operator).replace(/\[\d+\]$/, '');

/** Several edges between the same two vertices are one; where one of them is no shortcut, neither is that. */
export function together(edges: readonly Arrow[]): Arrow[] {
  const found = new Map<string, Arrow>();
  for (const edge of edges) {
    const key = `${edge.from} ${edge.to}`;
    const there = found.get(key);
    const isMore = there === undefined || (there.kind !== 'flow' && edge.kind !== 'passes');
    found.set(key, there === undefined ? edge : { ...(isMore ? edge : there), rows: [...there.rows, ...edge.rows] });
  }
  return [...found.values()];
}

/** The nodes of each group, in order. */
function membersOf(groups: readonly number[]): Map<number, number[]> {
  const members = new Map<number, number[]>();
  for (const [index, group] of groups.entries()) {
    const there = members.get(group);
    if (there === undefined) members.set(group, [index]);
    else there.push(index);
  }
  return members;
}

/** A box for each layer that figures show, with all that goes along with it. */
export function layersOf({ graph, rows }: Analysis): Wiring {
  const { nodes } = graph;
  const nodeAt = (index: number): Node => nodes[index] as Node;
  const flow = dataFlowOf(graph);
  const shortcuts = shortcutsOf(graph, flow);
  const groups = fuse(graph, flow, shortcuts);
  const channels = channelsOf(graph);
  const members = membersOf(groups);
  const rowsOf = (group: number): CostRow[] => (members.get(group) ?? []).map((index) => rows[index] as CostRow);
  const sizeOf = (tensor: Edge): string => sizeText(tensor.shape, channels.get(tensor));
  const inputs = graph.inputs.map(
    ({ name, tensor }): Vertex => ({
      kind: 'input',
      path: name,
      lines: [`${name} ${outputText(tensor.shape)}`],
      size: sizeOf(tensor),
      output: outputText(tensor.shape),
      rows: [],
      times: 1,
    }),
  );
  const vertexOf = (group: number): Vertex => {
    const node = nodeAt(group);
    const label = labelOf(node);
    const last = nodeAt(members.get(group)?.findLast((index) => !flow.isHeld(index)) ?? group).outputs[0];
    const made = node.outputs[0];
    // A pooling that is followed by a flattening has the size of the pooling.
    const output = last !== undefined && sizeOf(last) !== '1' ? last : made;
    return {
      kind: label === undefined && flow.isJoin(group) ? 'join' : 'box',
      path: node.path,
      lines: [label === undefined ? (signOf(node) ?? nameOf(node)) : figureText(label)],
      size: output === undefined ? '1' : sizeOf(output),
      output: output === undefined ? '' : outputText(output.shape),
      rows: rowsOf(group),
      times: 1,
      label,
    };
  };
  const onShortcut = new Set(shortcuts.flatMap(({ nodes: on }) => on));
  const mains = [...members.keys()].filter((group) => !onShortcut.has(group)).sort((a, b) => a - b);
  const placeOf = new Map(mains.map((group, place) => [group, inputs.length + place]));
  const inputPlace = new Map<Edge, number>(graph.inputs.map(({ tensor }, place) => [tensor, place]));
  const fromOf = (tensor: Edge): number | undefined => {
    const maker = flow.maker(tensor);
    return maker === undefined ? inputPlace.get(tensor) : placeOf.get(groups[maker] as number);
  };
  const edgeTo = (index: number, tensor: Edge, rest: Omit<Arrow, 'from' | 'to'>): Arrow[] => {
    const [from, to] = [fromOf(tensor), placeOf.get(groups[index] as number)];
    return from === undefined || to === undefined || from === to ? [] : [{ from, to, ...rest }];
  };
  const isAround = new Map(shortcuts.filter(({ nodes: on }) => on.length === 0).map(({ sum, tensor }) => [tensor, sum]));
  const flowing = nodes.flatMap((_, index) =>
    flow
      .reads(index)
      .flatMap((tensor) => edgeTo(index, tensor, { kind: isAround.get(tensor) === index ? 'passes' : 'flow', text: '', rows: [] })),
  );
  const skipping = shortcuts.flatMap(({ tensor, sum, nodes: on, projects }) => {
    const [first] = on;
    if (first === undefined) return [];
    const text = on
      .flatMap((index) => labelOf(nodeAt(index)) ?? [])
      .map(figureText)
      .join(', ');
    return edgeTo(sum, tensor, { kind: projects ? 'projects' : 'passes', text, rows: rowsOf(first) });
  });
  return { vertices: [...inputs, ...mains.map(vertexOf)], edges: together([...flowing, ...skipping]) };
}
