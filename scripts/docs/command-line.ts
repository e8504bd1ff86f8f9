import type { CommandName } from '../../src/cli/commands/registry.ts';
import { argumentUsage, type CommandSummary, type OptionSummary } from '../../src/cli/describe.ts';
import { EXAMPLES } from '../../src/cli/examples.ts';
import { MODEL_HELP } from '../../src/cli/help.ts';
import { commandLine, EXIT_CODES, flagsOf } from './commands.ts';
import { GENERATED, table } from './markdown.ts';

/** docs/command-line.md: every command, with its options and examples. */

const optionCells = (option: OptionSummary): string[] => [
  `\`${flagsOf(option)}\``,
  option.description.replaceAll('<', '&lt;'),
  option.choices.map((choice) => `\`${choice}\``).join(', '),
  (option.default ?? '').replaceAll('<', '&lt;'),
];

const HEADERS = ['option', 'meaning', 'choices', 'default'];

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

function commandSection({ name, description, arguments: given, options }: CommandSummary): string {
  const examples = EXAMPLES[name as CommandName];
  const width = Math.max(...examples.map(([call]) => call.length));
  return [
    `## ${name}`,
    '',
    `\`flopwise ${[name, '[options]', ...given.map(argumentUsage)].join(' ')}\``,
    '',
    sentence(description),
    ...(options.length === 0 ? [] : ['', table(HEADERS, options.map(optionCells))]),
    '',
    '```sh',
    ...examples.map(([call, does]) => `${call.padEnd(width)}  # ${does}`),
    '```',
  ].join('\n');
}

export async function commandLinePage(): Promise<string> {
  const { commands, common } = await commandLine();
  return `${[
    GENERATED,
    '# The command line',
    'The same is in `flopwise help` and `man flopwise`.',
    '`flopwise [table] <model...>` is what a line without a command means. `flopwise completion bash`, `zsh` or `fish` prints what makes a shell complete commands, options, their values and names of models; [table](#table) and the others take the options below.',
    `## Models\n\n${sentence(MODEL_HELP)}`,
    `## Exit codes\n\n${table(['code', 'meaning'], EXIT_CODES)}`,
    `## Options of many commands\n\n${table(
      [...HEADERS, 'of'],
      common.map((option) => [...optionCells(option), option.takenBy.length === commands.length ? 'all' : option.takenBy.join(', ')]),
    )}`,
    ...commands.map(commandSection),
  ].join('\n\n')}\n`;
}
