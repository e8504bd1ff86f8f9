import { FlopwiseError, Stop } from './problem.ts';

/**
 * What the analysis of one file may spend. A file comes from anyone, so what it asks for is charged here before it is done, whether
 * it is a spec or an ONNX file, and past a limit the analysis ends with a problem that names it.
 */

/** What is charged: the most that one analysis may have of it, and what that is called. */
const CHARGED = {
  bytes: { limit: 2 ** 20, what: 'bytes of text' },
  steps: { limit: 100_000, what: 'steps, repetitions included' },
  layers: { limit: 20_000, what: 'layers' },
  edges: { limit: 400_000, what: 'inputs and outputs of layers' },
  elements: { limit: 2 ** 22, what: 'elements of lists and constants to compute' },
  exported: { limit: 2 ** 26, what: 'elements of constants to export' },
  written: { limit: 2 ** 18, what: 'nodes of an exported file' },
  characters: { limit: 2 ** 23, what: 'characters of names and paths' },
  comparisons: { limit: 2 ** 21, what: 'comparisons with patterns' },
} as const;

export type Charged = keyof typeof CHARGED;

const KINDS = Object.keys(CHARGED) as Charged[];

/** Limits of a single thing, past which it is refused by itself. */
export const MAX_AXES = 64;
/** Elements of a list of a spec, those of lists in it included. */
export const MAX_LEAVES = 10_000;

type Spent = Record<Charged, number>;

interface Allowance {
  readonly spent: Spent;
  /** How many times the limits of one analysis it has. */
  readonly times: number;
}

/** Analyses are synchronous, so there is one at a time, within those that it is part of. */
let current: Allowance | undefined;

const nothing = (): Spent => Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Spent;

/** Adds to what the analysis under way has spent. Throws a `Stop` past its limit. */
export function charge(kind: Charged, amount = 1): void {
  if (current === undefined) return;
  const { spent, times } = current;
  spent[kind] += amount;
  const { limit, what } = CHARGED[kind];
  // Not a number is past every limit.
  if (!(spent[kind] <= limit * times)) throw new Stop({ code: 'TOO_MUCH_WORK', data: { what, limit: limit * times } });
}

/**
 * Runs an analysis with an allowance of its own; what it spends counts for the analysis around it too. `times` is for what holds
 * several.
 * @throws FlopwiseError where it is spent.
 */
export function withAllowance<T>(run: () => T, times = 1): T {
  const outer = current;
  const own = { spent: nothing(), times };
  current = own;
  try {
    return run();
  } catch (error) {
    if (error instanceof Stop) throw new FlopwiseError([error.problem], { cause: error });
    throw error;
  } finally {
    current = outer;
    for (const kind of KINDS) charge(kind, own.spent[kind]);
  }
}
