import type { Analysis } from '../../analysis/cost.ts';
import { formatShapes } from '../kit/shapes.ts';

/** `specs/resnet.yaml · 1×3×224×224 → 1×1000 · 175 layers` */
export const describeModel = ({ source, input, output, rows }: Analysis): string =>
  `${source} · ${formatShapes(input)} → ${formatShapes(output)} · ${rows.length} layer${rows.length === 1 ? '' : 's'}`;
