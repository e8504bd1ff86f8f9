// Of dagre, elkjs and d3-dag on swin_t, densenet121 and ONNX files, dagre is the only one that is small (49 KB; elkjs has 1.6 MB, d3-dag
// 142 KB and two solvers), answers at once and takes half a second for 550 nodes.
import { layout as dagre, Graph } from '@dagrejs/dagre';
import type { Arrow, Drawing, Vertex } from '../../analysis/drawing/drawing.ts';
import { fitted, textWidth } from './measure.ts';

/** A rectangle, by its left upper corner. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

export interface PlacedVertex extends Rectangle {
  readonly vertex: Vertex;
  /** As they fit into the box. */
  readonly lines: readonly string[];
}

/** A way beside what it skips, from one height to another. */
interface Arc {
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
}

export interface PlacedEdge {
  readonly edge: Arrow;
  readonly points: readonly Point[];
  /** In place of points. */
  readonly arc?: Arc;
}

/** A frame around vertices that repeat, and the place of its text. */
interface PlacedRepeat extends Rectangle {
  readonly text: string;
}

/** From here on down, what comes out has this size. */
interface Band {
  readonly size: string;
  readonly y: number;
  /** Where its row begins. */
  readonly top: number;
}

/** A drawing with places, from its own left upper corner. */
export interface DrawingLayout {
  readonly drawing: Drawing;
  readonly width: number;
  readonly height: number;
  readonly vertices: readonly PlacedVertex[];
  readonly edges: readonly PlacedEdge[];
  readonly repeats: readonly PlacedRepeat[];
  readonly bands: readonly Band[];
}

export const FONT = 12;
export const LINE = 15;
const PADDING = { x: 10, y: 5 };
const JOIN = 16;
const LONGEST_LINE = 300;
/** Room inside a frame: for arcs, and for the text that says how often it repeats. */
export const FRAME = { side: 46, text: 34 };

/** The lines of a vertex with what follows the first: how often it repeats. */
export const linesOf = ({ lines, times }: Vertex): string[] =>
  lines.map((line, index) => (index === 0 && times > 1 ? `${line} ×${times}` : line));

export const isTitle = (lines: readonly string[], index: number): boolean => index === 0 && lines.length > 1;

function boxFor(vertex: Vertex): { lines: string[]; width: number; height: number } {
  const all = linesOf(vertex);
  if (isRound({ vertex, lines: all })) return { lines: all, width: JOIN, height: JOIN };
  const lines = all.map((line, index) => fitted(line, LONGEST_LINE, { size: FONT, isBold: isTitle(all, index) }));
  const width = Math.max(...lines.map((line, index) => textWidth(line, { size: FONT, isBold: isTitle(all, index) })));
  return { lines, width: Math.ceil(width) + 2 * PADDING.x, height: lines.length * LINE + 2 * PADDING.y };
}

/** The vertices that each vertex leads to. */
function reachedFrom({ vertices, edges }: Pick<Drawing, 'vertices' | 'edges'>): ReadonlySet<number>[] {
  const next = vertices.map((): number[] => []);
  for (const { from, to } of edges) next[from]?.push(to);
  const reached = vertices.map(() => new Set<number>());
  for (let place = vertices.length - 1; place >= 0; place--)
    for (const to of next[place] as number[]) {
      reached[place]?.add(to);
      for (const further of reached[to] ?? []) reached[place]?.add(further);
    }
  return reached;
}

/** Edges that skip what another way goes through. */
function skipping({ edges }: Pick<Drawing, 'edges'>, reached: readonly ReadonlySet<number>[]): ReadonlySet<Arrow> {
  const next = reached.map((): number[] => []);
  for (const { from, to } of edges) next[from]?.push(to);
  return new Set(
    edges.filter(({ from, to }) => from < to && (next[from] as number[]).some((other) => other !== to && reached[other]?.has(to) === true)),
  );
}

/** The vertices that all ways go through, leaving out edges that skip others: at these it makes sense to speak of the size. */
function trunk({ vertices, edges }: Drawing, skips: ReadonlySet<Arrow>): number[] {
  const past = new Array<number>(vertices.length + 1).fill(0);
  for (const edge of edges)
    if (!skips.has(edge) && edge.to > edge.from) {
      past[edge.from + 1] = (past[edge.from + 1] as number) + 1;
      past[edge.to] = (past[edge.to] as number) - 1;
    }
  let open = 0;
  return vertices.flatMap(({ kind }, place) => {
    open += past[place] as number;
    return open === 0 && kind !== 'input' ? [place] : [];
  });
}

/** A join that is a circle with a sign. */
export const isRound = ({ vertex, lines }: Pick<PlacedVertex, 'vertex' | 'lines'>): boolean =>
  vertex.kind === 'join' && lines.join('').length === 1;

/** Room between an arc and what it goes around, between two arcs, and between where one ends and the next begins. */
export const ARC = { room: 12, between: 8, radius: 8, apart: 4 };

const right = ({ x, width }: Rectangle): number => x + width;

const isAcross = (top: number, bottom: number, y: number, height: number): boolean => y < bottom && y + height > top;

/** Arcs for edges that skip others, to the right of what they skip, the short ones inside. */
function arcsOf(skips: ReadonlySet<Arrow>, placed: readonly PlacedVertex[], reached: readonly ReadonlySet<number>[]): Map<Arrow, Arc> {
  const arcs: (Arc & { readonly edge: Arrow })[] = [];
  const spanOf = ({ from, to }: Arrow): [number, number] => [
    middle(placed[from] as Rectangle) + ARC.apart,
    middle(placed[to] as Rectangle) - ARC.apart,
  ];
  const lengthOf = (edge: Arrow): number => spanOf(edge)[1] - spanOf(edge)[0];
  for (const edge of [...skips].sort((a, b) => lengthOf(a) - lengthOf(b) || a.from - b.from || a.to - b.to)) {
    const [top, bottom] = spanOf(edge);
    const between = placed.filter(
      (_, place) =>
        place === edge.from || place === edge.to || (reached[edge.from]?.has(place) === true && reached[place]?.has(edge.to) === true),
    );
    let x = Math.max(...between.map(right)) + ARC.room;
    const boxes = placed.filter((box) => isAcross(top, bottom, box.y, box.height)).sort((a, b) => a.x - b.x);
    const others = arcs.filter((arc) => isAcross(top, bottom, arc.top, arc.bottom - arc.top));
    for (let isFree = false; !isFree; ) {
      const box = boxes.find((one) => one.x - ARC.between < x && right(one) + ARC.between > x);
      const arc = others.find((one) => Math.abs(one.x - x) < ARC.between);
      isFree = box === undefined && arc === undefined;
      if (box !== undefined) x = right(box) + ARC.room;
      else if (arc !== undefined) x = arc.x + ARC.between;
    }
    arcs.push({ edge, x, top, bottom });
  }
  return new Map(arcs.map((arc) => [arc.edge, arc]));
}

/** Whether the way from a box to its arc, or from the arc to a box, goes through another box. */
function isCrossed({ from, to }: Arrow, { x, top, bottom }: Arc, placed: readonly PlacedVertex[]): boolean {
  const stubs = [
    { start: right(placed[from] as Rectangle), y: top },
    { start: right(placed[to] as Rectangle), y: bottom },
  ];
  return placed.some(
    (box, place) =>
      place !== from &&
      place !== to &&
      stubs.some(({ start, y }) => right(box) > start && box.x < x && isAcross(y - 2, y + 2, box.y, box.height)),
  );
}

/** Where a line from the middle of a box to a point leaves it. */
function borderOf(placed: PlacedVertex, { x, y }: Point): Point {
  const centre = { x: placed.x + placed.width / 2, y: middle(placed) };
  const [dx, dy] = [x - centre.x, y - centre.y];
  const part = isRound(placed)
    ? placed.width / 2 / Math.hypot(dx, dy)
    : Math.min(placed.width / 2 / Math.abs(dx), placed.height / 2 / Math.abs(dy));
  return Number.isFinite(part) ? { x: centre.x + dx * part, y: centre.y + dy * part } : centre;
}

/** The points of an edge, from the border of one box to that of the other: room beside the boxes is none of theirs. */
function fromTo(points: readonly Point[], from: PlacedVertex, to: PlacedVertex): Point[] {
  const inner = points.slice(1, -1);
  const centre = (box: PlacedVertex): Point => ({ x: box.x + box.width / 2, y: middle(box) });
  return [borderOf(from, inner[0] ?? centre(to)), ...inner, borderOf(to, inner.at(-1) ?? centre(from))];
}

/** How often edges that would go through boxes as arcs are laid out anew: a large layout takes a second. */
const roundsOf = ({ vertices }: Drawing): number => (vertices.length > 120 ? 2 : 6);

/** Places the vertices of a drawing, and the edges between them. */
export function layOut(drawing: Drawing): DrawingLayout {
  const reached = reachedFrom(drawing);
  const all = skipping(drawing, reached);
  let skips = all;
  for (let round = 0; ; round++) {
    const layout = layOutWith(drawing, skips, all, reached);
    const crossed = layout.edges.filter(({ edge, arc }) => arc !== undefined && isCrossed(edge, arc, layout.vertices));
    if (crossed.length === 0 || round === roundsOf(drawing)) return layout;
    const without = new Set(crossed.map(({ edge }) => edge));
    skips = new Set([...skips].filter((edge) => !without.has(edge)));
  }
}

/** `skips` are drawn as arcs; all edges that skip others are no part of the trunk. */
function layOutWith(
  drawing: Drawing,
  skips: ReadonlySet<Arrow>,
  all: ReadonlySet<Arrow>,
  reached: readonly ReadonlySet<number>[],
): DrawingLayout {
  const graph = new Graph({ multigraph: true, compound: true });
  graph.setGraph({ rankdir: 'TB', ranksep: 14, nodesep: skips.size > 0 ? 44 : 22, edgesep: 14, marginx: 4, marginy: 4 });
  const boxes = drawing.vertices.map(boxFor);
  const framed = new Set(drawing.repeats.flatMap(({ vertices }) => vertices));
  for (const [place, { width, height }] of boxes.entries())
    graph.setNode(`v${place}`, { width: width + (framed.has(place) ? 2 * FRAME.side : 0), height });
  for (const [place, { vertices }] of drawing.repeats.entries()) {
    graph.setNode(`r${place}`, {});
    for (const vertex of vertices) graph.setParent(`v${vertex}`, `r${place}`);
  }
  for (const [place, edge] of drawing.edges.entries()) if (!skips.has(edge)) graph.setEdge(`v${edge.from}`, `v${edge.to}`, {}, `e${place}`);
  dagre(graph);
  const at = (name: string): Rectangle => {
    const { x = 0, y = 0, width, height } = graph.node(name) as { x?: number; y?: number; width: number; height: number };
    return { x: x - width / 2, y: y - height / 2, width, height };
  };
  const vertices = drawing.vertices.map((vertex, place): PlacedVertex => {
    const { lines, width } = boxes[place] as { lines: string[]; width: number };
    const room = at(`v${place}`);
    return { vertex, lines, ...room, x: room.x + (room.width - width) / 2, width };
  });
  const arcs = arcsOf(skips, vertices, reached);
  const repeats = drawing.repeats.map(({ times, vertices: own }, place) => {
    const frame = at(`r${place}`);
    const inside = drawing.edges.flatMap((edge) => (own.includes(edge.to) ? (arcs.get(edge)?.x ?? []) : []));
    const boxesIn = own.map((vertex) => right(vertices[vertex] as Rectangle));
    const end = Math.max(...boxesIn, ...inside) + ARC.between + FRAME.text;
    const start = Math.min(...own.map((vertex) => (vertices[vertex] as Rectangle).x)) - ARC.room;
    return { ...frame, x: start, width: end - start, text: `×${times}` };
  });
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return {
    drawing,
    width: Math.max(
      width,
      ...[...arcs.values()].map(({ x }) => x + ARC.room),
      ...repeats.map((frame) => right(frame) + ARC.apart),
      ...vertices.map(({ vertex, ...box }) => right(box) + (vertex.shortcut === undefined ? 0 : ARC.room)),
    ),
    height,
    vertices,
    edges: drawing.edges.map((edge, place) => {
      const arc = arcs.get(edge);
      if (arc !== undefined) return { edge, points: [], arc };
      const { points } = graph.edge({ v: `v${edge.from}`, w: `v${edge.to}`, name: `e${place}` }) as { points: Point[] };
      return { edge, points: fromTo(points, vertices[edge.from] as PlacedVertex, vertices[edge.to] as PlacedVertex) };
    }),
    repeats,
    bands: bandsOf(drawing, vertices, trunk(drawing, all)),
  };
}

const middle = ({ y, height }: Rectangle): number => y + height / 2;

const axes = (size: string): number => size.split('×').length;

/** Where the size changes. A way through other axes and back, as through the heads of an attention, is no change. */
function bandsOf({ vertices }: Drawing, placed: readonly PlacedVertex[], places: readonly number[]): Band[] {
  const bands: Band[] = [];
  for (const place of places) {
    const { size } = vertices[place] as Vertex;
    if (bands.at(-1)?.size === size) continue;
    const back = bands.findLastIndex((band) => band.size === size);
    if (back >= 0 && bands.slice(back + 1).every((band) => axes(band.size) !== axes(size))) bands.splice(back + 1);
    else {
      const y = middle(placed[place] as PlacedVertex);
      const row = placed.filter((other) => Math.abs(middle(other) - y) < 1);
      bands.push({ size, y, top: Math.min(...row.map((other) => other.y)) - 1 });
    }
  }
  return bands;
}

/** Moves everything from some heights on down by some lengths. */
function shifted(layout: DrawingLayout, shifts: readonly { readonly from: number; readonly by: number }[]): DrawingLayout {
  const by = (y: number): number => shifts.findLast(({ from }) => y >= from)?.by ?? 0;
  const moved = <R extends Rectangle>(box: R): R => ({ ...box, y: box.y + by(middle(box)) });
  return {
    ...layout,
    height: layout.height + (shifts.at(-1)?.by ?? 0),
    vertices: layout.vertices.map(moved),
    edges: layout.edges.map(({ edge, points, arc }) => ({
      edge,
      points: points.map(({ x, y }) => ({ x, y: y + by(y) })),
      ...(arc !== undefined && { arc: { x: arc.x, top: arc.top + by(arc.top), bottom: arc.bottom + by(arc.bottom) } }),
    })),
    repeats: layout.repeats.map((frame) => {
      const bottom = frame.y + frame.height;
      const y = frame.y + by(frame.y);
      return { ...frame, y, height: bottom + by(bottom) - y };
    }),
    bands: layout.bands.map((band) => ({ ...band, y: band.y + by(band.y), top: band.top + by(band.top) })),
  };
}

/** Sizes that all models come to, in the same order. */
function commonSizes(layouts: readonly DrawingLayout[]): string[] {
  const [first, ...others] = layouts;
  const next = others.map(() => 0);
  return (first?.bands ?? []).flatMap(({ size }) => {
    const found = others.map(({ bands }, index) =>
      bands.findIndex((band, place) => place >= (next[index] as number) && band.size === size),
    );
    if (found.includes(-1)) return [];
    for (const [index, place] of found.entries()) next[index] = place + 1;
    return [size];
  });
}

/** Moves models apart so that each size that all of them come to begins at the same height. */
export function aligned(layouts: readonly DrawingLayout[]): DrawingLayout[] {
  if (layouts.length < 2) return [...layouts];
  const shifts = layouts.map((): { from: number; by: number }[] => []);
  const next = layouts.map(() => 0);
  for (const size of commonSizes(layouts)) {
    const bands = layouts.map(({ bands: all }, index) => {
      const place = all.findIndex((band, at) => at >= (next[index] as number) && band.size === size);
      next[index] = place + 1;
      return all[place] as Band;
    });
    const heights = bands.map(({ y }, index) => y + (shifts[index]?.at(-1)?.by ?? 0));
    const height = Math.max(...heights);
    for (const [index, { y, top }] of bands.entries()) shifts[index]?.push({ from: top, by: height - y });
  }
  return layouts.map((layout, index) => shifted(layout, shifts[index] ?? []));
}
