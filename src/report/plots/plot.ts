import { area, curveStepAfter, line } from 'd3-shape';
import { FONT, type Rectangle } from '../drawing/layout.ts';
import { fitted, textWidth } from '../drawing/measure.ts';
import { DRAWING_STYLE } from '../drawing/style.ts';
import { Html, html } from '../html/html.ts';
import { readable } from '../kit/number.ts';
import { linear, logarithmic, type Scale } from './scale.ts';

/** A plot as data. */

export interface PlotPoint {
  readonly x: number;
  readonly y: number;
  /** Where a bar or a layer begins, if not at the bottom: at the end of what it stands on. */
  readonly base?: number;
  /** What it is, to the last digit. */
  readonly title: string;
}

export interface Series {
  readonly name: string;
  readonly look: 'line' | 'steps' | 'bars' | 'layers' | 'points';
  readonly points: readonly PlotPoint[];
}

/** A point that the plot speaks of. */
interface Mark {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

/** A place on the x axis that has a name. */
export interface NamedX {
  readonly x: number;
  readonly name: string;
}

export interface Panel {
  readonly label: string;
  readonly isLog: boolean;
  readonly series: readonly Series[];
  /** What its axis shows at least, to be on one scale with others. */
  readonly most?: number;
  readonly mark?: Mark | undefined;
}

/** Panels one above the other that share their x axis. */
export interface Plot {
  readonly title: string;
  readonly x: { readonly label: string; readonly isLog: boolean; readonly most: number; readonly places?: readonly NamedX[] | undefined };
  readonly panels: readonly Panel[];
}

export interface PlotSize {
  readonly width: number;
  /** Of a panel. */
  readonly height: number;
}

export const WIDE: PlotSize = { width: 680, height: 250 };
export const NARROW: PlotSize = { width: 340, height: 220 };

const LEFT = 70;
const RIGHT = 16;
const TITLE = 30;
const LABEL = 22;
const FOOT = 48;
/** Colours of series in the style sheet. */
const COLOURS = 4;
/** More bars than this say nothing one by one. */
const MANY = 400;

const round = (length: number): string => String(Math.round(length * 100) / 100);

/** `200 M`: a readable number without decimals that say nothing. */
function short(value: number): string {
  if (value !== 0 && value < 1) return String(Number(value.toPrecision(1)));
  return readable(BigInt(Math.round(value))).replace(/\.?0+(?= |$)/, (zeros) => (zeros.startsWith('.') ? '' : zeros));
}

/** Texts beside each other that do not meet, from the left; `before` is the part of a text that is left of its place. */
function apart<T extends { readonly x: number; readonly name: string }>(places: readonly T[], end: number, before: number): T[] {
  let free = Number.NEGATIVE_INFINITY;
  return places.filter(({ x, name }) => {
    const width = textWidth(name, { size: FONT });
    const start = x - before * width;
    if (start < free || start + width > end) return false;
    free = start + width + 12;
    return true;
  });
}

const seriesClass = (index: number): string => `series${index % COLOURS}`;

function seriesSvg({ name, look, points }: Series, index: number, x: Scale, y: Scale, base: number): Html {
  const placed = points.map(({ x: a, y: b, base: from, title }) => ({
    x: x.at(a),
    y: y.at(b),
    foot: from === undefined ? base : y.at(from),
    title,
  }));
  const colour = seriesClass(index);
  if (look === 'points')
    return html`${placed.map((point) => html`<circle class="mark ${colour}" cx="${round(point.x)}" cy="${round(point.y)}" r="3.5"><title>${point.title}</title></circle>`)}`;
  if (look === 'bars') {
    const width = Math.max(x.at(1) - x.at(0), 0.5);
    const bars = placed.filter((point) => point.foot - point.y > 0.01);
    if (bars.length > MANY)
      return html`<path class="mark ${colour}" d="${bars.map((bar) => `M${round(bar.x)} ${round(bar.foot)}V${round(bar.y)}h${round(width)}V${round(bar.foot)}Z`).join('')}"><title>${name}</title></path>`;
    return html`${bars.map((bar) => html`<rect class="mark ${colour}" x="${round(bar.x)}" y="${round(bar.y)}" width="${round(width)}" height="${round(bar.foot - bar.y)}"><title>${bar.title}</title></rect>`)}`;
  }
  if (look === 'layers') {
    const between = area<{ x: number; y: number; foot: number }>()
      .x((point) => point.x)
      .y1((point) => point.y)
      .y0((point) => point.foot)
      .curve(curveStepAfter)
      .digits(2);
    return html`<path class="mark ${colour}" d="${between(placed) ?? ''}"><title>${name}</title></path>`;
  }
  const along = line<{ x: number; y: number }>()
    .x((point) => point.x)
    .y((point) => point.y)
    .digits(2);
  if (look === 'line') return html`<path class="line ${colour}" d="${along(placed) ?? ''}"><title>${name}</title></path>`;
  const under = area<{ x: number; y: number }>()
    .x((point) => point.x)
    .y1((point) => point.y)
    .y0(base)
    .curve(curveStepAfter)
    .digits(2);
  return html`<path class="under ${colour}" d="${under(placed) ?? ''}"/><path class="line ${colour}" d="${along.curve(curveStepAfter)(placed) ?? ''}"><title>${name}</title></path>`;
}

/** The text of a mark, to the side that has room. */
function markSvg({ x, y, text }: Mark, xScale: Scale, yScale: Scale, box: Rectangle): Html {
  const [left, top] = [xScale.at(x), yScale.at(y)];
  const isRight = left < box.x + box.width / 2;
  const room = (isRight ? box.x + box.width - left : left - box.x) - 10;
  const shown = fitted(text, room, { size: FONT, isBold: true });
  return html`<circle class="peak" cx="${round(left)}" cy="${round(top)}" r="4"><title>${text}</title></circle><text class="bold${isRight ? '' : ' end'}" x="${round(left + (isRight ? 8 : -8))}" y="${round(top - 7)}">${shown}</text>`;
}

function panelSvg(panel: Panel, x: Scale, box: Rectangle): Html {
  const bottom = box.y + box.height;
  const values = panel.series.flatMap(({ points }) => points.map(({ y }) => y));
  // Room for the text of a mark above the highest point.
  const range = [bottom, box.y + (panel.mark === undefined ? 0 : 18)] as const;
  const y = panel.isLog
    ? logarithmic(values, range, 6)
    : linear(
        values.reduce((a, b) => Math.max(a, b), panel.most ?? 0),
        range,
        4,
      );
  const right = box.x + box.width;
  return html`<text class="faint" x="${LEFT}" y="${round(box.y - 8)}">${panel.label}</text>
${y.ticks.map((tick) => html`<path class="rule" d="M${round(box.x)} ${round(y.at(tick))}H${round(right)}"/><text class="end faint" x="${round(box.x - 6)}" y="${round(y.at(tick) + 4)}">${short(tick)}</text>`)}
${panel.series.map((series, index) => seriesSvg(series, index, x, y, bottom))}
${panel.mark === undefined ? '' : markSvg(panel.mark, x, y, box)}
<path class="edge" d="M${round(box.x)} ${round(bottom)}H${round(right)}"/>
`;
}

/** The names of several series, in their colours. */
function keySvg(panels: readonly Panel[], width: number, top: number): { svg: Html; height: number } {
  const names = (panels[0]?.series ?? []).map(({ name }) => name);
  if (names.length < 2) return { svg: html``, height: 0 };
  return {
    height: names.length * 18,
    svg: html`${names.map(
      (name, index) =>
        html`<rect class="mark ${seriesClass(index)}" x="${LEFT}" y="${round(top + index * 18)}" width="12" height="12"/><text x="${LEFT + 18}" y="${round(top + index * 18 + 10)}">${fitted(name, width - LEFT - 30, { size: FONT })}</text>`,
    )}`,
  };
}

/** A plot from its left upper corner down. */
function body({ title, x: axis, panels }: Plot, { width, height }: PlotSize): { svg: Html; height: number } {
  const box = (index: number): Rectangle => ({
    x: LEFT,
    y: TITLE + LABEL + index * (height + LABEL),
    width: width - LEFT - RIGHT,
    height: height - LABEL,
  });
  const range = [LEFT, width - RIGHT] as const;
  const values = panels.flatMap(({ series }) => series.flatMap(({ points }) => points.map((point) => point.x)));
  const x = axis.isLog ? logarithmic(values, range, 6) : upTo(axis.most, range);
  const bottom = TITLE + panels.length * (height + LABEL) - LABEL;
  const named = axis.places ?? x.ticks.map((tick) => ({ x: tick, name: short(tick) }));
  const names = named.map(({ x: place, name }) => ({ x: x.at(place), name: fitted(name, 130, { size: FONT }) }));
  const isNumbered = axis.places === undefined;
  const rules = isNumbered && !axis.isLog ? [] : names;
  const key = keySvg(panels, width, bottom + FOOT);
  return {
    height: Math.ceil(bottom + FOOT + key.height),
    svg: html`<text class="heading" x="4" y="18">${fitted(title, width - 10, { size: 15, isBold: true })}</text>
${rules.map((rule) => panels.map((_, index) => html`<path class="rule" d="M${round(rule.x)} ${round(box(index).y)}V${round(box(index).y + box(index).height)}"/>`))}
${panels.map((panel, index) => panelSvg(panel, x, box(index)))}
${apart(names, width, isNumbered ? 0.5 : 0).map(({ x: place, name }) => html`<text class="faint${isNumbered ? ' middle' : ''}" x="${round(place)}" y="${round(bottom + 20)}">${name}</text>`)}
<text class="end" x="${round(width - RIGHT)}" y="${round(bottom + 38)}">${axis.label}</text>
${key.svg}`,
  };
}

/** Exactly from 0 to the most, with a tick at each round number. */
function upTo(most: number, [from, to]: readonly [number, number]): Scale {
  const { ticks } = linear(most, [from, to], 6);
  return { at: (value) => from + ((to - from) * value) / Math.max(most, 1), ticks: ticks.filter((tick) => tick <= most) };
}

const BETWEEN = 24;

/** Plots one below the other, as one element. */
export function plotsSvg(plots: readonly Plot[], size: PlotSize, className = '', style: Html = new Html('')): Html {
  let top = 0;
  const placed = plots.map((plot) => {
    const { svg, height } = body(plot, size);
    const at = top;
    top += height + BETWEEN;
    return html`<g transform="translate(0 ${at})">${svg}</g>\n`;
  });
  const height = Math.max(top - BETWEEN, 0);
  return html`<svg xmlns="http://www.w3.org/2000/svg" class="drawing plot ${className}" width="${size.width}" height="${height}" viewBox="0 0 ${size.width} ${height}" role="img" aria-label="${plots.map(({ title }) => title).join('; ')}">
${style}<rect class="back" width="${size.width}" height="${height}"/>
${placed}</svg>`;
}

/** Plots as a file of its own. */
export const plotsFile = (plots: readonly Plot[]): string =>
  plotsSvg(plots, WIDE, '', html`<style>${new Html(DRAWING_STYLE)}</style>\n`).text;
