import type { LayerChange, TotalChange } from '../../analysis/check/result.ts';
import { BUDGET_METRICS } from '../../language/budget.ts';
import { exact } from '../kit/number.ts';
import { formatShapes } from '../kit/shapes.ts';
import { changeText } from './amount.ts';

/** What changed since a baseline, in words. */

/** `MACs 1,024 → 2,048, +1,024 (+100.00%)` */
export const totalLine = ({ metric, before, after }: TotalChange): string =>
  `${BUDGET_METRICS[metric].label} ${exact(before)} → ${exact(after)}, ${changeText(before, after)}`;

const TOLD = ['parameters', 'macs', 'activations'] as const;

/** `parameters +1,024 (+2.50%), MACs …`; the old path of a layer that only has another name. */
export function layerDifference({ kind, before, after }: LayerChange): string {
  if (kind === 'renamed') return `was ${before?.path ?? ''}`;
  const [was, is] = [formatShapes(before?.output ?? []), formatShapes(after?.output ?? [])];
  const shapes = was !== '' && is !== '' && was !== is ? [`${was} → ${is}`] : [];
  const counts = TOLD.flatMap((metric) => {
    const [a, b] = [before?.[metric] ?? 0n, after?.[metric] ?? 0n];
    return a === b ? [] : [`${BUDGET_METRICS[metric].label} ${changeText(a, b)}`];
  });
  return [...shapes, ...counts].join(', ');
}
