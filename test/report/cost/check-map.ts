import { expect } from 'vitest';
import type { Analysis } from '../../../src/analysis/cost.ts';
import { costMap } from '../../../src/report/cost/map.ts';
import { textWidth } from '../../../src/report/drawing/measure.ts';

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const numberIn = (attributes: string, name: string): number => Number(new RegExp(` ${name}="([^"]*)"`).exec(attributes)?.[1] ?? Number.NaN);

const plain = (text: string): string =>
  text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');

/** What a text is the name of: the smallest rectangle that begins where it does. */
const boxOf = (x: number, y: number, boxes: readonly Box[]): Box | undefined =>
  boxes
    .filter((box) => Math.abs(x - 6 - box.x) < 0.02 && Math.abs(y - 14 - box.y) < 0.02)
    .toSorted((a, b) => b.width * b.height - a.width * a.height)
    .at(0);

/** Checks that each text of a treemap lies in the rectangle that it names, that no two meet, and that rectangles lie in the picture. */
function checkSvg(svg: string): void {
  const [, width = 0, height = 0] = (/viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? []).map(Number);
  const boxes: Box[] = [];
  const texts: (Box & { readonly text: string })[] = [];
  const problems: string[] = [];
  for (const [, name, attributes = '', content = ''] of svg.matchAll(/<(rect|text)((?: [a-z]+="[^"]*")*)>([^<]*)/g)) {
    const [x, y] = [numberIn(attributes, 'x'), numberIn(attributes, 'y')];
    if (name === 'rect') {
      const box = { x, y, width: numberIn(attributes, 'width'), height: numberIn(attributes, 'height') };
      if (box.x < -0.01 || box.y < -0.01 || box.x + box.width > width + 0.05 || box.y + box.height > height + 0.05)
        problems.push(`outside: ${attributes}`);
      boxes.push(box);
      continue;
    }
    const text = plain(content);
    const isSmall = attributes.includes('small');
    const own = textWidth(text, { size: isSmall ? 11 : 12, isBold: !isSmall });
    const box = boxOf(x, y, boxes);
    if (box === undefined || x + own > box.x + box.width || y + 3 > box.y + box.height) problems.push(`sticks out: ${text}`);
    for (const other of texts)
      if (x < other.x + other.width && other.x < x + own && Math.abs(y - other.y) < 11) problems.push(`meet: ${text} and ${other.text}`);
    texts.push({ x, y, width: own, height: 12, text });
  }
  expect(problems).toEqual([]);
}

/** Checks both treemaps of a model, for wide and narrow windows. */
export function checkMaps(analysis: Analysis): void {
  for (const metric of ['macs', 'parameters'] as const)
    for (const [svg] of costMap(analysis, metric).text.matchAll(/<svg[\s\S]*?<\/svg>/g)) checkSvg(svg);
}
