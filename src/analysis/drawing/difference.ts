import { align } from '../align.ts';
import type { Analysis } from '../cost.ts';
import { type DrawOptions, draw } from './draw.ts';
import type { Arrow, Change, Drawing, Vertex } from './drawing.ts';
import { foldRepeats } from './repeats.ts';

/** What layers cost in each model, as text; nothing for nothing. */
interface CostTexts {
  readonly before: (rows: Vertex['rows']) => string;
  readonly after: (rows: Vertex['rows']) => string;
}

const sumOf = (rows: Vertex['rows'], metric: 'macs' | 'parameters'): bigint => rows.reduce((sum, row) => sum + row[metric], 0n);

const sameCost = (a: Vertex, b: Vertex): boolean =>
  sumOf(a.rows, 'macs') === sumOf(b.rows, 'macs') && sumOf(a.rows, 'parameters') === sumOf(b.rows, 'parameters');

const sameLines = (a: Vertex, b: Vertex): boolean => a.lines.join('\n') === b.lines.join('\n');

const lastStep = (path: string): string => (path.split('/').at(-1) as string).replace(/\[\d+\]$/, '');

/** How much two vertices are alike; 0 for what is never laid side by side. */
function likeness(a: Vertex, b: Vertex): number {
  if (a.kind !== b.kind) return 0;
  const [lines, name, size, stage] = [
    sameLines(a, b),
    lastStep(a.path) === lastStep(b.path),
    a.size === b.size,
    a.path.split('/', 1)[0] === b.path.split('/', 1)[0],
  ];
  if (!lines && !name && !size) return 0;
  return 1 + 4 * Number(lines) + 2 * Number(name) + 2 * Number(size) + 2 * Number(stage) + 4 * Number(sameCost(a, b));
}

function stateOf(before: Vertex | undefined, after: Vertex | undefined): Change {
  if (before === undefined) return 'added';
  if (after === undefined) return 'removed';
  const isKept =
    sameLines(before, after) && sameCost(before, after) && before.output === after.output && before.shortcut === after.shortcut;
  return isKept ? 'kept' : 'changed';
}

/** Lines of both, what only one has marked. */
const mergedLines = (before: readonly string[], after: readonly string[]): string[] =>
  align(before, after, (a, b) => Number(a === b)).map(([a, b]) => (a === b ? (a as string) : b === undefined ? `− ${a}` : `+ ${b}`));

const SIGNS: Readonly<Record<Change, string>> = { kept: '', changed: '', added: '+ ', removed: '− ' };

function vertexOf(before: Vertex | undefined, after: Vertex | undefined, cost: CostTexts): Vertex {
  const state = stateOf(before, after);
  const vertex = (after ?? before) as Vertex;
  const [old, now] = [before === undefined ? '' : cost.before(before.rows), after === undefined ? '' : cost.after(after.rows)];
  const costs = [...new Set([old, now])].filter((text) => text !== '');
  const text = state === 'changed' && costs.length === 1 && old !== now ? `${old || '0'} → ${now || '0'}` : costs.join(' → ');
  const lines = state === 'changed' ? mergedLines(before?.lines ?? [], after?.lines ?? []) : vertex.lines;
  const named = lines.map((line, index) => (index === 0 && vertex.kind !== 'join' ? `${SIGNS[state]}${line}` : line));
  return { ...vertex, lines: vertex.kind === 'box' && text !== '' ? [...named, text] : named, state };
}

/** Edges of both models, each once. */
function edgesOf(before: readonly Arrow[], after: readonly Arrow[]): Arrow[] {
  const keyOf = ({ from, to }: Arrow): string => `${from} ${to}`;
  const [old, now] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))];
  return [
    ...after.map((edge): Arrow => ({ ...edge, state: old.has(keyOf(edge)) ? 'kept' : 'added' })),
    ...before.filter((edge) => !now.has(keyOf(edge))).map((edge): Arrow => ({ ...edge, rows: [], state: 'removed' })),
  ];
}

/** Two models as one drawing: what both have once, what only one has beside it, with the costs before and after. */
export function drawDifference(before: Analysis, after: Analysis, cost: CostTexts, options: DrawOptions = {}): Drawing {
  const [a, b] = draw([before, after], { ...options, unfold: true }) as [Drawing, Drawing];
  const pairs = align(a.vertices, b.vertices, likeness);
  const placesOf = (side: 0 | 1): ReadonlyMap<Vertex | undefined, number> => new Map(pairs.map((pair, place) => [pair[side], place]));
  const moved = ({ vertices, edges }: Drawing, places: ReadonlyMap<Vertex | undefined, number>): Arrow[] =>
    edges.map((edge) => ({ ...edge, from: places.get(vertices[edge.from]) as number, to: places.get(vertices[edge.to]) as number }));
  const wiring = {
    vertices: pairs.map(([old, now]) => vertexOf(old, now, cost)),
    edges: edgesOf(moved(a, placesOf(0)), moved(b, placesOf(1))),
  };
  const folded = options.unfold === true ? { ...wiring, repeats: [] } : foldRepeats(wiring);
  return { name: `${before.name} → ${after.name}`, analysis: after, before, ...folded, level: b.level, note: b.note ?? a.note };
}
