import { type Command, Option } from 'commander';
import { DEPTHS, type Depth, draw, MOST_VERTICES } from '../../analysis/drawing/draw.ts';
import type { Drawing } from '../../analysis/drawing/drawing.ts';
import type { MemoryOptions } from '../../analysis/memory.ts';
import { fail } from '../../problems/problem.ts';
import { drawingDot } from '../../report/drawing/dot.ts';
import { HEATS, type HeatMetric } from '../../report/drawing/heat.ts';
import { drawingHtml } from '../../report/drawing/html.ts';
import { drawingMermaid, MERMAID_VERTICES } from '../../report/drawing/mermaid.ts';
import { drawingFile } from '../../report/drawing/svg.ts';
import { analyseAsAsked } from '../convention.ts';
import type { Io } from '../io.ts';
import { addModelOptions, type ModelOptions } from '../models.ts';
import { addFormatOptions, addMemoryOptions, choiceOption, type ResultOptions, report } from '../options.ts';

interface DrawOptions extends ModelOptions, MemoryOptions, ResultOptions {
  readonly depth?: Depth;
  readonly by?: HeatMetric;
  readonly unfold?: boolean;
}

type Render = (drawings: readonly Drawing[], options: DrawOptions) => string;

const formats: Readonly<Record<string, Render>> = {
  svg: (drawings, options) => drawingFile(drawings, { ...options, heat: options.by }),
  html: (drawings, options) => drawingHtml(drawings, { ...options, heat: options.by }),
  mermaid: (drawings, options) => drawingMermaid(drawings, { ...options, heat: options.by }),
  dot: (drawings, options) => drawingDot(drawings, { ...options, heat: options.by }),
};

function parseDepth(text: string): Depth {
  if (Object.hasOwn(DEPTHS, text)) return text as Depth;
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw fail('WRONG_VALUE', {
      key: '--depth',
      value: text,
      expected: `${Object.keys(DEPTHS).join(', ')} or a number of steps of the path`,
    });
  return Number(text);
}

export const addDraw = (program: Command, io: Io): Command => {
  const command = program
    .command('draw <model...>')
    .description('draw networks: layers, shortcuts and output sizes, coloured by what they cost; several side by side')
    .addOption(
      new Option(
        '--depth <depth>',
        'a box for each stage, block or layer, or for the first n steps of the path (default: what fits a page)',
      ).argParser(parseDepth),
    )
    .addOption(choiceOption('--by <metric>', 'what colours stand for (default: macs)', Object.keys(HEATS), { params: 'parameters' }))
    .option('--unfold', 'draw each of several equal blocks, in place of one with ×n');
  return addFormatOptions(addModelOptions(addMemoryOptions(command)), Object.keys(formats), 'svg').action(
    (models: string[], options: DrawOptions) => {
      const analyses = analyseAsAsked(models, options, io);
      const most = options.format === 'mermaid' ? Math.floor(MERMAID_VERTICES / analyses.length) : MOST_VERTICES;
      const drawings = draw(analyses, { depth: options.depth, unfold: options.unfold, most });
      for (const { note } of drawings) if (note !== undefined) io.stderr(`${note}\n`);
      report(drawings, formats, options, io);
    },
  );
};
