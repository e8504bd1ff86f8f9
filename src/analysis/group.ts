import { type Analysis, type Cost, type CostRow, total } from './cost.ts';

/** What rows are put together by. */
export const GROUPINGS = ['layer', 'block', 'stage', 'operator'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Rows of a network that belong together, and what they cost in all. */
export interface CostGroup extends Cost {
  readonly name: string;
  readonly rows: readonly CostRow[];
}

const firstSegments = (path: string, count: number): string => path.split('/').slice(0, count).join('/');

/** The first step of a path. */
export const stageOf = (path: string): string => firstSegments(path, STAGE_DEPTH);

const STAGE_DEPTH = 1;
const BLOCK_DEPTH = 2;

/** What rows are told apart by. */
type Placed = Pick<CostRow, 'path' | 'operator'>;

const nameBy: { readonly [G in Grouping]: (row: Placed) => string } = {
  layer: (row) => row.path,
  block: (row) => firstSegments(row.path, BLOCK_DEPTH),
  stage: (row) => stageOf(row.path),
  operator: (row) => row.operator,
};

/** Puts rows with the same name together, in the order in which the names first occur. */
function together<R>(all: readonly R[], nameOf: (row: R) => string): Map<string, R[]> {
  const groups = new Map<string, R[]>();
  for (const row of all) {
    const name = nameOf(row);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [row]);
    else group.push(row);
  }
  return groups;
}

/** Rows of any kind, put together. */
export const rowsBy = <R extends Placed>(rows: readonly R[], grouping: Grouping): Map<string, R[]> => together(rows, nameBy[grouping]);

const groupRows = (analysis: Analysis, nameOf: (row: CostRow) => string): CostGroup[] =>
  [...together(analysis.rows, nameOf)].map(([name, rows]) => ({ name, rows, ...total(rows) }));

/** Aggregates by layer (the path), block (its first two steps), stage (its first) or operator. */
export const groupBy = (analysis: Analysis, grouping: Grouping): CostGroup[] => groupRows(analysis, nameBy[grouping]);

/** Aggregates by the first `depth` steps of the path. */
export const groupByDepth = (analysis: Analysis, depth: number): CostGroup[] =>
  groupRows(analysis, (row) => firstSegments(row.path, depth));
