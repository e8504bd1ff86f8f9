import type { Analysis } from '../../analysis/cost.ts';
import { drawDifference } from '../../analysis/drawing/difference.ts';
import type { DrawOptions } from '../../analysis/drawing/draw.ts';
import type { Drawing } from '../../analysis/drawing/drawing.ts';
import { readable } from '../kit/number.ts';
import { amountOf, HEATS, type HeatOptions } from './heat.ts';

/** The difference of two models as a drawing, with what its boxes cost by a metric. */
export function differenceOf(before: Analysis, after: Analysis, options: DrawOptions & HeatOptions = {}): Drawing {
  const metric = options.heat ?? 'macs';
  const textBy = (analysis: Analysis) => {
    const amount = amountOf(metric, analysis, options);
    return (rows: Analysis['rows']): string => {
      const value = amount(rows);
      return value === 0n ? '' : `${readable(value)} ${HEATS[metric]}`;
    };
  };
  return drawDifference(before, after, { before: textBy(before), after: textBy(after) }, options);
}
