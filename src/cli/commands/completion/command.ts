import type { Command } from 'commander';
import { conventions } from '../../../analysis/conventions/registry.ts';
import { pageNames } from '../../../node/pages.ts';
import { blockNames } from '../../../spec/folder.ts';
import { DEFAULT_COMMAND } from '../../default-command.ts';
import { describeCommands } from '../../describe.ts';
import type { Io } from '../../io.ts';
import { addOutputOption, choiceArgument, deliver, type OutputOptions } from '../../options.ts';
import { zooNames } from '../../zoo.ts';
import { bashCompletion } from './bash.ts';
import { completed, type Vocabulary } from './candidates.ts';
import { fishCompletion } from './fish.ts';
import { zshCompletion } from './zsh.ts';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;
type Shell = keyof typeof SHELLS;

function vocabularyOf({ library: { zoo } }: Io, commands: readonly string[]): Vocabulary {
  const models = {
    words: [...zooNames(zoo), ...blockNames(zoo)],
    files: 'models',
  } as const;
  return {
    model: models,
    spec: models,
    file: { words: [], files: 'any' },
    convention: { words: conventions.map(({ name }) => name), files: 'any' },
    command: { words: commands },
    page: { words: pageNames() },
  };
}

export const addCompletion = (program: Command, io: Io): Command =>
  addOutputOption(
    program
      .command('completion')
      .description('print what makes a shell complete commands, options, their values and names of models')
      .addArgument(choiceArgument('<shell>', Object.keys(SHELLS))),
  ).action((shell: Shell, options: OutputOptions) => {
    const commands = describeCommands(program);
    const vocabulary = vocabularyOf(
      io,
      commands.map(({ name }) => name),
    );
    deliver(SHELLS[shell](completed(commands, vocabulary), DEFAULT_COMMAND).trimEnd(), options, io);
  });
