import { type Command, Option } from 'commander';
import { ELEMENT_BYTES } from '../analysis/memory.ts';
import { fail } from '../problems/problem.ts';
import { PLAIN, type Screen } from '../report/kit/terminal.ts';
import type { Io } from './io.ts';
import { screenOf } from './screen.ts';

/** Options that several commands share, and what they mean. */

export interface OutputOptions {
  readonly output?: string;
}

export interface ResultOptions extends OutputOptions {
  readonly format: string;
}

/** A whole number of at least 1, of a size that a count can have. */
function positiveNumber(option: string, text: string): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (value < 1) throw fail('WRONG_VALUE', { key: option, value: text, expected: 'a whole number from 1 to 10^15' });
  return value;
}

const nameOf = (flags: string): string => flags.slice(0, flags.indexOf(' '));

export const countOption = (flags: string, description: string): Option =>
  new Option(flags, description).argParser((text) => positiveNumber(nameOf(flags), text));

export const choiceOption = (flags: string, description: string, known: readonly string[]): Option =>
  new Option(flags, description).choices(known).argParser((value: string) => {
    if (!known.includes(value)) throw fail('UNKNOWN_CHOICE', { option: nameOf(flags), value, known });
    return value;
  });

/** How memory is counted. */
export const addMemoryOptions = (command: Command): Command =>
  command
    .addOption(choiceOption('--dtype <type>', 'type of every element in memory, fp32 if not given', Object.keys(ELEMENT_BYTES)))
    .option('--inplace', 'let element-wise layers write over an input that nothing reads later');

export const EXACT = ['--exact', 'print whole integers'] as const;

export const addOutputOption = (command: Command): Command => command.option('--output <file>', 'write to a file in place of the terminal');

/** The ways to write a result, by name. */
type Formats<Result, Options> = Readonly<Record<string, (result: Result, options: Options, screen: Screen) => string>>;

export const addResultOptions = (command: Command, formats: Formats<never, never>): Command =>
  addOutputOption(command.addOption(choiceOption('--format <format>', 'how to write the result', Object.keys(formats)).default('table')));

/** Puts a text where it was asked to go. */
export function deliver(text: string, { output }: OutputOptions, io: Io, isForPeople = false): void {
  if (output === undefined && isForPeople) io.print(`${text}\n`);
  else if (output === undefined) io.stdout(`${text}\n`);
  else io.writeFile(output, `${text}\n`, true);
}

/** Writes a result as it was asked for. A file has no width and no colour. */
export function report<Result, Options extends ResultOptions>(
  result: Result,
  formats: Formats<Result, Options>,
  options: Options,
  io: Io,
): void {
  const screen = options.output === undefined ? screenOf(io, 'stdout') : PLAIN;
  const write = formats[options.format] as Formats<Result, Options>[string];
  deliver(write(result, options, screen), options, io, options.format === 'table');
}
