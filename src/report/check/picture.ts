import type { CheckedModel } from '../../analysis/check/result.ts';
import type { Drawing } from '../../analysis/drawing/drawing.ts';
import { differenceOf } from '../drawing/difference.ts';

/**
 * What changed of a model, drawn in at most so many boxes. Nothing where the model as it was is not known, where it did not change,
 * or where only what no box shows did, such as names.
 */
export function changeDrawing({ name, before, count, change }: CheckedModel, baseline: string, most?: number): Drawing | undefined {
  if (before === undefined || change?.kind !== 'changed') return undefined;
  const drawing = differenceOf({ ...before(), name: baseline }, { ...count(), name }, { most });
  const isSeen = [...drawing.vertices, ...drawing.edges].some(({ state }) => state !== 'kept');
  return isSeen ? drawing : undefined;
}
