import type { Analysis, CostRow } from './cost.ts';

/** A step of the path of layers, and those below it. */
export interface CostTree {
  /** `conv2_x/bottleneck[0]`; `conv2_x/bottleneck[1–2]` where equal ones that follow each other are one. */
  readonly path: string;
  /** How many equal ones it stands for, those that it is in included. */
  readonly times: number;
  /** The layers of all of them. */
  readonly rows: readonly CostRow[];
  /** The layers of the first. */
  readonly first: readonly CostRow[];
  /** Their rows are all of its rows; none where it is a layer. */
  readonly children: readonly CostTree[];
}

interface Branch {
  readonly rows: CostRow[];
  readonly children: Map<string, Branch>;
}

const newBranch = (): Branch => ({ rows: [], children: new Map() });

function grow({ rows }: Analysis): Branch {
  const root = newBranch();
  for (const row of rows) {
    let branch = root;
    for (const step of row.path.split('/')) {
      const next = branch.children.get(step) ?? newBranch();
      branch.children.set(step, next);
      next.rows.push(row);
      branch = next;
    }
  }
  return root;
}

const INDEX = /\[(\d+)\]$/;
const withoutIndex = (step: string): string => step.replace(INDEX, '');

/** Equal for steps that are and cost the same, but for their place in a repetition. */
function likeness(row: CostRow, depth: number): string {
  const { operator, input, output, parameters, activeParameters, embeddingParameters, macs, masked, activations, operations } = row;
  const steps = row.path.split('/').slice(depth).join('/');
  const counts = [parameters, activeParameters, embeddingParameters, macs, masked, activations, ...Object.entries(operations).flat()];
  return [steps, operator, JSON.stringify([input, output]), ...counts].join(' ');
}

/** Steps that follow each other and are equal, together. */
function runsOf(children: ReadonlyMap<string, Branch>, depth: number): [step: string, branch: Branch][][] {
  const runs: [string, Branch][][] = [];
  let last: string | undefined;
  for (const [step, branch] of children) {
    const like = [withoutIndex(step), INDEX.test(step), ...branch.rows.map((row) => likeness(row, depth + 1))].join('\n');
    if (like === last && INDEX.test(step)) runs.at(-1)?.push([step, branch]);
    else runs.push([[step, branch]]);
    last = like;
  }
  return runs;
}

const indexOf = (step: string): string => INDEX.exec(step)?.[1] ?? '';

/** One step for a run: `bottleneck[1–2]`. */
function stepOf(run: readonly (readonly [step: string, branch: Branch])[]): string {
  const [[first], [last]] = [run[0], run.at(-1)] as [[string, Branch], [string, Branch]];
  return run.length === 1 ? first : `${withoutIndex(first)}[${indexOf(first)}–${indexOf(last)}]`;
}

/** What equal branches have below them, as of one. */
function below(equal: readonly Branch[], within: string, times: number, depth: number, most: number): CostTree[] {
  if (depth === most) return [];
  const [first] = equal as [Branch];
  let place = 0;
  const columns = equal.map(({ children }) => [...children.values()]);
  return runsOf(first.children, depth).map((run) => {
    const path = `${within}${stepOf(run)}`;
    const branches = columns.flatMap((column) => column.slice(place, place + run.length));
    place += run.length;
    const all = times * run.length;
    const { rows: first } = branches[0] as Branch;
    // A step with one layer is that layer.
    const children = first.length === 1 ? [] : below(branches, `${path}/`, all, depth + 1, most);
    return { path, times: all, rows: branches.flatMap(({ rows }) => rows), first, children };
  });
}

/** The layers of a network as a tree, down to so many steps of their paths. */
export const treeOf = (analysis: Analysis, depth = Number.POSITIVE_INFINITY): CostTree[] => below([grow(analysis)], '', 1, 0, depth);
