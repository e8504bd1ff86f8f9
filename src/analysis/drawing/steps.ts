import type { Arrow, Vertex } from './drawing.ts';
import { together, type Wiring } from './layers.ts';
import { figureText } from './look.ts';
import { type LabelRun, partsOf } from './summary.ts';

/** Most lines of a box. */
const MOST_LINES = 7;

/** Characters of a list in brackets that stays on one line. */
const LINE = 30;

function partLines({ labels, times }: LabelRun): string[] {
  const texts = labels.map(figureText);
  const count = times > 1 ? ` ×${times}` : '';
  if (texts.length === 1) return [`${texts[0]}${count}`];
  if (times === 1) return texts;
  const line = `[${texts.join('; ')}]${count}`;
  return line.length <= LINE
    ? [line]
    : texts.map((text, at) => `${at === 0 ? '[' : ''}${text}${at === texts.length - 1 ? `]${count}` : ';'}`);
}

/** What is in a box of several layers, in a few lines. */
function linesOf(title: string, parts: readonly LabelRun[]): string[] {
  const lines = [title, ...parts.flatMap(partLines)];
  const left = lines.length - MOST_LINES;
  return left <= 1 ? lines : [...lines.slice(0, MOST_LINES - 1), `… ${left + 1} more`];
}

const lastStep = (path: string): string => (path.split('/').at(-1) as string).replace(/\[\d+\]$/, '');

/** One box for all vertices of a list. */
export function boxOf(path: string, title: string, own: readonly Vertex[], depth: number): Vertex {
  const [only] = own;
  if (own.length === 1 && only !== undefined) return only;
  const last = own.at(-1) as Vertex;
  return {
    kind: 'box',
    path,
    lines: linesOf(title, partsOf(own, depth, figureText)),
    size: last.size,
    output: last.output,
    rows: own.flatMap(({ rows }) => rows),
    times: 1,
  };
}

/** The group of each vertex, numbered as they begin: all that have the same key, or only those of them that follow each other. */
function groupsOf(keys: readonly string[], isInRuns: boolean): number[] {
  const known = new Map<string, number>();
  let count = 0;
  return keys.map((key, place) => {
    const isNew = isInRuns ? key !== keys[place - 1] : !known.has(key);
    if (isNew) known.set(key, count++);
    return known.get(key) as number;
  });
}

/** Vertices that have the same key as one, and the edges between those: all lead on. */
export function merged(
  { vertices, edges }: Wiring,
  keyOf: (vertex: Vertex, place: number) => string,
  boxFor: (key: string, own: readonly Vertex[]) => Vertex,
): Wiring {
  const keys = vertices.map(keyOf);
  const all = groupsOf(keys, false);
  // What is called again, as a module of which two layers share the weights, would lead back to itself.
  const leadsBack = edges.some(({ from, to }) => (all[from] as number) > (all[to] as number));
  const places = leadsBack ? groupsOf(keys, true) : all;
  const order: string[] = [];
  for (const [place, key] of keys.entries()) if (places[place] === order.length) order.push(key);
  const own = order.map((): Vertex[] => []);
  const lastOf = new Map<number, number>();
  for (const [index, vertex] of vertices.entries()) {
    own[places[index] as number]?.push(vertex);
    lastOf.set(places[index] as number, index);
  }
  const outer: Arrow[] = [];
  const rows = order.map((): Arrow['rows'][number][] => []);
  const around = new Map<number, 'passes' | 'projects'>();
  for (const edge of edges) {
    const [from, to] = [places[edge.from] as number, places[edge.to] as number];
    const isAround = edge.kind !== 'flow' && (own[to]?.length ?? 0) > 1 && lastOf.get(to) === edge.to;
    if (isAround && from !== to) around.set(to, edge.kind as 'passes' | 'projects');
    if (from === to || isAround) rows[to]?.push(...edge.rows);
    if (from !== to) outer.push({ ...edge, from, to, ...(isAround && { kind: 'flow', text: '', rows: [] }) });
  }
  return {
    vertices: order.map((key, place) => {
      const vertex = boxFor(key, own[place] as Vertex[]);
      const shortcut = around.get(place);
      return { ...vertex, rows: [...vertex.rows, ...(rows[place] ?? [])], ...(shortcut !== undefined && { shortcut }) };
    }),
    edges: together(outer),
  };
}

/** A box for all that has the same first steps of its path; what has no more steps than that stays as it is. */
export const byStepsOf = (wiring: Wiring, steps: number): Wiring =>
  merged(
    wiring,
    ({ kind, path }, place) => {
      const all = path.split('/');
      return kind === 'input' || all.length <= steps ? `${place}` : all.slice(0, steps).join('/');
    },
    (key, own) => boxOf(key, lastStep(key), own, steps),
  );
