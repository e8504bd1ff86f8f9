import { type Command, Option } from 'commander';
import type { Analysis } from '../../analysis/cost.ts';
import { DEPTHS, type Depth, draw, MOST_VERTICES } from '../../analysis/drawing/draw.ts';
import type { Drawing } from '../../analysis/drawing/drawing.ts';
import type { MemoryOptions } from '../../analysis/memory.ts';
import { parseReference } from '../../library/reference.ts';
import { revisionLibrary } from '../../library/revision.ts';
import { fail } from '../../problems/problem.ts';
import { withoutControls } from '../../problems/text.ts';
import { differenceOf } from '../../report/drawing/difference.ts';
import { drawingDot } from '../../report/drawing/dot.ts';
import { HEATS, type HeatMetric } from '../../report/drawing/heat.ts';
import { drawingHtml } from '../../report/drawing/html.ts';
import { drawingMermaid, MERMAID_VERTICES } from '../../report/drawing/mermaid.ts';
import { drawingFile } from '../../report/drawing/svg.ts';
import type { MadeOption } from '../../report/html/made.ts';
import { isOnnxPath, isOwnSpec, isSpecPath } from '../../spec/folder.ts';
import { analyseAsAsked } from '../convention.ts';
import type { Io } from '../io.ts';
import { addModelOptions, type ModelOptions } from '../models.ts';
import { addFormatOptions, addMemoryOptions, choiceOption, type ResultOptions, report } from '../options.ts';
import { revisionOf } from './check/baseline.ts';

interface DrawOptions extends ModelOptions, MemoryOptions, ResultOptions {
  readonly depth?: Depth;
  readonly by?: HeatMetric;
  readonly unfold?: boolean;
  readonly against?: string;
}

type Render = (drawings: readonly Drawing[], options: DrawOptions & MadeOption) => string;

const formats: Readonly<Record<string, Render>> = {
  svg: (drawings, options) => drawingFile(drawings, { ...options, heat: options.by }),
  html: (drawings, options) => drawingHtml(drawings, { ...options, heat: options.by }),
  mermaid: (drawings, options) => drawingMermaid(drawings, { ...options, heat: options.by }),
  dot: (drawings, options) => drawingDot(drawings, { ...options, heat: options.by }),
};

/** Each model against what it is compared with; two settings of one model are called as they were asked for. */
function differences(
  models: readonly string[],
  analyses: readonly Analysis[],
  against: string,
  options: DrawOptions & { most: number },
  io: Io,
): Drawing[] {
  if (analyses.length !== models.length)
    throw fail('WRONG_CALL', {
      message: 'A file with variants, or a family, names several models; give one to compare',
      command: 'flopwise draw',
    });
  return models.map((model, index) => {
    const after = analyses[index] as Analysis;
    const before = countAgainst(against, model, options, io);
    const [old, now] = before.name === after.name ? [withoutControls(against), withoutControls(model)] : [before.name, after.name];
    return differenceOf({ ...before, name: old }, { ...after, name: now }, { ...options, heat: options.by });
  });
}

/** What a model is compared with: another model, or itself as it was in a revision of git. */
function countAgainst(against: string, model: string, options: DrawOptions, io: Io): Analysis {
  if (!against.startsWith('git:')) return onlyOne(analyseAsAsked([against], options, io), against);
  const revision = io.workspace.revision(revisionOf(against));
  if (!isFile(model))
    throw fail('WRONG_CALL', {
      message: `${model} comes with flopwise, so git has no other state of it. Name a file, or a model to compare with`,
      command: 'flopwise draw',
    });
  const then = { ...io, library: revisionLibrary(revision, io.library) };
  const { name, ...rest } = onlyOne(analyseAsAsked([model], options, then), model);
  return { ...rest, name: `${name} (${revision.label})` };
}

function onlyOne(analyses: readonly Analysis[], model: string): Analysis {
  const [first, ...others] = analyses;
  if (first === undefined || others.length > 0)
    throw fail('WRONG_CALL', { message: `${model} names several models; give one to compare with`, command: 'flopwise draw' });
  return first;
}

/** Whether a reference names a file, rather than what comes with flopwise. */
function isFile(model: string): boolean {
  const { target } = parseReference(model);
  return isOnnxPath(target) || (isSpecPath(target) && isOwnSpec(target));
}

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
      new Option('--depth <depth>', 'a box for each stage, block or layer, or for the first n steps of the path')
        .default(undefined, 'what fits a page')
        .argParser(parseDepth),
    )
    .addOption(
      choiceOption('--by <metric>', 'metric that colours show', Object.keys(HEATS), { params: 'parameters' }).default(undefined, 'macs'),
    )
    .option('--against <model>', 'draw what changed from another model, or from a revision: git:origin/main')
    .option('--unfold', 'draw each of several equal blocks, in place of one with ×n');
  return addFormatOptions(addModelOptions(addMemoryOptions(command)), Object.keys(formats), 'svg').action(
    (models: string[], options: DrawOptions) => {
      const analyses = analyseAsAsked(models, options, io);
      const most = options.format === 'mermaid' ? Math.floor(MERMAID_VERTICES / analyses.length) : MOST_VERTICES;
      const how = { depth: options.depth, unfold: options.unfold, most };
      const { against } = options;
      const drawings = against === undefined ? draw(analyses, how) : differences(models, analyses, against, { ...options, most }, io);
      for (const { note } of drawings) if (note !== undefined) io.stderr(`${note}\n`);
      report(drawings, formats, options, io);
    },
  );
};
