import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesIn, flopwise } from './helpers.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

const isThere = (shell: Shell): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

/** What a real shell offers after a line, in a folder with my.yaml and notes.txt. */
const OFFERS: readonly (readonly [line: string, offered: readonly string[]])[] = [
  ['comp', ['compare', 'completion']],
  ['compare --b', ['--batch', '--by']],
  ['resnet15', ['resnet152']],
  ['compare resnet50 --by ', ['block', 'layer', 'operator', 'stage']],
  ['compare resnet50 squeezenet1_', ['squeezenet1_0', 'squeezenet1_1']],
  ['table my', ['my.yaml']],
  ['table notes', []],
  ['resnet50 --output no', ['notes.txt']],
  ['resnet50 --batch ', []],
  ['explain resnet50 --from fvc', ['fvcore']],
  ['solve my.yaml --weights-dtype int', ['int4', 'int8']],
  ['completion ', ['bash', 'fish', 'zsh']],
  ['docs ci', ['ci']],
  ['help conv', ['conventions', 'convert']],
];

const BASH = `
source ./_bash
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_flopwise
for one in "\${COMPREPLY[@]}"; do echo "$one"; done`;

describe('flopwise completion', () => {
  const folder = mkdtempSync(join(tmpdir(), 'flopwise-completion-'));

  beforeAll(async () => {
    writeFileSync(join(folder, 'my.yaml'), '');
    writeFileSync(join(folder, 'notes.txt'), '');
    for (const shell of SHELLS) writeFileSync(join(folder, `_${shell}`), (await flopwise(['completion', shell])).out);
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const output = (shell: Shell, argv: readonly string[]): string => {
    const { stdout, stderr } = spawnSync(shell, argv, { cwd: folder, encoding: 'utf8', timeout: 30_000 });
    expect(stderr).toBe('');
    return stdout;
  };

  describe.runIf(isThere('bash'))('makes bash offer', () => {
    const offered = (words: readonly string[]): string[] =>
      output('bash', ['--norc', '-c', BASH, '_', 'flopwise', ...words])
        .split('\n')
        .slice(0, -1)
        .sort();

    it.each(OFFERS)('after "%s" %j', (line, expected) => expect(offered(line.split(' '))).toEqual(expected));

    it('the values of an option behind "="', () => {
      expect(offered(['resnet50', '--by', '=', 'st'])).toEqual(['stage']);
      expect(offered(['resnet50', '--by', '='])).toEqual(['block', 'layer', 'operator', 'stage']);
    });
  });

  it.runIf(isThere('fish')).each(OFFERS)('makes fish offer after "%s" %j', (line, expected) => {
    const offered = output('fish', ['--no-config', '-c', `source ./_fish; complete -C 'flopwise ${line}'`]);
    const words = offered.split('\n').map((one) => one.split('\t')[0] as string);
    // fish offers files last, whatever their ending.
    expect(words.slice(0, -1).sort()).toEqual(line === 'table notes' ? ['notes.txt'] : expected);
  });

  /** zsh completes only what a terminal has typed: the line after a tab, with what it lists below. */
  const ZSH = `
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PS1='>'; autoload -Uz compinit; compinit -u -D; setopt no_beep no_list_ambiguous; source ./_zsh; print REA''DY"
zpty -r z out '*READY*>'
zpty -w -n z "flopwise $1"$'\\t'
zpty -r z out "*$2*" && print -rn -- $out`;

  it.runIf(isThere('zsh')).each(OFFERS.filter(([, offered]) => offered.length > 0))('makes zsh offer after "%s" %j', (line, expected) => {
    const said = output('zsh', ['-f', '-c', ZSH, '_', line, expected.at(-1) as string]);
    for (const word of expected) expect(said).toContain(word);
  });

  it('knows every command and option', async () => {
    const { out: bash } = await flopwise(['completion', 'bash']);
    const { out: help } = await flopwise([]);
    const commands = [...help.matchAll(/^ {2}([a-z]+) .*/gm)].map(([, name]) => name as string).filter((name) => name !== 'flopwise');
    expect(commands).toEqual(expect.arrayContaining(['table', 'check', 'completion', 'help']));
    for (const command of commands) expect(bash).toMatch(new RegExp(`[|( ]${command}[|)]`));
  });

  it('refuses another shell', async () => {
    const { code, err } = await flopwise(['completion', 'bsh']);
    expect(code).toBe(2);
    expect(codesIn(err)).toEqual(['UNKNOWN_CHOICE']);
    expect(err).toContain('Did you mean "bash"?');
  });
});
