import { Argument, type Command, Option } from 'commander';
import { ELEMENT_BYTES } from '../analysis/memory.ts';
import { fail } from '../problems/problem.ts';
import type { MadeOption } from '../report/html/made.ts';
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

/** A choice among words; `other` are further words for some of them. */
export const choiceOption = (
  flags: string,
  description: string,
  known: readonly string[],
  other: Readonly<Partial<Record<string, string>>> = {},
): Option =>
  new Option(flags, description).choices(known).argParser((text: string) => {
    const value = (Object.hasOwn(other, text) ? other[text] : undefined) ?? text;
    if (!known.includes(value)) throw fail('UNKNOWN_CHOICE', { option: nameOf(flags), value, known });
    return value;
  });

/** A word after the command, one of those that are known. */
export const choiceArgument = (name: string, known: readonly string[]): Argument =>
  new Argument(name).choices(known).argParser((value: string) => {
    if (!known.includes(value)) throw fail('UNKNOWN_CHOICE', { option: name, value, known });
    return value;
  });

/** How memory is counted. */
export const addMemoryOptions = (command: Command): Command =>
  command
    .addOption(choiceOption('--dtype <type>', 'type of every element in memory', Object.keys(ELEMENT_BYTES)).default(undefined, 'fp32'))
    .option('--inplace', 'let element-wise layers write over an input that nothing reads later');

export const EXACT = ['--exact', 'print whole integers'] as const;

export const addOutputOption = (command: Command): Command =>
  command.option('-o, --output <file>', 'write to a file instead of the terminal');

/** The ways to write a result, by name. */
type Formats<Result, Options> = Readonly<Record<string, (result: Result, options: Options, screen: Screen) => string>>;

/** The format of people, where no other is asked for. */
const TABLE = 'table';

/** What the ending of a file says about what is in it. */
const ENDINGS: Readonly<Partial<Record<string, string>>> = {
  csv: 'csv',
  dot: 'dot',
  gv: 'dot',
  htm: 'html',
  html: 'html',
  json: 'json',
  markdown: 'markdown',
  md: 'markdown',
  mermaid: 'mermaid',
  mmd: 'mermaid',
  sarif: 'sarif',
  svg: 'svg',
  tex: 'latex',
  xml: 'junit',
};

/** Endings of any text. */
const OF_TEXT: ReadonlySet<string> = new Set(['txt', 'text', 'log', 'out']);

/** The format that a file is written in: that of its ending, if it has one. */
function formatOfFile(output: string, known: readonly string[], usual: string): string {
  const ending = (/\.(\w+)$/.exec(output)?.[1] ?? '').toLowerCase();
  const isUsual = ending === '' || (usual === TABLE && OF_TEXT.has(ending));
  const format = ENDINGS[ending] ?? (isUsual ? usual : ending);
  if (!known.includes(format)) throw fail('WRONG_ENDING', { path: output, format, known });
  return format;
}

/** `--format`, `--json` and `--output`. Without a format it is that of the file's ending, which is refused before anything runs. */
export const addFormatOptions = (command: Command, known: readonly string[], usual = TABLE): Command => {
  addOutputOption(command).addOption(
    choiceOption('--format <format>', 'how to write it', known, { md: 'markdown' }).default(
      undefined,
      `${usual}, or by the ending of --output`,
    ),
  );
  if (known.includes('json')) command.addOption(new Option('--json', 'same as --format json').implies({ format: 'json' }));
  return command.hook('preAction', (_, called) => {
    const { format, output } = called.opts<{ readonly format?: string; readonly output?: string }>();
    called.setOptionValue('format', format ?? (output === undefined ? usual : formatOfFile(output, known, usual)));
  });
};

export const addResultOptions = (command: Command, formats: Formats<never, never>): Command =>
  addFormatOptions(command, Object.keys(formats));

/** Says which file was written. */
export const reportWritten = (path: string, io: Io): void => io.stderr(`Wrote ${path}.\n`);

/** Writes a whole file, and says so. */
export function writeOut(path: string, text: string, io: Io): void {
  io.writeFile(path, text, true);
  reportWritten(path, io);
}

/** Puts a text where it was asked to go. */
export function deliver(text: string, { output }: OutputOptions, io: Io, isForPeople = false): void {
  if (output === undefined && isForPeople) io.print(`${text}\n`);
  else if (output === undefined) io.stdout(`${text}\n`);
  else writeOut(output, `${text}\n`, io);
}

/** Writes a result as it was asked for. A file has no width and no colour. */
export function report<Result, Options extends ResultOptions>(
  result: Result,
  formats: Formats<Result, Options & MadeOption>,
  options: Options,
  io: Io,
): void {
  const screen = options.output === undefined ? screenOf(io, 'stdout') : PLAIN;
  const write = formats[options.format] as Formats<Result, Options & MadeOption>[string];
  deliver(write(result, { ...options, made: io.made?.() }, screen), options, io, options.format === TABLE);
}
