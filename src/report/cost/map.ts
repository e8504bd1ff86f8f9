import type { Analysis, CostRow } from '../../analysis/cost.ts';
import { groupBy, rowsBy } from '../../analysis/group.ts';
import { type Font, textWidth } from '../drawing/measure.ts';
import { type Html, html } from '../html/html.ts';
import { type Box, squarify } from '../html/treemap.ts';
import { exact, percent } from '../kit/number.ts';

/** What the area of a map stands for. */
export type MapMetric = 'macs' | 'parameters';

const LABELS: Readonly<Record<MapMetric, string>> = { macs: 'MACs', parameters: 'parameters' };

/** Number of colours in the style sheet. */
const TONES = 8;

/** The colour of each stage, by name: its place among the stages. */
export const tonesOf = (analysis: Analysis): ReadonlyMap<string, number> =>
  new Map(groupBy(analysis, 'stage').map(({ name }, index) => [name, index % TONES]));

const BILLION = 1_000_000_000n;

/** A part of a whole as a number, to nine decimals: exact counts may be beyond all floating-point numbers. */
export const fraction = (part: bigint, whole: bigint): number => (whole === 0n ? 0 : Number((part * BILLION) / whole) / 1e9);

/** Below a billionth of the whole nothing can be seen, but the tile is still there. */
const weightOf = (part: bigint, whole: bigint): number => Math.max(fraction(part, whole), 1e-9);

/** Sizes in the units of the drawing, which are pixels where it is not scaled. */
const SMALL: Font = { size: 11 };
const BOLD: Font = { size: 12, isBold: true };
const LABEL_HEIGHT = 20;
const PADDING = 6;

const round = (length: number): string => String(Math.round(length * 100) / 100);

/** The first text that fits, if any. */
const fitting = (texts: readonly string[], width: number, font: Font): string =>
  texts.find((text) => textWidth(text, font) <= width - 2 * PADDING) ?? '';

const inner = ({ x, y, width, height }: Box, top: number): Box => ({ x, y: y + top, width, height: Math.max(0, height - top) });

const rectangle = ({ x, y, width, height }: Box, className: string, title: string): Html =>
  html`<rect class="${className}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"><title>${title}</title></rect>`;

interface MapPart {
  readonly name: string;
  readonly value: bigint;
}

const titleOf = ({ name, value }: MapPart, metric: MapMetric, whole: bigint): string =>
  `${name}: ${exact(value)} ${LABELS[metric]}, ${percent(value, whole)}`;

/** The last steps of a path, from long to short. */
const shortened = (path: string): string[] =>
  path
    .split('/')
    .slice(1)
    .map((_, index, steps) => steps.slice(index).join('/'));

/** A layer; without the name of its block only where that stands above it. */
const drawLayer = (part: MapPart, box: Box, metric: MapMetric, whole: bigint, isInBlock: boolean): Html => {
  const names = shortened(part.name);
  const label = box.height < LABEL_HEIGHT ? '' : fitting(isInBlock ? names.slice(1) : names.slice(0, 1), box.width, SMALL);
  return html`${rectangle(box, 'layer', titleOf(part, metric, whole))}${
    label === '' ? '' : html`<text class="small" x="${round(box.x + PADDING)}" y="${round(box.y + 14)}">${label}</text>`
  }`;
};

interface StagePart extends MapPart {
  readonly rows: readonly CostRow[];
  readonly tone: number;
}

/** A block: its name above its layers, where there is room for both. */
function drawBlock(name: string, rows: readonly CostRow[], box: Box, metric: MapMetric, whole: bigint): Html {
  const value = rows.reduce((sum, row) => sum + row[metric], 0n);
  const layers = rows.map((row) => ({ name: row.path, value: row[metric] }));
  const [only] = layers;
  if (layers.length === 1 && only !== undefined) return drawLayer(only, box, metric, whole, false);
  const label = box.height < 2 * LABEL_HEIGHT ? '' : fitting(shortened(name).slice(0, 1), box.width, SMALL);
  const room = inner(box, label === '' ? 0 : LABEL_HEIGHT);
  const boxes = squarify(
    layers.map((layer) => weightOf(layer.value, value)),
    room,
  );
  return html`<g>${rectangle(box, 'block', titleOf({ name, value }, metric, whole))}${layers.map((layer, index) =>
    drawLayer(layer, boxes[index] as Box, metric, whole, label !== ''),
  )}${label === '' ? '' : html`<text class="small" x="${round(box.x + PADDING)}" y="${round(box.y + 14)}">${label}</text>`}</g>`;
}

function drawStage(stage: StagePart, box: Box, metric: MapMetric, whole: bigint): Html {
  const { name, value, rows, tone } = stage;
  const label = box.height < LABEL_HEIGHT ? '' : fitting([`${name} ${percent(value, whole)}`, name], box.width, BOLD);
  const counted = rows.filter((row) => row[metric] > 0n);
  const blocks = [...rowsBy(counted, 'block')];
  const room = inner(box, label === '' ? 0 : LABEL_HEIGHT);
  const boxes = squarify(
    blocks.map(([, own]) =>
      weightOf(
        own.reduce((sum, row) => sum + row[metric], 0n),
        value,
      ),
    ),
    room,
  );
  const isDivided = counted.length > 1 && room.width > 2 && room.height > 2;
  return html`<g class="tone${tone}">${rectangle(box, 'stage', titleOf(stage, metric, whole))}${
    isDivided ? blocks.map(([block, own], index) => drawBlock(block, own, boxes[index] as Box, metric, whole)) : ''
  }${label === '' ? '' : html`<text x="${round(box.x + PADDING)}" y="${round(box.y + 14)}">${label}</text>`}</g>`;
}

/** A treemap of one size: an area for each stage, divided among its layers. */
function drawMap(stages: readonly StagePart[], metric: MapMetric, whole: bigint, box: Box, className: string): Html {
  const boxes = squarify(
    stages.map(({ value }) => weightOf(value, whole)),
    box,
  );
  const summary = stages.map(({ name, value }) => `${name} ${percent(value, whole)}`).join(', ');
  return html`<svg class="map ${className}" viewBox="0 0 ${box.width} ${box.height}" role="img" aria-label="${`${LABELS[metric]} by stage: ${summary}`}">${stages.map(
    (stage, index) => drawStage(stage, boxes[index] as Box, metric, whole),
  )}</svg>`;
}

const WIDE: Box = { x: 0, y: 0, width: 680, height: 400 };
const NARROW: Box = { x: 0, y: 0, width: 340, height: 320 };

/** Where a network spends a metric, drawn for wide and for narrow windows; nothing where it has none. */
export function costMap(analysis: Analysis, metric: MapMetric, name?: string): Html {
  const whole = analysis.totals[metric];
  if (whole === 0n) return html``;
  const tones = tonesOf(analysis);
  const stages = groupBy(analysis, 'stage')
    .map((group): StagePart => ({ name: group.name, value: group[metric], rows: group.rows, tone: tones.get(group.name) ?? 0 }))
    .filter(({ value }) => value > 0n);
  return html`<figure>
<figcaption>Where the ${LABELS[metric]} ${name === undefined ? '' : `of ${name} `}are</figcaption>
${drawMap(stages, metric, whole, WIDE, 'wide')}
${drawMap(stages, metric, whole, NARROW, 'narrow')}
</figure>`;
}
