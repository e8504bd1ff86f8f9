import { expect } from 'vitest';
import type { Drawing } from '../../../src/analysis/drawing/drawing.ts';
import { drawingDot } from '../../../src/report/drawing/dot.ts';
import { linesOf } from '../../../src/report/drawing/layout.ts';
import { drawingMermaid } from '../../../src/report/drawing/mermaid.ts';
import { wellFormed } from '../../../src/report/html/html.ts';
import { parseDot, parseMermaid } from './parsers.ts';

/** Checks that Mermaid and Graphviz read drawings, the latter with all of their boxes, texts and edges. */
export async function checkParsed(drawings: readonly Drawing[]): Promise<void> {
  await parseMermaid(drawingMermaid(drawings, {}));
  const { labels, edges } = parseDot(drawingDot(drawings, {}));
  const vertices = drawings.flatMap((drawing) => drawing.vertices);
  expect(labels).toEqual(vertices.map((vertex) => linesOf(vertex).map(wellFormed)));
  expect(edges).toBe(drawings.reduce((sum, drawing) => sum + drawing.edges.length, 0));
}
