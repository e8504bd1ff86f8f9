import { type CommandSummary, describeCommands, type OptionSummary } from '../../src/cli/describe.ts';
import { wholeProgram } from '../../src/cli/program.ts';
import { pageIo } from './console.ts';

/** The command line, as the pages about it show it. */

/** An option that so many commands take alike is described once. */
const SEVERAL = 6;

export interface CommandLine {
  /** Commands with the options that are their own. */
  readonly commands: readonly CommandSummary[];
  /** Options that many commands take, with the names of these. */
  readonly common: readonly (OptionSummary & { readonly takenBy: readonly string[] })[];
}

export async function commandLine(): Promise<CommandLine> {
  const commands = describeCommands(await wholeProgram(pageIo(() => undefined, new Map())));
  const takers = new Map<string, { readonly option: OptionSummary; readonly names: string[] }>();
  const keyOf = (option: OptionSummary): string => JSON.stringify(option);
  for (const { name, options } of commands)
    for (const option of options) {
      const known = takers.get(keyOf(option));
      if (known === undefined) takers.set(keyOf(option), { option, names: [name] });
      else known.names.push(name);
    }
  const common = [...takers.values()].filter(({ names }) => names.length >= SEVERAL);
  const isOwn = (option: OptionSummary): boolean => (takers.get(keyOf(option))?.names.length ?? 0) < SEVERAL;
  return {
    commands: commands.map((command) => ({ ...command, options: command.options.filter(isOwn) })),
    common: common.map(({ option, names }) => ({ ...option, takenBy: names })),
  };
}

/** `-o, --output <file>` */
export const flagsOf = ({ short, long, value }: OptionSummary): string =>
  `${short === undefined ? '' : `${short}, `}${long}${value === undefined ? '' : ` <${value}>`}`;

export const EXIT_CODES: readonly (readonly [string, string])[] = [
  ['0', 'Done, all well.'],
  ['1', 'Something was found: a limit that is exceeded, a count that does not hold, or with --strict a doubt.'],
  ['2', 'The input or the call is wrong.'],
];
