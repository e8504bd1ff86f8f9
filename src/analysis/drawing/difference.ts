import { OPERATIONS, type Operation } from '../../core/work.ts';
import { align } from '../align.ts';
import type { Analysis } from '../cost.ts';
import { type DrawOptions, draw, MOST_VERTICES } from './draw.ts';
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

/** What the layers do, each by its operator, and how many scalar operations in all: activations stand in no line of a box. */
const sameWork = (a: Vertex, b: Vertex): boolean =>
  a.rows.map(({ operator }) => operator).join() === b.rows.map(({ operator }) => operator).join() &&
  OPERATIONS.every((kind) => operationsOf(a.rows, kind) === operationsOf(b.rows, kind));

const operationsOf = (rows: Vertex['rows'], kind: Operation): bigint => rows.reduce((sum, row) => sum + (row.operations[kind] ?? 0n), 0n);

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
  const isKept = [sameLines(before, after), sameCost(before, after), sameWork(before, after)].every(Boolean);
  return isKept && before.output === after.output && before.shortcut === after.shortcut ? 'kept' : 'changed';
}

/** Lines of both, what only one has marked. */
const mergedLines = (before: readonly string[], after: readonly string[]): string[] =>
  align(before, after, (a, b) => Number(a === b)).map(([a, b]) => (a === b ? (a as string) : b === undefined ? `− ${a}` : `+ ${b}`));

/** Most layers that are named where they are all that differs. */
const MOST_NAMED = 6;

/** The lines of what changed; where they are equal, the layers that only one has follow. */
function changedLines(before: Vertex, after: Vertex): string[] {
  const lines = mergedLines(before.lines, after.lines);
  if (!sameLines(before, after)) return lines;
  const operators = ({ rows }: Vertex): string[] => rows.map(({ operator }) => operator);
  const others = mergedLines(operators(before), operators(after)).filter((line) => /^[−+] /.test(line));
  if (others.length === 0 && before.output !== after.output) return [...lines, `${before.output} → ${after.output}`];
  return [...lines, ...others.slice(0, MOST_NAMED), ...(others.length > MOST_NAMED ? ['…'] : [])];
}

const SIGNS: Readonly<Record<Change, string>> = { kept: '', changed: '', added: '+ ', removed: '− ' };

function vertexOf(before: Vertex | undefined, after: Vertex | undefined, cost: CostTexts): Vertex {
  const state = stateOf(before, after);
  const vertex = (after ?? before) as Vertex;
  const [old, now] = [before === undefined ? '' : cost.before(before.rows), after === undefined ? '' : cost.after(after.rows)];
  const costs = [...new Set([old, now])].filter((text) => text !== '');
  const text = state === 'changed' && costs.length === 1 && old !== now ? `${old || '0'} → ${now || '0'}` : costs.join(' → ');
  const lines = before !== undefined && after !== undefined && state === 'changed' ? changedLines(before, after) : vertex.lines;
  const named = lines.map((line, index) => (index === 0 && vertex.kind !== 'join' ? `${SIGNS[state]}${line}` : line));
  return { ...vertex, lines: vertex.kind === 'box' && text !== '' ? [...named, text] : named, state };
}

/** Edges of both models, each once. */
function edgesOf(before: readonly Arrow[], after: readonly Arrow[]): Arrow[] {
  const keyOf = ({ from, to }: Arrow): string => `${from} ${to}`;
  const [old, now] = [new Map(before.map((edge) => [keyOf(edge), edge])), new Set(after.map(keyOf))];
  const edgeState = (then: Arrow | undefined, edge: Arrow): Change =>
    then === undefined ? 'added' : then.kind === edge.kind && then.text === edge.text ? 'kept' : 'changed';
  return [
    ...after.map((edge): Arrow => {
      const then = old.get(keyOf(edge));
      const state = edgeState(then, edge);
      return { ...edge, state, text: state === 'changed' ? `${then?.text || then?.kind} → ${edge.text || edge.kind}` : edge.text };
    }),
    ...before.filter((edge) => !now.has(keyOf(edge))).map((edge): Arrow => ({ ...edge, rows: [], state: 'removed' })),
  ];
}

/** Fewer boxes than this of a model say nothing. */
const LEAST_VERTICES = 8;

/** Two models as one drawing: what both have once, what only one has beside it, with the costs before and after. */
export function drawDifference(before: Analysis, after: Analysis, cost: CostTexts, options: DrawOptions = {}): Drawing {
  const { most = MOST_VERTICES } = options;
  const drawing = differenceAt(before, after, cost, options);
  // Of two that have little in common, nearly all boxes of both are drawn.
  return drawing.vertices.length <= most || most <= LEAST_VERTICES
    ? drawing
    : drawDifference(before, after, cost, { ...options, most: Math.floor(most / 2) });
}

function differenceAt(before: Analysis, after: Analysis, cost: CostTexts, options: DrawOptions): Drawing {
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
