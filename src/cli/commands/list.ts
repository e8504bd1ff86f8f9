import type { Command } from 'commander';
import { analyse } from '../../analysis/cost.ts';
import { zooModels } from '../../library/reference.ts';
import { fail } from '../../problems/problem.ts';
import { SORT_KEYS, type SortKey, sorted } from '../../report/cost/rows.ts';
import type { NumberOptions } from '../../report/kit/number.ts';
import { type ListedModel, zooCsv, zooJson, zooMarkdown, zooText } from '../../report/zoo/zoo.ts';
import type { SpecFolder } from '../../spec/folder.ts';
import { expandSpec } from '../../spec/model.ts';
import type { Io } from '../io.ts';
import { addResultOptions, choiceOption, EXACT, type ResultOptions, report } from '../options.ts';

type ListOptions = NumberOptions & ResultOptions & { readonly sort?: SortKey };

const formats = { table: zooText, json: zooJson, csv: zooCsv, markdown: zooMarkdown };

/** The models whose name, family or task contains the text, counted. */
function listed(zoo: SpecFolder, text: string): ListedModel[] {
  const all = zooModels(zoo);
  const wanted = all.filter(({ name, family, task }) => `${name} ${family} ${task}`.toLowerCase().includes(text.toLowerCase()));
  if (wanted.length === 0) throw fail('UNKNOWN_MODEL', { name: text, known: all.map(({ name }) => name) });
  return wanted.map(({ name, family, task, spec }) => {
    const { totals, input } = analyse(expandSpec(spec));
    return { name, family, task, input, ...totals };
  });
}

export const addList = (program: Command, io: Io): Command =>
  addResultOptions(
    program
      .command('list [text]')
      .description('list the models of the zoo by task: all, or those whose name, family or task contains a text')
      .addOption(choiceOption('--sort <by>', 'largest first; names A–Z', SORT_KEYS))
      .option(...EXACT),
    formats,
  ).action((text: string | undefined, options: ListOptions) =>
    report(sorted(listed(io.library.zoo, text ?? ''), options.sort), formats, options, io),
  );
