import type { Command } from 'commander';
import { SORT_KEYS, type SortKey, sorted } from '../../report/cost/rows.ts';
import type { NumberOptions } from '../../report/kit/number.ts';
import { zooCsv, zooJson, zooMarkdown, zooText } from '../../report/zoo/zoo.ts';
import type { Io } from '../io.ts';
import { addResultOptions, choiceOption, EXACT, type ResultOptions, report } from '../options.ts';
import { listedZoo } from '../zoo.ts';

type ListOptions = NumberOptions & ResultOptions & { readonly sort?: SortKey };

const formats = { table: zooText, json: zooJson, csv: zooCsv, markdown: zooMarkdown };

export const addList = (program: Command, io: Io): Command =>
  addResultOptions(
    program
      .command('list [text]')
      .description('list the models of the zoo by task: all, or those whose name, family or task contains a text')
      .addOption(choiceOption('--sort <by>', 'largest first; names A–Z', SORT_KEYS))
      .option(...EXACT),
    formats,
  ).action((text: string | undefined, options: ListOptions) => {
    const { zoo } = io.library;
    report(sorted(listedZoo(zoo, text), options.sort), formats, options, io);
  });
