import type { Shape } from '../../core/shape.ts';
import { escaped } from './markdown.ts';
import { formatShapes } from './shapes.ts';
import type { Screen } from './terminal.ts';
import { wrap } from './text.ts';

/** A network that was counted, or executed. */
interface Counted {
  readonly name: string;
  readonly source: string;
  readonly input: readonly Shape[];
  readonly output: readonly Shape[];
  readonly rows: readonly unknown[];
}

/** `resnet50 (specs/resnet.yaml) · 1×3×224×224 → 1×1000 · 175 layers` */
const describeModel = ({ name, source, input, output, rows }: Counted): string =>
  `${name} (${source}) · ${formatShapes(input)} → ${formatShapes(output)} · ${rows.length} layer${rows.length === 1 ? '' : 's'}`;

/** What is counted, in one sentence that fits the screen. */
export function headingText(counted: Counted, screen: Screen): string {
  const text = wrap(describeModel(counted), screen.columns, '  ');
  const { length } = counted.name;
  return screen.bold(text.slice(0, length)) + text.slice(length);
}

export const headingMarkdown = (counted: Counted): string => `### ${escaped(counted.name)}\n\n${escaped(describeModel(counted))}`;
