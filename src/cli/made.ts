import { type SpecFile, STANDARD_INPUT } from '../spec/folder.ts';
import type { Io } from './io.ts';
import { version } from './version.ts';

/** What means nothing but itself to a shell. */
const PLAIN_WORD = /^[\w@%+=:,./#-]+$/;

/** A word as shells of Unix read it. */
const shellWord = (word: string): string =>
  PLAIN_WORD.test(word) && !word.startsWith('#') ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

/** A command line to run again. */
export const commandText = (argv: readonly string[]): string => ['flopwise', ...argv].map(shellWord).join(' ');

/** The same world, which can tell what a report of this command line is made of. */
export function withMade(argv: readonly string[], io: Io): Io {
  const paths = new Set<string>();
  const open = (path: string): SpecFile => {
    paths.add(path);
    return io.library.open(path);
  };
  return {
    ...io,
    library: { ...io.library, open },
    reading(path) {
      paths.add(path);
      io.reading?.(path);
    },
    made: () => ({
      version,
      command: commandText(argv),
      files: [...paths].flatMap((path) => {
        const changed = path === STANDARD_INPUT ? undefined : io.changed?.(path);
        return changed === undefined ? [] : [{ path, changed }];
      }),
    }),
  };
}
