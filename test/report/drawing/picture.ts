import { expect } from 'vitest';
import { textWidth } from '../../../src/report/drawing/measure.ts';

/** What is drawn in an SVG file, read back from its text. */

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Text {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly text: string;
}

interface Shape extends Box {
  readonly texts: readonly Text[];
}

/** A line between boxes, from point to point; curves by their ends. */
type Way = readonly { readonly x: number; readonly y: number }[];

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Boxes and joins, with the texts in them. */
  readonly shapes: readonly Shape[];
  /** Texts that are in no box, such as sizes. */
  readonly free: readonly (Text & Box)[];
  /** Lines between boxes. */
  readonly ways: readonly Way[];
}

/** The points of a path of absolute commands: arcs and curves are passed by straight lines. */
function wayOf(d: string, dx: number, dy: number): Way {
  let [x, y] = [0, 0];
  return [...d.matchAll(/([MLHVQC])([^A-Za-z]*)/g)].flatMap(([, sign, rest = '']) => {
    const numbers = [...rest.matchAll(/-?[\d.]+(?:e-?\d+)?/g)].map(([one]) => Number(one));
    if (sign === 'H') x = numbers.at(-1) as number;
    else if (sign === 'V') y = numbers.at(-1) as number;
    else [x, y] = numbers.slice(-2) as [number, number];
    return [{ x: x + dx, y: y + dy }];
  });
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const plain = (text: string): string => text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name] as string);

const attributesOf = (tag: string): Record<string, string> =>
  Object.fromEntries([...tag.matchAll(/ ([a-zA-Z-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));

const number = (value: string | undefined): number => {
  const read = Number(value ?? 0);
  // An assertion for each number would take most of the time.
  if (!Number.isFinite(read)) expect.fail(`not a number: ${value}`);
  return read;
};

/** Reads the tags of a file in order. Throws where one is not closed, or not quoted: then it is no XML. */
function readPicture(svg: string): Picture {
  expect(svg).not.toMatch(/NaN|Infinity|undefined|\[object/);
  const shapes: (Shape & { texts: Text[] })[] = [];
  const free: (Text & Box)[] = [];
  const ways: Way[] = [];
  const open: { name: string; classes: string; dx: number; dy: number }[] = [];
  let size = { width: 0, height: 0 };
  const body = svg.replace(/<style>[^<>]*<\/style>/, '');
  const tags = /<(\/?)([a-zA-Z]+)((?: [a-zA-Z-]+="[^"<>]*")*)(\/?)>([^<>]*)/g;
  let end = 0;
  for (const match of body.matchAll(tags)) {
    const [all, slash, name = '', attributes = '', closed, after = ''] = match;
    if (match.index !== end) expect.fail(`no XML: ${body.slice(end, end + 80)}`);
    end += all.length;
    if (slash === '/') {
      if (open.pop()?.name !== name) expect.fail(`not closed: ${name}`);
      continue;
    }
    const { class: classes = '', ...has } = attributesOf(attributes);
    const [, left = '0', top = '0'] = /translate\(([-\d.]+) ([-\d.]+)\)/.exec(has.transform ?? '') ?? [];
    const around = open.at(-1) ?? { dx: 0, dy: 0, classes: '' };
    const [dx, dy] = [around.dx + number(left), around.dy + number(top)];
    if (closed !== '/') open.push({ name, classes, dx, dy });
    for (const numbers of [has.d, has.points]) for (const [one] of (numbers ?? '').matchAll(/-?[\d.]+(e-?\d+)?/g)) number(one);
    const isInBox = open.some((one) => one.classes.split(' ').includes('box'));
    const isKey = open.some((one) => one.classes.includes('legend'));
    if (name === 'path' && /\bedge\b/.test(classes) && !isInBox && !isKey && has.d !== undefined) ways.push(wayOf(has.d, dx, dy));
    if (name === 'svg') size = { width: number(has.width), height: number(has.height) };
    if (name === 'rect' && isInBox)
      shapes.push({ x: dx + number(has.x), y: dy + number(has.y), width: number(has.width), height: number(has.height), texts: [] });
    if (name === 'circle' && isInBox) {
      const r = number(has.r);
      shapes.push({ x: dx + number(has.cx) - r, y: dy + number(has.cy) - r, width: 2 * r, height: 2 * r, texts: [] });
    }
    if (name !== 'text') continue;
    const text = plain(after);
    const isBold = /\b(bold|heading)\b/.test(classes);
    const fontSize = classes.includes('heading') ? 15 : 12;
    const width = textWidth(text, { size: fontSize, isBold });
    const anchor = /\bmiddle\b/.test(classes) ? 0.5 : /\bend\b/.test(classes) ? 1 : 0;
    const placed = { x: dx + number(has.x) - anchor * width, y: dy + number(has.y), width, text };
    if (isInBox) shapes.at(-1)?.texts.push(placed);
    else free.push({ ...placed, y: placed.y - fontSize, height: fontSize * 1.3 });
  }
  expect(end).toBe(body.length);
  expect(open).toEqual([]);
  return { ...size, shapes, free, ways };
}

const SLACK = 0.02;

const isApart = (a: Box, b: Box): boolean =>
  a.x + a.width <= b.x + SLACK || b.x + b.width <= a.x + SLACK || a.y + a.height <= b.y + SLACK || b.y + b.height <= a.y + SLACK;

/** Whether a point is on the border of a box, or of the circle in it. */
const touches = (box: Box, { x, y }: Way[number]): boolean =>
  Math.abs(Math.max(Math.abs(x - box.x - box.width / 2) - box.width / 2, Math.abs(y - box.y - box.height / 2) - box.height / 2)) < 0.5 ||
  (box.width === box.height && Math.abs(Math.hypot(x - box.x - box.width / 2, y - box.y - box.height / 2) - box.width / 2) < 0.5);

/** Straight pieces across the page that go through a box; a circle they may touch a little inside of its square. */
const isThrough = (way: Way, box: Box): boolean =>
  way.slice(1).some((end, index) => {
    const start = way[index] as Way[number];
    if (start.y !== end.y || start.y <= box.y || start.y >= box.y + box.height) return false;
    return Math.min(start.x, end.x) < box.x + box.width - 2 && Math.max(start.x, end.x) > box.x + 2;
  });

/** Checks the lines of a drawing: each goes from the border of a box to that of another, and arcs go through none. */
export function checkWays({ ways, shapes }: Picture): void {
  const problems: string[] = [];
  const nameOf = ({ texts }: Shape): string => texts.map(({ text }) => text).join(' / ');
  for (const way of ways) {
    for (const end of [way[0], way.at(-1)])
      if (end === undefined || !shapes.some((shape) => touches(shape, end))) problems.push(`ends nowhere: ${JSON.stringify(end)}`);
    for (const shape of shapes) if (isThrough(way, shape)) problems.push(`goes through ${nameOf(shape)}`);
  }
  expect(problems).toEqual([]);
}

/** Checks that boxes lie apart and inside the picture, that texts lie in their boxes, and that no other text lies on any. */
export function checkPicture(svg: string): Picture {
  const picture = readPicture(svg);
  const { shapes, free, width, height } = picture;
  const problems: string[] = [];
  const nameOf = ({ texts }: Shape): string => texts.map(({ text }) => text).join(' / ');
  for (const [index, shape] of shapes.entries()) {
    if (shape.x < 0 || shape.y < 0 || shape.x + shape.width > width || shape.y + shape.height > height)
      problems.push(`outside: ${nameOf(shape)}`);
    for (const other of shapes.slice(index + 1))
      if (!isApart(shape, other)) problems.push(`overlap: ${nameOf(shape)} and ${nameOf(other)}`);
    for (const text of free) if (!isApart(shape, text)) problems.push(`text on a box: ${text.text} on ${nameOf(shape)}`);
    for (const { x, y, width: length, text } of shape.texts)
      if (x < shape.x - SLACK || x + length > shape.x + shape.width + SLACK || y - 9 < shape.y || y + 3 > shape.y + shape.height)
        problems.push(`text outside its box: ${text}`);
  }
  for (const [index, text] of free.entries()) {
    if (text.x < 0 || text.x + text.width > width + SLACK) problems.push(`text outside: ${text.text}`);
    for (const other of free.slice(index + 1)) if (!isApart(text, other)) problems.push(`texts overlap: ${text.text} and ${other.text}`);
  }
  expect(problems).toEqual([]);
  return picture;
}
