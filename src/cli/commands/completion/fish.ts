import { type Candidates, type CompletedCommand, type CompletedOption, modelsOf } from './candidates.ts';

/** A word of the shell. */
const quote = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

/** Words as one argument, a blank between. */
function offered({ words, files }: Candidates): string[] {
  if (files === 'models') return ['-F', '-a', quote('$__flopwise_models')];
  return [...(words.length > 0 ? ['-a', quote(words.join(' '))] : []), ...(files === undefined ? [] : ['-F'])];
}

const complete = (condition: string, ...rest: readonly string[]): string =>
  ['complete -c flopwise -n', quote(condition), ...rest].join(' ');

const optionLine = (condition: string, { long, short, description, candidates }: CompletedOption): string =>
  complete(
    condition,
    ...(short === undefined ? [] : ['-s', short.replace('-', '')]),
    '-l',
    long.replace(/^--/, ''),
    ...(candidates === undefined ? [] : [candidates.files === undefined ? '-x' : '-r', ...offered(candidates)]),
    '-d',
    quote(description),
  );

function commandLines({ name, options, candidates }: CompletedCommand): string[] {
  const condition = `__flopwise_is ${name}`;
  const words = offered(candidates);
  return [...(words.length === 0 ? [] : [complete(condition, ...words)]), ...options.map((option) => optionLine(condition, option))];
}

export const fishCompletion = (commands: readonly CompletedCommand[], usual: string): string => `# Completion of flopwise for fish.
# In ~/.config/fish/config.fish: flopwise completion fish | source

function __flopwise_is
    set -l words (commandline -opc)
    set -l command ${usual}
    if contains -- "$words[2]" ${commands.map(({ name }) => name).join(' ')}
        set command $words[2]
    end
    test $command = $argv[1]
end

set -g __flopwise_models ${modelsOf(commands).join(' ')}

complete -c flopwise -f
${commands.map(({ name, description }) => complete('test (count (commandline -opc)) -eq 1', '-a', name, '-d', quote(description))).join('\n')}
${commands.flatMap(commandLines).join('\n')}
`;
