import type { Analysis } from '../analysis/cost.ts';
import { escaped } from './markdown.ts';
import { formatShapes } from './shapes.ts';
import type { Screen } from './terminal.ts';
import { wrap } from './text.ts';

/** `resnet50 (specs/resnet.yaml) · 1×3×224×224 → 1×1000 · 175 layers` */
const describeModel = ({ name, source, input, output, rows }: Analysis): string =>
  `${name} (${source}) · ${formatShapes(input)} → ${formatShapes(output)} · ${rows.length} layer${rows.length === 1 ? '' : 's'}`;

/** What is counted, in one sentence that fits the screen. */
export function headingText(analysis: Analysis, screen: Screen): string {
  const text = wrap(describeModel(analysis), screen.columns, '  ');
  const { length } = analysis.name;
  return screen.bold(text.slice(0, length)) + text.slice(length);
}

export const headingMarkdown = (analysis: Analysis): string => `### ${escaped(analysis.name)}\n\n${escaped(describeModel(analysis))}`;
