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

const STAGE_DEPTH = 1;
const BLOCK_DEPTH = 2;

const nameBy: { readonly [G in Grouping]: (row: CostRow) => string } = {
  layer: (row) => row.path,
  block: (row) => firstSegments(row.path, BLOCK_DEPTH),
  stage: (row) => firstSegments(row.path, STAGE_DEPTH),
  operator: (row) => row.operator,
};

/** Puts rows with the same name together, in the order in which the names first occur. */
function groupRows(analysis: Analysis, nameOf: (row: CostRow) => string): CostGroup[] {
  const groups = new Map<string, CostRow[]>();
  for (const row of analysis.rows) {
    const name = nameOf(row);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [row]);
    else group.push(row);
  }
  return [...groups].map(([name, rows]) => ({ name, rows, ...total(rows) }));
}

/** Aggregates by layer (the path), block (its first two steps), stage (its first) or operator. */
export const groupBy = (analysis: Analysis, grouping: Grouping): CostGroup[] => groupRows(analysis, nameBy[grouping]);

/** Aggregates by the first `depth` steps of the path. */
export const groupByDepth = (analysis: Analysis, depth: number): CostGroup[] =>
  groupRows(analysis, (row) => firstSegments(row.path, depth));
