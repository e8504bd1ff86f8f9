import { didYouMean, withoutDashes } from '../suggestions.ts';
import { cut } from '../text.ts';
import { list, quote, type Sentences } from '../words.ts';

/** Wrong calls. */
export interface CliProblems {
  WRONG_CALL: { message: string; command: string };
  UNKNOWN_COMMAND: { name: string; known: readonly string[] };
  UNKNOWN_PAGE: { name: string; known: readonly string[] };
  UNKNOWN_OPTION: { name: string; known: readonly string[] };
  MISSING_OPTION: { option: string; beside: string; example: string };
  UNKNOWN_CHOICE: { option: string; value: string; known: readonly string[] };
  WRONG_ENDING: { path: string; format: string; known: readonly string[] };
  PATH_NAMED_TWICE: { options: readonly string[] };
}

export const cliSentences: Sentences<CliProblems> = {
  WRONG_CALL: ({ message, command }) => `${message}. "${command} --help" shows how it is called.`,
  UNKNOWN_COMMAND: ({ name, known }) => `There is no command ${quote(name)}. ${didYouMean(name, known, 'commands')}`,
  UNKNOWN_PAGE: ({ name, known }) => `The documentation has no page ${quote(name)}. ${didYouMean(name, known, 'pages')}`,
  UNKNOWN_OPTION: ({ name, known }) => `There is no option ${quote(name)} here. ${didYouMean(name, known, 'options', withoutDashes)}`,
  MISSING_OPTION: ({ option, beside, example }) => `${quote(beside)} needs ${quote(option)} beside it. Add it, as in "${example}".`,
  UNKNOWN_CHOICE: ({ option, value, known }) => `${quote(option)} cannot be ${quote(value)}. ${didYouMean(value, known, 'choices')}`,
  WRONG_ENDING: ({ path, format, known }) =>
    `${quote(path)} ends as a file of ${format}, which this command does not write. Use another ending, or say --format: ${list(known)}.`,
  PATH_NAMED_TWICE: ({ options }) => `One file is named twice: ${options.map((option) => cut(option)).join(' and ')}. Give each its own.`,
};
