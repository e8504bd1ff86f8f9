import type { Command, Option } from 'commander';

/** The command line as data: what completions and the pages about it are made from. */

export interface OptionSummary {
  /** `--output` */
  readonly long: string;
  /** `-o` */
  readonly short: string | undefined;
  /** What stands for its value: `file`; `undefined` for a switch. */
  readonly value: string | undefined;
  readonly description: string;
  readonly choices: readonly string[];
  readonly default: string | undefined;
}

export interface ArgumentSummary {
  readonly name: string;
  readonly isRequired: boolean;
  readonly isVariadic: boolean;
  readonly choices: readonly string[];
}

export interface CommandSummary {
  readonly name: string;
  readonly description: string;
  readonly arguments: readonly ArgumentSummary[];
  readonly options: readonly OptionSummary[];
}

const HELP: OptionSummary = {
  long: '--help',
  short: '-h',
  value: undefined,
  description: 'show help',
  choices: [],
  default: undefined,
};

/** The default of an option, as a person says it. A switch has none to speak of. */
export function defaultOf({ defaultValue, defaultValueDescription, required, optional }: Option): string | undefined {
  if (defaultValueDescription !== undefined) return defaultValueDescription;
  return defaultValue === undefined || !(required || optional) ? undefined : String(defaultValue);
}

function describeOption(option: Option): OptionSummary {
  const { long, short, flags, description, argChoices } = option;
  return {
    long: long ?? flags,
    short,
    value: /[<[](.*)[>\]]$/.exec(flags)?.[1],
    description,
    choices: argChoices ?? [],
    default: defaultOf(option),
  };
}

/** `<model...>`, `[file]` */
export function argumentUsage({ name, isRequired, isVariadic }: ArgumentSummary): string {
  const text = isVariadic ? `${name}...` : name;
  return isRequired ? `<${text}>` : `[${text}]`;
}

export const describeArguments = (command: Command): ArgumentSummary[] =>
  command.registeredArguments.map((argument) => ({
    name: argument.name(),
    isRequired: argument.required,
    isVariadic: argument.variadic,
    choices: argument.argChoices ?? [],
  }));

const describeCommand = (command: Command): CommandSummary => ({
  name: command.name(),
  description: command.description(),
  arguments: describeArguments(command),
  options: [...command.options.map(describeOption), HELP],
});

/** The commands of a program, in their order. */
export const describeCommands = (program: Command): CommandSummary[] => program.commands.map(describeCommand);
