import pkg from '../../package.json' with { type: 'json' };
import type { CommandName } from '../../src/cli/commands/registry.ts';
import { argumentUsage, type CommandSummary, type OptionSummary } from '../../src/cli/describe.ts';
import { EXAMPLES, PROGRAM_EXAMPLES } from '../../src/cli/examples.ts';
import { MODEL_HELP } from '../../src/cli/help.ts';
import { commandLine, EXIT_CODES } from './commands.ts';

/** man/flopwise.1: the manual page, in the macros of man(7). */

/** Text that no sign of is a request or an escape. */
const roff = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('"', '\\(dq')
    .replaceAll('`', '\\(ga')
    .replaceAll('~', '\\(ti')
    .replaceAll('×', '\\(mu')
    .replaceAll('–', '\\(en')
    .replaceAll('·', '\\(pc')
    .replace(/^\./gm, '\\&.');

const sentence = (text: string): string => roff(`${text.charAt(0).toUpperCase()}${text.slice(1)}.`);

const optionItem = ({ short, long, value, description, choices, default: usual }: OptionSummary): string => {
  const names = [short, long].flatMap((name) => (name === undefined ? [] : [`\\fB${roff(name)}\\fR`])).join(', ');
  return [
    '.TP',
    value === undefined ? names : `${names} \\fI${roff(value)}\\fR`,
    sentence(description),
    ...(choices.length === 0 ? [] : [`One of ${roff(choices.join(', '))}.`]),
    ...(usual === undefined ? [] : [`Default: ${roff(usual)}.`]),
  ].join('\n');
};

const exampleItem = ([call, does]: readonly [string, string]): string => `.TP\n.B ${roff(call)}\n${sentence(does)}`;

function commandSection({ name, description, arguments: given, options }: CommandSummary): string {
  const usage = [name, '[options]', ...given.map(argumentUsage)].join(' ');
  return [
    `.SS ${roff(`flopwise ${usage}`)}`,
    sentence(description),
    ...options.map(optionItem),
    ...EXAMPLES[name as CommandName].map(exampleItem),
  ].join('\n');
}

export async function manualPage(): Promise<string> {
  const { commands, common } = await commandLine();
  return `${[
    '.\\" Generated from the commands by "npm run generate".',
    `.TH FLOPWISE 1 "" "flopwise ${pkg.version}" "User Commands"`,
    '.SH NAME',
    'flopwise \\- count what a neural network costs, layer by layer',
    '.SH SYNOPSIS',
    '.B flopwise',
    '[\\fIcommand\\fR] [\\fIoptions\\fR] \\fImodel\\fR...',
    '.SH DESCRIPTION',
    `${roff(pkg.description)}`,
    '.PP',
    `${roff(MODEL_HELP)}.`,
    '.PP',
    'A line without a command is one of',
    '.BR "flopwise table" .',
    '.SH EXAMPLES',
    ...PROGRAM_EXAMPLES.map(exampleItem),
    '.SH OPTIONS OF MANY COMMANDS',
    ...common.map(optionItem),
    '.SH COMMANDS',
    ...commands.map(commandSection),
    '.SH EXIT STATUS',
    ...EXIT_CODES.map(([code, meaning]) => `.TP\n.B ${code}\n${roff(meaning)}`),
    '.SH ENVIRONMENT',
    '.TP\n.B NO_COLOR\nPrints without colours.',
    '.TP\n.B FORCE_COLOR\nPrints with colours, even where the output is no terminal.',
    '.SH SEE ALSO',
    roff('"flopwise docs" lists the pages of the documentation, and "flopwise docs spec" prints one of them.'),
  ].join('\n')}\n`;
}
