import type { Analysis, Cost, CostRow } from '../../analysis/cost.ts';
import { total } from '../../analysis/cost.ts';
import { type CostGroup, type Grouping, groupBy, groupByDepth, stageOf } from '../../analysis/group.ts';
import { type CostTree, treeOf } from '../../analysis/tree.ts';
import type { Shape } from '../../core/shape.ts';
import type { Edge } from '../../graph/graph.ts';
import { readsOf } from '../../graph/reads.ts';
import type { OperatorName } from '../../operators/registry.ts';
import { macFormula } from '../kit/formula.ts';

/** Which rows of a network to show, and in which order. */
export interface RowOptions {
  /** Layers if not given. */
  readonly by?: Grouping | undefined;
  /** Number of steps of the path to group by, in place of `by`. */
  readonly depth?: number | undefined;
  /** A row for every step of the path, and below it those of what is in it. */
  readonly tree?: boolean;
  /** In execution order if not given. */
  readonly sort?: SortKey | undefined;
  /** Say how many multiply-accumulates only padding needs. */
  readonly padding?: boolean;
  /** Say how many multiply-accumulates are on masked positions. */
  readonly masked?: boolean;
  /** How many rows to show; the others are summed up in one. */
  readonly top?: number | undefined;
}

/** One row to show: a layer or a group of layers. */
export interface ShownRow extends Cost {
  /** Its path, the operator it stands for, or what its rows are. */
  readonly name: string;
  /** How it is called where the rows above it say what it is in; its name where it has none. */
  readonly label?: string;
  /** Number of layers. */
  readonly layers: number;
  /** What a single layer or an operator's group is. */
  readonly operator: OperatorName | undefined;
  readonly input: readonly Shape[];
  readonly output: readonly Shape[];
  readonly formula: string;
  /** The layers that it stands for. */
  readonly rows: readonly CostRow[];
}

const descending = (a: bigint, b: bigint): number => (a === b ? 0 : a < b ? 1 : -1);

type Totals = Pick<Cost, 'parameters' | 'macs' | 'flops' | 'activations'>;
type Named = Totals & { readonly name: string };

/** Most first; names from A to Z. */
const ORDERS = {
  macs: (a: Named, b: Named) => descending(a.macs, b.macs),
  flops: (a: Named, b: Named) => descending(a.flops, b.flops),
  parameters: (a: Named, b: Named) => descending(a.parameters, b.parameters),
  activations: (a: Named, b: Named) => descending(a.activations, b.activations),
  name: (a: Named, b: Named) => (a.name < b.name ? -1 : Number(a.name > b.name)),
} as const;

/** What a share is of: what rows are sorted by, or else MACs. FLOPs have the same shares as MACs. */
const SHARED = {
  macs: { label: 'MACs', of: ({ macs }: Totals) => macs },
  flops: { label: 'FLOPs', of: ({ flops }: Totals) => flops },
  parameters: { label: 'parameters', of: ({ parameters }: Totals) => parameters },
  activations: { label: 'activations', of: ({ activations }: Totals) => activations },
  name: { label: 'MACs', of: ({ macs }: Totals) => macs },
} as const;

export const sharedOf = ({ sort = 'macs' }: RowOptions): (typeof SHARED)[SortKey] => SHARED[sort];

export type SortKey = keyof typeof ORDERS;
export const SORT_KEYS = Object.keys(ORDERS) as SortKey[];

/** The rows in order; as they come where no order is given. */
export const sorted = <R extends Named>(rows: readonly R[], by: SortKey | undefined): R[] =>
  by === undefined ? [...rows] : rows.toSorted(ORDERS[by]);

const ofLayer = (row: CostRow): ShownRow => ({ ...row, name: row.path, layers: 1, formula: macFormula(row.work), rows: [row] });

/** What enters and leaves a group of layers: tensors that come from outside, and those that are read outside. */
function boundaryOf(analysis: Analysis): (rows: readonly CostRow[]) => Pick<ShownRow, 'input' | 'output'> {
  const readers = new Map<Edge, CostRow[]>();
  for (const row of analysis.rows)
    for (const edge of readsOf(row.node)) {
      const known = readers.get(edge);
      if (known === undefined) readers.set(edge, [row]);
      else known.push(row);
    }
  const results = new Set(analysis.graph.outputs);
  const shapes = (edges: readonly Edge[]): Shape[] => [...new Set(edges)].map(({ shape }) => shape);
  return (rows) => {
    const inside = new Set(rows);
    const made = rows.flatMap(({ node }) => node.outputs);
    const known = new Set(made);
    const isRead = (edge: Edge): boolean => results.has(edge) || (readers.get(edge)?.some((row) => !inside.has(row)) ?? false);
    return {
      input: shapes(rows.flatMap(({ node }) => readsOf(node)).filter((edge) => !known.has(edge))),
      output: shapes(made.filter(isRead)),
    };
  };
}

const ofGroup =
  (boundary: ReturnType<typeof boundaryOf>) =>
  ({ name, rows, ...cost }: CostGroup): ShownRow => {
    const first = rows[0] as CostRow;
    const operator = rows.every((row) => row.operator === first.operator) ? first.operator : undefined;
    const formula = rows.length === 1 ? macFormula(first.work) : '';
    return { ...cost, name, layers: rows.length, operator, ...boundary(rows), formula, rows };
  };

/** What is left of the rows after the first few, so that the rows still add up. */
function rest(rows: readonly ShownRow[]): ShownRow {
  const layers = rows.reduce((count, row) => count + row.layers, 0);
  return {
    ...total(rows),
    name: `… ${rows.length} more`,
    layers,
    operator: undefined,
    input: [],
    output: [],
    formula: '',
    rows: rows.flatMap((row) => row.rows),
  };
}

/** Deeper is further to the right. */
const labelOf = (path: string, times: number, timesAbove: number): string => {
  const steps = path.split('/');
  const copies = times === timesAbove ? '' : ` ×${times / timesAbove}`;
  return `${'  '.repeat(steps.length - 1)}${steps.at(-1)}${copies}`;
};

/** A row for each step, and then those below it. Equal steps are one row, with what all of them cost, and the shapes of the first. */
function treeRows(analysis: Analysis, depth: number | undefined): ShownRow[] {
  const boundary = boundaryOf(analysis);
  const rowsOf = ({ path, times, rows, first, children }: CostTree, timesAbove: number): ShownRow[] => [
    {
      ...ofGroup(() => boundary(first))({ name: path, rows, ...total(rows) }),
      label: labelOf(path, times, timesAbove),
      formula: children.length === 0 && first.length === 1 ? macFormula((first[0] as CostRow).work) : '',
    },
    ...children.flatMap((child) => rowsOf(child, times)),
  ];
  return treeOf(analysis, depth).flatMap((top) => rowsOf(top, 1));
}

function allRows(analysis: Analysis, { by = 'layer', depth, tree = false }: RowOptions): ShownRow[] {
  if (tree) return treeRows(analysis, depth);
  if (depth === undefined && by === 'layer') return analysis.rows.map(ofLayer);
  return (depth === undefined ? groupBy(analysis, by) : groupByDepth(analysis, depth)).map(ofGroup(boundaryOf(analysis)));
}

/** The rows of a network as they are to be shown. Their costs add up to the totals; those of a tree, at each of its levels. */
export function shownRows(analysis: Analysis, options: RowOptions): ShownRow[] {
  const { sort, top } = options;
  const rows = sorted(allRows(analysis, options), sort ?? (top === undefined ? undefined : 'macs'));
  return top === undefined || top >= rows.length ? rows : [...rows.slice(0, top), rest(rows.slice(top))];
}

/** Layers of one stage that follow each other, in all; `first` is the place of the first. */
export interface StageRun {
  readonly row: ShownRow;
  readonly first: number;
}

/** The stages of a network, one run of layers after the other; none where that would sum up nothing. */
export function stageRuns(analysis: Analysis): StageRun[] {
  const boundary = boundaryOf(analysis);
  const runs: { name: string; rows: CostRow[]; first: number }[] = [];
  for (const [first, row] of analysis.rows.entries()) {
    const name = stageOf(row.path);
    const last = runs.at(-1);
    if (last?.name === name) last.rows.push(row);
    else runs.push({ name, rows: [row], first });
  }
  if (runs.length === 1 || runs.length === analysis.rows.length) return [];
  return runs.map(({ name, rows, first }) => ({ first, row: ofGroup(boundary)({ name, rows, ...total(rows) }) }));
}
