import { expect } from 'vitest';
import { analyse, total } from '../../../src/analysis/cost.ts';
import { type DrawOptions, draw } from '../../../src/analysis/drawing/draw.ts';
import type { Drawing } from '../../../src/analysis/drawing/drawing.ts';
import { openModel, parseReference } from '../../../src/library/reference.ts';
import { diskLibrary } from '../../../src/node/disk.ts';
import { drawingFile } from '../../../src/report/drawing/svg.ts';
import { checkPicture, checkWays } from './picture.ts';

/** Draws a model and checks that each layer is in one box or shortcut, that costs add up, and that nothing overlaps. */
export function checkDrawing(name: string, options: DrawOptions = {}): Drawing {
  const analysis = analyse(openModel(parseReference(name), diskLibrary));
  const [drawing] = draw([analysis], options) as [Drawing];
  const { vertices, edges } = drawing;
  const rows = [...vertices, ...edges].flatMap((one) => one.rows);
  expect(rows).toHaveLength(analysis.rows.length);
  expect(new Set(rows)).toEqual(new Set(analysis.rows));
  expect(total(rows)).toEqual(analysis.totals);
  expect(edges.every(({ from, to }) => from < to)).toBe(true);
  checkWays(checkPicture(drawingFile([drawing], {})));
  return drawing;
}
