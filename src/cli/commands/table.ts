import { type Command, Option } from 'commander';
import type { Analysis } from '../../analysis/cost.ts';
import { GROUPINGS } from '../../analysis/group.ts';
import { costJson } from '../../report/cost-json.ts';
import { SORT_KEYS } from '../../report/cost-rows.ts';
import { type CostOptions, costCsv, costMarkdown, costText, summaryTable } from '../../report/cost-table.ts';
import { toJson } from '../../report/json-text.ts';
import { renderMarkdown } from '../../report/markdown.ts';
import { renderTable, type Screen } from '../../report/terminal.ts';
import type { Io } from '../io.ts';
import {
  addModelOptions,
  addOutputOption,
  analyseAll,
  countOption,
  deliver,
  dtypeOption,
  formatOption,
  inplaceOption,
  type ModelOptions,
  type OutputOptions,
} from '../options.ts';
import { screenFor } from '../screen.ts';

type TableOptions = ModelOptions & OutputOptions & CostOptions & { readonly format: keyof typeof formats };

const formats = {
  table: (analyses: readonly Analysis[], options: CostOptions, screen: Screen): string =>
    analyses.length === 1 ? costText(analyses[0] as Analysis, options, screen) : renderTable(summaryTable(analyses, options), screen),
  json(analyses: readonly Analysis[], options: CostOptions): string {
    const models = analyses.map((analysis) => costJson(analysis, options));
    return toJson(models.length === 1 ? models[0] : models);
  },
  csv: costCsv,
  markdown: (analyses: readonly Analysis[], options: CostOptions): string =>
    analyses.length === 1 ? costMarkdown(analyses[0] as Analysis, options) : renderMarkdown(summaryTable(analyses, options)),
} as const;

export const addTable = (program: Command, io: Io): Command =>
  addOutputOption(addModelOptions(program.command('table <models...>', { isDefault: true })))
    .description('print what a network costs, layer by layer (the default command)')
    .addOption(new Option('--by <rows>', 'what a row is').choices([...GROUPINGS]).default('layer'))
    .addOption(countOption('--depth <n>', 'group by the first n steps of the path, in place of --by'))
    .addOption(new Option('--sort <by>', 'most first').choices(SORT_KEYS))
    .addOption(countOption('--top <n>', 'show the n rows that cost most, and the rest as one'))
    .option('--formula', 'show the multiply-accumulates as a product', false)
    .option('--memory', 'show weight bytes, and the bytes of all tensors alive while a layer runs', false)
    .option('--receptive-field', 'show how far a position sees into the input, and how far neighbours are apart there', false)
    .addOption(dtypeOption())
    .addOption(inplaceOption())
    .option('--exact', 'print whole integers', false)
    .addOption(formatOption(Object.keys(formats)))
    .action((models: string[], options: TableOptions) => {
      deliver(formats[options.format](analyseAll(models, options, io), options, screenFor(io, options)), options, io);
    });
