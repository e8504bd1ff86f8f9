import { run } from '../../src/cli/program.ts';
import { fail } from '../../src/core/problem.ts';
import { diskLibrary } from '../../src/node/disk.ts';
import type { SpecFile } from '../../src/spec/folder.ts';

/** What a command line did. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Files in memory, by name. */
export type Files = Readonly<Record<string, string>>;

const openIn =
  (files: Files) =>
  (path: string): SpecFile => ({
    path,
    folder: {
      prefix: '',
      list: () => Object.keys(files),
      read(asked) {
        const text = files[asked];
        if (text === undefined) throw fail('FILE_NOT_FOUND', { path: asked });
        return text;
      },
    },
  });

/** Runs one command line with files in memory and the zoo. */
export async function flopwise(command: readonly string[] | string, files: Files = {}): Promise<Outcome> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await run(typeof command === 'string' ? command.split(' ') : command, {
    stdout: (text) => void out.push(text),
    stderr: (text) => void err.push(text),
    columns: undefined,
    colour: { stdout: false, stderr: false },
    library: { ...diskLibrary, open: openIn(files) },
    writeFile: () => undefined,
  });
  return { code, out: out.join(''), err: err.join('') };
}
