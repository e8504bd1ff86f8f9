import { type Candidates, type CompletedCommand, MODEL_ENDINGS, modelsOf, namesOf } from './candidates.ts';

/** Names of options, models and choices need no quotes inside of these. */
const quoted = (words: readonly string[]): string => `'${words.join(' ')}'`;

function assigned({ words, files }: Candidates): string {
  if (files === 'models') return 'words=$models files=models';
  return [...(words.length > 0 ? [`words=${quoted(words)}`] : []), ...(files === undefined ? [] : [`files=${files}`])].join(' ') || ':';
}

/** Commands that are offered the same, together. */
function cases(commands: readonly CompletedCommand[], offered: (command: CompletedCommand) => string, indent: string): string {
  const names = new Map<string, string[]>();
  for (const command of commands) names.set(offered(command), [...(names.get(offered(command)) ?? []), command.name]);
  return [...names].map(([text, all]) => `${indent}${all.join('|')}) ${text} ;;`).join('\n');
}

const valueCases = ({ name, options }: CompletedCommand): string[] =>
  options.flatMap((option) =>
    option.candidates === undefined
      ? []
      : [
          `    ${namesOf(option)
            .map((one) => `'${name} ${one}'`)
            .join('|')}) ${assigned(option.candidates)} ;;`,
        ],
  );

/** For bash 3.2 and later, as macOS has it. */
export const bashCompletion = (commands: readonly CompletedCommand[], usual: string): string => `# Completion of flopwise for bash.
# In ~/.bashrc: eval "$(flopwise completion bash)"

_flopwise() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command=${usual} words='' files='' ending
  local models=${quoted(modelsOf(commands))}
  # "--by=stage" comes as three words.
  if [[ $cur == '=' ]]; then cur=''; elif [[ $prev == '=' ]]; then prev=\${COMP_WORDS[COMP_CWORD-2]}; fi
  if (( COMP_CWORD > 1 )); then
    case \${COMP_WORDS[1]} in
      ${commands.map(({ name }) => name).join('|')}) command=\${COMP_WORDS[1]} ;;
    esac
  fi
  case "$command $prev" in
${commands.flatMap(valueCases).join('\n')}
    *)
      if [[ $cur == -* ]]; then
        case $command in
${cases(commands, ({ options }) => `words=${quoted(options.flatMap(namesOf))}`, '          ')}
        esac
      else
        case $command in
${cases(commands, ({ candidates }) => assigned(candidates), '          ')}
        esac
        if (( COMP_CWORD == 1 )); then words="${commands.map(({ name }) => name).join(' ')} $words"; fi
      fi ;;
  esac
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "\${words// /$'\\n'}" -- "$cur"))
  if [[ -n $files ]]; then compopt -o filenames 2>/dev/null; fi
  if [[ $files == any ]]; then COMPREPLY+=($(compgen -f -- "$cur")); fi
  if [[ $files == models ]]; then
    COMPREPLY+=($(compgen -d -- "$cur"))
    for ending in ${MODEL_ENDINGS.join(' ')}; do COMPREPLY+=($(compgen -f -X "!*.$ending" -- "$cur")); done
  fi
}

complete -F _flopwise flopwise
`;
