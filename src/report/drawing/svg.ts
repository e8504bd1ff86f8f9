import { curveMonotoneY, line } from 'd3-shape';
import type { Arrow, Change, Drawing, Vertex } from '../../analysis/drawing/drawing.ts';
import { Html, html } from '../html/html.ts';
import { exact, readable, withUnit } from '../kit/number.ts';
import { amountOf, HEATS, type HeatMetric, type HeatOptions, HOTTEST, heatOf, type MetricSum, mostOf } from './heat.ts';
import {
  ARC,
  aligned,
  type DrawingLayout,
  FONT,
  FRAME,
  isRound,
  isTitle,
  LINE,
  layOut,
  type PlacedEdge,
  type PlacedVertex,
} from './layout.ts';
import { fitted, textWidth } from './measure.ts';
import { DRAWING_STYLE } from './style.ts';

const MARGIN = 20;
/** Room for the sizes beside a model. */
const GUTTER = 78;
const BETWEEN = 28;
const HEADING = 15;
const HEADER = 58;

const round = (length: number): string => String(Math.round(length * 100) / 100);

const path = line<{ readonly x: number; readonly y: number }>()
  .x(({ x }) => x)
  .y(({ y }) => y)
  .curve(curveMonotoneY)
  .digits(2);

/** The tip of an arrow: a triangle that points along the last piece of a line. */
function tip(points: PlacedEdge['points']): string {
  const [a, b] = [points.at(-2), points.at(-1)];
  if (a === undefined || b === undefined) return '';
  const angle = Math.atan2(b.y - a.y, b.x - a.x);
  const back = (turn: number): string => `${round(b.x - 6 * Math.cos(angle + turn))} ${round(b.y - 6 * Math.sin(angle + turn))}`;
  return `M${round(b.x)} ${round(b.y)}L${back(0.42)}L${back(-0.42)}Z`;
}

const EDGE_TITLES: Readonly<Record<Arrow['kind'], string>> = { flow: '', passes: 'shortcut', projects: 'shortcut that projects' };

/** An arc from the right of one vertex to the right of another, with round corners. */
function arcOf({ x, top, bottom }: NonNullable<PlacedEdge['arc']>, start: number, end: number): string {
  const corner = Math.min(ARC.radius, (bottom - top) / 2, x - start, x - end);
  return `M${round(start)} ${round(top)}H${round(x - corner)}Q${round(x)} ${round(top)} ${round(x)} ${round(top + corner)}V${round(bottom - corner)}Q${round(x)} ${round(bottom)} ${round(x - corner)} ${round(bottom)}H${round(end)}`;
}

/** Where arcs begin and end: the right of a box, or a little inside that of a circle, above and below its middle. */
function sideOf(placed: PlacedVertex): number {
  const { x, width } = placed;
  return isRound(placed) ? x + width / 2 + Math.sqrt((width / 2) ** 2 - ARC.apart ** 2) : x + width;
}

const classOf = (...names: readonly (string | undefined)[]): string => names.filter((name) => name !== undefined).join(' ');

function edgeSvg({ edge, points, arc }: PlacedEdge, vertices: readonly PlacedVertex[]): Html {
  const title = [EDGE_TITLES[edge.kind], edge.text].filter((text) => text !== '').join(': ');
  const [start, end] = [edge.from, edge.to].map((place) => sideOf(vertices[place] as PlacedVertex)) as [number, number];
  const way = arc === undefined ? (path(points) ?? '') : arcOf(arc, start, end);
  const last =
    arc === undefined
      ? points
      : [
          { x: arc.x, y: arc.bottom },
          { x: end, y: arc.bottom },
        ];
  return html`<g><path class="${classOf('edge', edge.kind, edge.state)}" d="${way}">${title === '' ? '' : html`<title>${title}</title>`}</path><path class="${classOf('tip', edge.state)}" d="${tip(last)}"/></g>\n`;
}

/** What a box is, to the last digit. */
function titleOf({ vertex }: PlacedVertex, amount: bigint, metric: HeatMetric): string {
  const { path: name, rows, times, output } = vertex;
  const macs = rows.reduce((sum, row) => sum + row.macs, 0n);
  const parameters = rows.reduce((sum, row) => sum + row.parameters, 0n);
  const also = metric === 'macs' || metric === 'parameters' ? [] : [`${exact(amount)} ${HEATS[metric]}`];
  return [
    `${name}${times > 1 ? ` and ${times - 1} more like it` : ''}`,
    `${rows.length} ${rows.length === 1 ? 'layer' : 'layers'}, output ${output}`,
    `${exact(macs)} MACs`,
    `${exact(parameters)} parameters`,
    ...also,
  ].join(' · ');
}

const PAD = 5;

/** The colour of a box: what became of it, or its heat. */
const fillOf = ({ state }: Vertex, amount: bigint, most: bigint): string => state ?? `heat${heatOf(amount, most)}`;

function vertexSvg(placed: PlacedVertex, amount: bigint, most: bigint, metric: HeatMetric): Html {
  const { vertex, lines, x, y, width, height } = placed;
  const centre = round(x + width / 2);
  const shape = isRound(placed)
    ? html`<circle class="${fillOf(vertex, amount, most)}" cx="${centre}" cy="${round(y + height / 2)}" r="${round(width / 2)}"/>`
    : html`<rect class="${fillOf(vertex, amount, most)}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="3"/>`;
  const top = isRound(placed) ? y + height / 2 - LINE / 2 : y + PAD;
  return html`<g class="box ${vertex.kind}"><title>${titleOf(placed, amount, metric)}</title>${shape}${lines.map(
    (text, index) =>
      html`<text class="middle${isTitle(lines, index) ? ' bold' : ''}" x="${centre}" y="${round(top + index * LINE + 0.76 * LINE)}">${text}</text>`,
  )}${around(placed)}</g>\n`;
}

/** A shortcut around all that is in a box, as an arc beside it. */
function around({ vertex: { shortcut }, x, y, width, height }: PlacedVertex): Html {
  if (shortcut === undefined) return html``;
  const right = x + width;
  const bend = round(right + 12);
  return html`<path class="edge ${shortcut}" d="M${round(right)} ${round(y + 4)}C${bend} ${round(y + 4)} ${bend} ${round(y + height - 4)} ${round(right)} ${round(y + height - 4)}"/>`;
}

/** One model: sizes on the left, boxes beside. */
function modelSvg(layout: DrawingLayout, left: number, amount: MetricSum, most: bigint, metric: HeatMetric): Html {
  const { vertices, edges, repeats, bands } = layout;
  return html`<g transform="translate(${round(left)} ${MARGIN + HEADER})">
${bands.map(({ size, y }) => html`<text class="end faint size" x="-10" y="${round(y + 0.26 * LINE)}">${fitted(size, GUTTER - 14, { size: FONT })}</text>\n`)}${repeats.map(
  (frame) =>
    html`<rect class="frame" x="${round(frame.x)}" y="${round(frame.y)}" width="${round(frame.width)}" height="${round(frame.height)}" rx="6"/><text class="middle bold" x="${round(frame.x + frame.width - FRAME.text / 2)}" y="${round(frame.y + frame.height / 2 + 0.26 * LINE)}">${frame.text}</text>\n`,
)}${edges.map((edge) => edgeSvg(edge, vertices))}${vertices.map((vertex) => vertexSvg(vertex, amount(vertex.vertex.rows), most, metric))}</g>
`;
}

/** `before → after` where they differ. */
const fromTo = (before: string | undefined, after: string): string =>
  before === undefined || before === after ? after : `${before} → ${after}`;

function totalsOf({ analysis: { totals }, before }: Drawing): string {
  const macs = fromTo(before && withUnit(before.totals.macs, 'MAC'), withUnit(totals.macs, 'MAC'));
  return `${macs} · ${fromTo(before && readable(before.totals.parameters), readable(totals.parameters))} parameters`;
}

/** Room for the name of a model. */
const LONGEST_NAME = 360;
const nameOf = ({ name }: Drawing): string => fitted(name, LONGEST_NAME, { size: HEADING, isBold: true });

const widthOfHead = (drawing: Drawing): number =>
  Math.max(textWidth(nameOf(drawing), { size: HEADING, isBold: true }), textWidth(totalsOf(drawing), { size: FONT }));

const STATES: Readonly<Record<Change, string>> = {
  kept: 'as before',
  changed: 'changed: lines with − were, lines with + are',
  added: 'added',
  removed: 'removed',
};

/** What the colours of a difference mean. */
function stateLegend(drawings: readonly Drawing[], metric: HeatMetric, top: number): { svg: Html; height: number; width: number } {
  const notes = drawings.flatMap(({ note }) => note ?? []);
  const texts = [...Object.values(STATES), `The last line of a box: its ${HEATS[metric]}, before → after where they differ`, ...notes];
  const yOf = (row: number): number => top + row * 20;
  return {
    width: Math.max(...texts.map((text) => MARGIN + 46 + textWidth(text, { size: FONT }))) + MARGIN,
    height: texts.length * 20,
    svg: html`<g class="legend">${texts.map((text, row) => {
      const state = Object.keys(STATES)[row];
      return html`${state === undefined ? '' : html`<rect class="${state}" x="${MARGIN}" y="${round(yOf(row))}" width="34" height="14"/>`}<text x="${state === undefined ? MARGIN : MARGIN + 46}" y="${round(yOf(row) + 11)}">${text}</text>`;
    })}</g>
`,
  };
}

/** The colours, and what lines mean, where there are such. */
function legend(drawings: readonly Drawing[], most: bigint, metric: HeatMetric, top: number): { svg: Html; height: number; width: number } {
  const kinds = new Set(
    drawings.flatMap(({ edges, vertices }) => [...edges.map(({ kind }) => kind), ...vertices.flatMap(({ shortcut }) => shortcut ?? [])]),
  );
  if (drawings.every(({ before }) => before !== undefined)) return stateLegend(drawings, metric, top);
  const label = `${HEATS[metric]} of a box, with all its repeats`;
  const [low, high] = ['0', readable(most)];
  const swatch = 22;
  const bar = MARGIN + textWidth(label, { size: FONT }) + 12;
  const lowEnd = bar + textWidth(low, { size: FONT }) + 6;
  const highStart = lowEnd + swatch * (HOTTEST + 1) + 6;
  const lines = [
    ...(kinds.has('passes') ? [{ kind: 'passes', text: 'a shortcut that passes what it gets' }] : []),
    ...(kinds.has('projects') ? [{ kind: 'projects', text: 'a shortcut that projects it to another shape' }] : []),
  ];
  const notes = drawings.flatMap(({ note }) => note ?? []);
  const texts = [...lines.map(({ text }) => text)];
  const width =
    Math.max(
      highStart + textWidth(high, { size: FONT }),
      ...texts.map((text) => MARGIN + 46 + textWidth(text, { size: FONT })),
      ...notes.map((text) => MARGIN + textWidth(text, { size: FONT, isBold: true })),
    ) + MARGIN;
  const yOf = (row: number): number => top + row * 20;
  return {
    width,
    height: (1 + lines.length + notes.length) * 20,
    svg: html`<g class="legend"><text x="${MARGIN}" y="${round(yOf(0) + 11)}">${label}</text><text class="faint" x="${round(bar)}" y="${round(yOf(0) + 11)}">${low}</text>${Array.from(
      { length: HOTTEST + 1 },
      (_, heat) =>
        html`<rect class="heat${heat}" x="${round(lowEnd + heat * swatch)}" y="${round(yOf(0))}" width="${swatch}" height="14"/>`,
    )}<text class="faint" x="${round(highStart)}" y="${round(yOf(0) + 11)}">${high}</text>${lines.map(
      ({ kind, text }, row) =>
        html`<path class="edge ${kind}" d="M${MARGIN} ${round(yOf(row + 1) + 7)}h34"/><text x="${MARGIN + 46}" y="${round(yOf(row + 1) + 11)}">${text}</text>`,
    )}${notes.map((text, row) => html`<text class="bold note" x="${MARGIN}" y="${round(yOf(row + 1 + lines.length) + 11)}">${text}</text>`)}</g>
`,
  };
}

/** Drawings side by side, as one element. */
export function drawingSvg(drawings: readonly Drawing[], options: HeatOptions = {}, style = new Html('')): Html {
  const metric = options.heat ?? 'macs';
  const layouts = aligned(drawings.map(layOut));
  const amounts = drawings.map(({ analysis }) => amountOf(metric, analysis, options));
  const most = mostOf(drawings, options);
  let left = MARGIN;
  const columns = layouts.map((layout) => {
    const width = Math.max(GUTTER + layout.width, widthOfHead(layout.drawing));
    const column = { layout, left, width };
    left += width + BETWEEN;
    return column;
  });
  const tallest = Math.max(...layouts.map(({ height }) => height));
  const key = legend(drawings, most, metric, MARGIN + HEADER + tallest + 24);
  const width = Math.ceil(Math.max(left - BETWEEN + MARGIN, key.width));
  const height = Math.ceil(MARGIN + HEADER + tallest + 24 + key.height + MARGIN);
  const names = drawings.map(({ name }) => name).join(', ');
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="drawing" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${`${names}: boxes are layers or blocks, colours are ${HEATS[metric]}`}">
${style}<rect class="back" width="${width}" height="${height}"/>
${columns.map(
  (
    { layout, left: at },
    index,
  ) => html`<text class="heading" x="${round(at)}" y="${MARGIN + 14}">${nameOf(layout.drawing)}</text><text class="faint" x="${round(at)}" y="${MARGIN + 32}">${totalsOf(layout.drawing)}</text>
${modelSvg(layout, at + GUTTER, amounts[index] as MetricSum, most, metric)}`,
)}${key.svg}</svg>`;
}

/** Drawings as a file of its own. */
export const drawingFile = (drawings: readonly Drawing[], options: HeatOptions): string =>
  drawingSvg(drawings, options, html`<style>${new Html(DRAWING_STYLE)}</style>\n`).text;
