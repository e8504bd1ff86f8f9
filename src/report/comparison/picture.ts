import { draw } from '../../analysis/drawing/draw.ts';
import type { Drawing } from '../../analysis/drawing/drawing.ts';
import { differenceOf } from '../drawing/difference.ts';
import { drawingFile } from '../drawing/svg.ts';
import type { ComparisonReport } from './comparison.ts';

/** What is different between two models, or more of them side by side. */
export function comparisonDrawings({ models }: ComparisonReport): Drawing[] {
  const [first, second, ...others] = models.map(({ name, analysis }) => ({ ...analysis, name }));
  if (first === undefined || second === undefined) return [];
  return others.length === 0 ? [differenceOf(first, second)] : draw([first, second, ...others]);
}

/** A comparison as a picture. */
export const comparisonSvg = (report: ComparisonReport): string => drawingFile(comparisonDrawings(report), {});
