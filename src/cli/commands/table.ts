import type { Command } from 'commander';
import { GROUPINGS } from '../../analysis/group.ts';
import { fail } from '../../problems/problem.ts';
import { costCsv } from '../../report/cost/csv.ts';
import { costHtml } from '../../report/cost/html.ts';
import { costJson } from '../../report/cost/json.ts';
import { SORT_KEYS } from '../../report/cost/rows.ts';
import { type CostOptions, costMarkdown, costText } from '../../report/cost/table.ts';
import type { NumberOptions } from '../../report/kit/number.ts';
import { stagesHtml } from '../../report/stages/html.ts';
import { stagesCsv, stagesJson, stagesLatex, stagesMarkdown, stagesText } from '../../report/stages/stages.ts';
import { addConventionOption, analyseAsAsked, type ConventionOptions } from '../convention.ts';
import { CLI_HINTS } from '../hints.ts';
import type { Io } from '../io.ts';
import { addModelOptions, type ModelOptions } from '../models.ts';
import { addMemoryOptions, addResultOptions, choiceOption, countOption, EXACT, type ResultOptions, report } from '../options.ts';

type TableOptions = CostOptions & ModelOptions & ConventionOptions & ResultOptions & { readonly layout: 'layers' | 'stages' };

const formats = { table: costText, json: costJson, csv: costCsv, markdown: costMarkdown, html: costHtml };
const stageFormats = {
  table: stagesText,
  json: stagesJson,
  csv: stagesCsv,
  markdown: stagesMarkdown,
  html: stagesHtml,
  latex: stagesLatex,
};

/** What says which rows and columns the table of layers has; a table of stages has its own. */
const OF_LAYERS: Readonly<Record<Exclude<keyof CostOptions, keyof NumberOptions | 'hints'>, string>> = {
  by: '--by',
  depth: '--depth',
  tree: '--tree',
  sort: '--sort',
  top: '--top',
  formula: '--formula',
  memory: '--memory',
  receptiveField: '--receptive-field',
  padding: '--padding',
  masked: '--masked',
  dtype: '--dtype',
  weightsDtype: '--weights-dtype',
  inplace: '--inplace',
};

function refuseOfLayers(options: TableOptions): void {
  const given = Object.entries(OF_LAYERS).flatMap(([name, flag]) => (options[name as keyof TableOptions] === undefined ? [] : [flag]));
  if (given.length > 0)
    throw fail('WRONG_CALL', {
      message: `${given.join(', ')} ${given.length === 1 ? 'is' : 'are'} for the table of layers, and --layout stages has a row for each stage. Leave one of them out`,
      command: 'flopwise table',
    });
}

/** A tree has its own rows, in their own order. */
function refuseBesideTree({ tree, by, sort, top }: TableOptions): void {
  const [given] = Object.entries({ by, sort, top }).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`]));
  if (tree === true && given !== undefined)
    throw fail('WRONG_CALL', {
      message: `A tree has the rows of its levels, in order. Leave ${given} out, or --tree`,
      command: 'flopwise table',
    });
}

function tabulate(models: string[], options: TableOptions, io: Io): void {
  const { layout, format } = options;
  if (layout === 'stages') refuseOfLayers(options);
  refuseBesideTree(options);
  if (layout === 'layers' && !Object.hasOwn(formats, format))
    throw fail('WRONG_CALL', { message: `The format ${format} is for --layout stages`, command: 'flopwise table' });
  const analyses = analyseAsAsked(models, options, io);
  if (layout === 'stages') report(analyses, stageFormats, options, io);
  else report(analyses, formats, { ...options, hints: CLI_HINTS }, io);
}

export const addTable = (program: Command, io: Io): Command => {
  const command = program
    .command('table <model...>', { isDefault: true })
    .description('print what a network costs, layer by layer (the default command)')
    .addOption(choiceOption('--by <rows>', 'one row per', GROUPINGS).default(undefined, 'layer'))
    .addOption(countOption('--depth <n>', 'group by the first n steps of the path, in place of --by'))
    .option('--tree', 'a row for each step of the path, those in it below; equal ones as one, with ×n; with --depth, so deep')
    .addOption(choiceOption('--sort <by>', 'largest first; names A–Z', SORT_KEYS))
    .addOption(countOption('--top <n>', 'show the n rows that cost most, or the first n by --sort; the rest as one'))
    .option('--formula', 'show the multiply-accumulates as a product')
    .option('--memory', 'show bytes of weights, and of all tensors alive while a layer runs')
    .option('--receptive-field', 'show receptive field and effective stride')
    .option('--padding', 'show the MACs spent on padding')
    .option('--masked', 'show the multiply-accumulates on positions that a causal mask or a window makes useless')
    .addOption(
      choiceOption('--layout <layout>', 'a row for each stage and a column for each model, as in papers', ['layers', 'stages']).default(
        'layers',
      ),
    )
    .option(...EXACT);
  return addResultOptions(addConventionOption(addModelOptions(addMemoryOptions(command))), stageFormats).action(
    (models: string[], options: TableOptions) => tabulate(models, options, io),
  );
};
