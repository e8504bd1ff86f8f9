/** A rectangle. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The longer side of the worst rectangle over its shorter one, where `areas` are laid in a row along `side`. */
function worstRatio(areas: readonly number[], side: number): number {
  const thickness = areas.reduce((sum, area) => sum + area, 0) / side;
  return Math.max(...areas.map((area) => Math.max(thickness ** 2 / area, area / thickness ** 2)));
}

/** How many of the areas, largest first, the next row takes: as many as make its rectangles squarer. */
function rowLength(areas: readonly number[], side: number): number {
  let length = 1;
  while (length < areas.length && worstRatio(areas.slice(0, length + 1), side) <= worstRatio(areas.slice(0, length), side)) length++;
  return length;
}

/** Lays areas beside each other along the shorter side of a box; what is left of it. */
function layRow(areas: readonly number[], box: Box): { readonly boxes: readonly Box[]; readonly rest: Box } {
  const { x, y, width, height } = box;
  const isWide = width >= height;
  const [side, across] = isWide ? [height, width] : [width, height];
  const sum = areas.reduce((total, area) => total + area, 0);
  // What is left of a box is not known to the last bit: a row fills its side, and ends where the box does.
  const thickness = Math.min(sum / side, across);
  let along = 0;
  const boxes = areas.map((area): Box => {
    const length = (area / sum) * side;
    const start = along;
    along += length;
    return isWide ? { x, y: y + start, width: thickness, height: length } : { x: x + start, y, width: length, height: thickness };
  });
  const rest = isWide
    ? { x: x + thickness, y, width: Math.max(0, width - thickness), height }
    : { x, y: y + thickness, width, height: Math.max(0, height - thickness) };
  return { boxes, rest };
}

/**
 * Divides a box into one rectangle for each weight, in their order, with areas in proportion and sides as equal as may be.
 * Weights are positive. Source: Bruls, Huizing and van Wijk 2000, Squarified Treemaps.
 */
export function squarify(weights: readonly number[], box: Box): Box[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const order = weights.map((_, index) => index).sort((a, b) => (weights[b] as number) - (weights[a] as number));
  const areas = order.map((index) => ((weights[index] as number) / total) * box.width * box.height);
  const placed: Box[] = [];
  let left = box;
  while (placed.length < areas.length) {
    const rest = areas.slice(placed.length);
    const { boxes, rest: next } = layRow(rest.slice(0, rowLength(rest, Math.min(left.width, left.height))), left);
    placed.push(...boxes);
    left = next;
  }
  const result: Box[] = [];
  for (const [place, index] of order.entries()) result[index] = placed[place] as Box;
  return result;
}
