import type { Analysis } from '../cost.ts';
import type { Drawing, Level } from './drawing.ts';
import { layersOf, type Wiring } from './layers.ts';
import { foldRepeats } from './repeats.ts';
import { boxOf, byStepsOf, merged } from './steps.ts';

/** How far a network is unfolded: words for the depths that specs give names to, or a number of steps of the path. */
export const DEPTHS = { stage: 1, block: 2, layer: Number.POSITIVE_INFINITY } as const;
export type Depth = keyof typeof DEPTHS | number;

export interface DrawOptions {
  /** As deep as a page holds, if not given. */
  readonly depth?: Depth | undefined;
  /** Draw each of several equal blocks in a row. */
  readonly unfold?: boolean | undefined;
  /** Most vertices of a model. */
  readonly most?: number | undefined;
}

/** Boxes that a page holds beside each other. */
const PAGE = 45;

/** Vertices that a picture holds, and steps that all edges may go in all: a layout then takes about a second. */
export const MOST_VERTICES = 400;
const MOST_LENGTH = 6000;

type Folded = Wiring & Pick<Drawing, 'repeats'>;

/** How many vertices all edges go past: what a layout takes time for. */
function lengthOf({ vertices, edges }: Wiring): number {
  const ranks = new Array<number>(vertices.length).fill(0);
  for (const { from, to } of edges.toSorted((a, b) => a.to - b.to))
    if (from < to) ranks[to] = Math.max(ranks[to] as number, (ranks[from] as number) + 1);
  return edges.reduce((sum, { from, to }) => sum + Math.abs((ranks[to] as number) - (ranks[from] as number)), 0);
}

const isWithin = (wiring: Wiring, most: number): boolean => wiring.vertices.length <= most && lengthOf(wiring) <= MOST_LENGTH;

const isPage = ({ vertices }: Wiring): boolean => vertices.filter(({ kind }) => kind === 'box').length <= PAGE;

const unfolded = (wiring: Wiring): Folded => ({ ...wiring, repeats: [] });

/** A model at a level. */
function at(layers: Wiring, level: Level, unfold: boolean): Folded {
  const boxes = level.by === 'layer' ? layers : byStepsOf(layers, level.steps);
  return unfold || (level.by === 'layer' && !level.isFolded) ? unfolded(boxes) : foldRepeats(boxes);
}

/** Boxes that each stand for so many layers one after the other: where paths have no steps to fold by. */
function inChunks(wiring: Wiring, count: number): Folded {
  const size = Math.ceil(wiring.vertices.length / count);
  const title = (own: Wiring['vertices']): string => `${own.reduce((sum, { rows }) => sum + rows.length, 0)} layers`;
  const chunks = merged(
    wiring,
    (_, place) => String(Math.floor(place / size)),
    (_, own) => boxOf(own.find(({ kind }) => kind === 'box')?.path ?? '', title(own), own, 0),
  );
  return isWithin(chunks, count) || count <= 2 ? unfolded(chunks) : inChunks(wiring, Math.floor(count / 2));
}

/** What a level is called in a note. */
const levelText = (level: Level): string =>
  level.by === 'layer' ? 'layer by layer' : `by the first ${level.steps === 1 ? 'step' : `${level.steps} steps`} of its paths`;

const stepsFrom = (steps: number): Level[] =>
  Array.from({ length: Math.max(steps, 1) }, (_, index): Level => ({ by: 'steps', steps: Math.max(steps, 1) - index }));

const LAYERS: readonly Level[] = [
  { by: 'layer', isFolded: false },
  { by: 'layer', isFolded: true },
];

/** The levels that answer a question, from the one that was asked for to coarser ones. */
function levelsFor(depth: Depth | undefined, layers: readonly Wiring[], unfold: boolean): readonly Level[] {
  const longest = Math.max(1, ...layers.flatMap(({ vertices }) => vertices.map(({ path }) => path.split('/').length)));
  const asked = depth === undefined ? Number.POSITIVE_INFINITY : typeof depth === 'number' ? depth : DEPTHS[depth];
  if (asked < longest) return stepsFrom(asked);
  const isWhole = unfold || layers.every(isPage);
  return [...(isWhole ? LAYERS : LAYERS.slice(1)), ...stepsFrom(longest - 1)];
}

/** Folding equal layers is no other level. */
const isSame = (a: Level, b: Level): boolean => a.by === b.by && (a.by === 'layer' || b.by === 'layer' || a.steps === b.steps);

/** Draws models, all at one level: that asked for, or the finest at which each fits a page; coarser where that is too much. */
export function draw(analyses: readonly Analysis[], { depth, unfold = false, most = MOST_VERTICES }: DrawOptions = {}): Drawing[] {
  const layers = analyses.map(layersOf);
  const levels = levelsFor(depth, layers, unfold);
  const tries = levels.map((level) => {
    let made: Folded[] | undefined;
    const drawn = (): Folded[] => {
      made ??= layers.map((one) => at(one, level, unfold));
      return made;
    };
    return { level, drawn };
  });
  const fits = ({ drawn }: (typeof tries)[number]): boolean => drawn().every((one) => isWithin(one, most));
  const onPage = depth === undefined ? tries.find((one) => fits(one) && one.drawn().every(isPage)) : undefined;
  const chosen = onPage ?? tries.find(fits);
  const [asked] = levels as [Level];
  const isCoarser = chosen === undefined || (depth !== undefined && !isSame(chosen.level, asked));
  return analyses.map((analysis, index) => {
    const wiring = layers[index] as Wiring;
    const { vertices, edges, repeats } = chosen === undefined ? inChunks(wiring, most) : (chosen.drawn()[index] as Folded);
    const level = chosen?.level ?? ({ by: 'steps', steps: 1 } as const);
    const how = chosen === undefined ? 'several layers to a box' : levelText(level);
    const note = isCoarser
      ? `${analysis.name} is drawn ${how}: ${levelText(asked)} it has more than the ${most} boxes of a picture.`
      : undefined;
    return { name: analysis.name, analysis, vertices, edges, repeats, level, note };
  });
}
