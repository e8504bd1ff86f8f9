import { type Candidates, type CompletedCommand, type CompletedOption, MODEL_ENDINGS, modelsOf } from './candidates.ts';

/** A word of the shell. */
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Signs that end a part of what _arguments and _describe take. */
const escaped = (text: string): string => text.replace(/[\\:[\]]/g, '\\$&');

const ACTIONS = { any: '_files', models: '_flopwise_models' } as const;

/** What follows a second colon: words, what finds files, or both. */
function action({ words, files }: Candidates): string {
  if (files === 'any' && words.length > 0) return ` _flopwise_either ${words.join(' ')}`;
  if (files !== undefined) return ACTIONS[files];
  return words.length === 0 ? ' ' : `(${words.map(escaped).join(' ')})`;
}

/** Options with a value may be repeated. */
function optionSpecs({ long, short, description, value, candidates }: CompletedOption): string[] {
  const told = `[${escaped(description)}]`;
  if (candidates === undefined) return [long, ...(short === undefined ? [] : [short])].map((name) => quote(name + told));
  const rest = `${told}:${escaped(value ?? '')}:${action(candidates)}`;
  return [quote(`*${long}=${rest}`), ...(short === undefined ? [] : [quote(`*${short}${rest}`)])];
}

const argumentSpec = ({ argument, candidates }: CompletedCommand): string[] =>
  argument === '' ? [] : [quote(`*:${argument}:${action(candidates)}`)];

const commandCase = (command: CompletedCommand): string =>
  `    ${command.name}) _arguments -S ${[...command.options.flatMap(optionSpecs), ...argumentSpec(command)].join(' \\\n      ')} ;;`;

export const zshCompletion = (commands: readonly CompletedCommand[], usual: string): string => `#compdef flopwise
# Completion of flopwise for zsh.
# In ~/.zshrc, after compinit: eval "$(flopwise completion zsh)"

_flopwise_models() {
  local -a models=(${modelsOf(commands).join(' ')})
  _alternative 'models:model:compadd -a models' 'files:file:_files -g "*.(${MODEL_ENDINGS.join('|')})"'
}

_flopwise_either() {
  local -a given=("$@")
  _alternative 'words:word:compadd -a given' 'files:file:_files'
}

_flopwise() {
  local command=${usual}
  local -a commands=(
${commands.map(({ name, description }) => `    ${quote(`${name}:${escaped(description)}`)}`).join('\n')}
  )
  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then
    _describe command commands
    _flopwise_models
    return
  fi
  if (( CURRENT > 2 )) && (( \${commands[(I)\${words[2]}:*]} )); then
    command=$words[2]
    shift words
    (( CURRENT-- ))
  fi
  case $command in
${commands.map(commandCase).join('\n')}
  esac
}

if [[ $funcstack[1] == _flopwise ]]; then _flopwise "$@"; else compdef _flopwise flopwise; fi
`;
