import type { ArgumentSummary, CommandSummary, OptionSummary } from '../../describe.ts';

/** What a shell can offer for a word. */
export interface Candidates {
  readonly words: readonly string[];
  /** Files too: any, or those that models are in. */
  readonly files?: 'any' | 'models';
}

/** An option, with what can be its value; `undefined` for a switch. */
export interface CompletedOption extends Pick<OptionSummary, 'long' | 'short' | 'description' | 'value'> {
  readonly candidates: Candidates | undefined;
}

/** A command, with what can follow it. */
export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** What its arguments are called, and can be. */
  readonly argument: string;
  readonly candidates: Candidates;
}

/** The endings of files that models are in. */
export const MODEL_ENDINGS = ['yaml', 'yml', 'json', 'onnx'] as const;

/** The words that stand beside files of models are names of models: shells keep them once. */
export const modelsOf = (commands: readonly CompletedCommand[]): readonly string[] =>
  commands.find(({ candidates }) => candidates.files === 'models')?.candidates.words ?? [];

const NOTHING: Candidates = { words: [] };

/** Candidates by what stands for a word in a command: `<model>`, `[file]`. */
export type Vocabulary = Readonly<Partial<Record<string, Candidates>>>;

const candidatesFor = (name: string | undefined, choices: readonly string[], vocabulary: Vocabulary): Candidates =>
  choices.length > 0 ? { words: choices } : ((name === undefined ? undefined : vocabulary[name]) ?? NOTHING);

const ofOption =
  (vocabulary: Vocabulary) =>
  (option: OptionSummary): CompletedOption => {
    const { value, choices } = option;
    return { ...option, candidates: value === undefined ? undefined : candidatesFor(value, choices, vocabulary) };
  };

const ofArguments = ([first]: readonly ArgumentSummary[], vocabulary: Vocabulary): Candidates =>
  candidatesFor(first?.name, first?.choices ?? [], vocabulary);

/** The commands with what can follow each. */
export const completed = (commands: readonly CommandSummary[], vocabulary: Vocabulary): CompletedCommand[] =>
  commands.map((command) => ({
    ...command,
    options: command.options.map(ofOption(vocabulary)),
    argument: command.arguments[0]?.name ?? '',
    candidates: ofArguments(command.arguments, vocabulary),
  }));

/** The names of an option: `-o`, `--output`. */
export const namesOf = ({ short, long }: CompletedOption): string[] => (short === undefined ? [long] : [short, long]);
