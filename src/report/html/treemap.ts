import { hierarchy, treemap, treemapSquarify } from 'd3-hierarchy';

/** A rectangle. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Datum {
  readonly weight: number;
  readonly children?: readonly Datum[];
}

/** Sides as equal as may be. */
const TILE = treemapSquarify.ratio(1);

/**
 * Divides a box into one rectangle for each weight, in their order, with areas in proportion and sides as equal as may be.
 * Weights are positive. Source: Bruls, Huizing and van Wijk 2000, Squarified Treemaps.
 */
export function squarify(weights: readonly number[], { x, y, width, height }: Box): Box[] {
  const children = weights.map((weight) => ({ weight }));
  const root = hierarchy<Datum>({ weight: 0, children }).sum(({ weight }) => weight);
  const places = [...(root.children ?? [])];
  root.sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  treemap<Datum>().tile(TILE).size([width, height])(root);
  return places.map((place) => {
    const { x0 = 0, y0 = 0, x1 = 0, y1 = 0 } = place as Partial<Record<'x0' | 'y0' | 'x1' | 'y1', number>>;
    // Where one weight is nearly all, the last bits of its size would push the others over the edge.
    const [left, top] = [Math.min(x0, width), Math.min(y0, height)];
    return { x: x + left, y: y + top, width: Math.max(0, Math.min(x1, width) - left), height: Math.max(0, Math.min(y1, height) - top) };
  });
}
