import { fail } from '../problems/problem.ts';
import type { SpecFile } from '../spec/folder.ts';
import type { Library } from './reference.ts';

/** Files as they were once. */
export interface Revision {
  /** What reports call it: `git:origin/main (abc1234)`. */
  readonly label: string;
  /** Gets several files at once, since each takes a while; others are got when they are read. */
  fetch(paths: readonly string[]): void;
  /** The text of a file, by its path from the folder of the check; nothing where there was none. */
  read(path: string): string | undefined;
  /**
   * The bytes of a file; nothing where there was none. Throws a `ProblemError` where git does not have them, or has too many: it gives
   * a file as a whole.
   */
  bytes(path: string): Uint8Array | undefined;
  /** Paths of all files below the folder. */
  list(): readonly string[];
}

/** Models as they were at a revision. The zoo comes with flopwise, and has no other state. */
export function revisionLibrary(revision: Revision, { zoo, openOnnx }: Library): Library {
  const open = (path: string): SpecFile => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const prefix = path.slice(0, path.length - name.length);
    const read = (asked: string): string => {
      const text = revision.read(`${prefix}${asked}`);
      if (text === undefined) throw fail('FILE_NOT_FOUND', { path: `${prefix}${asked}` });
      return text;
    };
    return { folder: { prefix, read, list: () => [] }, path: name };
  };
  return { open, zoo, ...(openOnnx && { openOnnx: (path, settings) => openOnnx(path, settings, (file) => revision.bytes(file)) }) };
}
