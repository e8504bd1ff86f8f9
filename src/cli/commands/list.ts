import { type Command, Option } from 'commander';
import { analyse } from '../../analysis/cost.ts';
import { fail } from '../../core/problem.ts';
import { SORT_KEYS, type SortKey, sorted } from '../../report/cost-rows.ts';
import { toJson } from '../../report/json-text.ts';
import { renderMarkdown } from '../../report/markdown.ts';
import { renderTable, type Screen } from '../../report/terminal.ts';
import { type ListedModel, zooCsv, zooJson, zooTable } from '../../report/zoo-table.ts';
import type { SpecFolder } from '../../spec/folder.ts';
import { expandSpec } from '../../spec/model.ts';
import { zooModels } from '../../spec/reference.ts';
import type { Io } from '../io.ts';
import { addOutputOption, deliver, formatOption, type OutputOptions } from '../options.ts';
import { screenFor } from '../screen.ts';

type ListOptions = OutputOptions & { readonly exact: boolean; readonly sort?: SortKey; readonly format: keyof typeof formats };

const formats = {
  table: (models: readonly ListedModel[], options: ListOptions, screen: Screen): string => renderTable(zooTable(models, options), screen),
  json: (models: readonly ListedModel[]): string => toJson(zooJson(models)),
  csv: zooCsv,
  markdown: (models: readonly ListedModel[], options: ListOptions): string => renderMarkdown(zooTable(models, options)),
} as const;

/** The models whose name or family contains the text, counted. */
function listed(zoo: SpecFolder, text: string): ListedModel[] {
  const all = zooModels(zoo);
  const wanted = all.filter(({ name, family }) => name.includes(text) || family.includes(text));
  if (wanted.length === 0) throw fail('UNKNOWN_MODEL', { name: text, known: all.map(({ name }) => name) });
  return wanted.map(({ name, family, spec }) => {
    const { totals, input } = analyse(expandSpec(spec));
    return { name, family, input, ...totals };
  });
}

export const addList = (program: Command, io: Io): Command =>
  addOutputOption(program.command('list [text]'))
    .description('list the models of the zoo, all or those whose name or family contains a text')
    .addOption(new Option('--sort <by>', 'most first; names from A to Z').choices(SORT_KEYS))
    .option('--exact', 'print whole integers', false)
    .addOption(formatOption(Object.keys(formats)))
    .action(async (text: string | undefined, options: ListOptions) => {
      const models = sorted(listed(io.library.zoo, text ?? ''), options.sort);
      deliver(formats[options.format](models, options, await screenFor(io, options)), options, io);
    });
