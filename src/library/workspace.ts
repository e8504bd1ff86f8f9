import type { Revision } from './revision.ts';

/** The folder that a check runs in: its files, and what git has of it. */
export interface Workspace {
  /**
   * The text of a file of at most so many bytes; nothing where there is none. Throws a `ProblemError` where it cannot be read, or is
   * a link that leads out of the folder.
   */
  read(path: string, most: number): string | undefined;
  /**
   * Throws a `ProblemError` where a path leads out of the folder: by a link, or by itself where no person asked for it at the
   * command line.
   */
  refuseOutside(path: string, isAsked: boolean): void;
  /** Paths of all files below a folder of it, with "/"; without hidden folders and node_modules. */
  list(folder: string): readonly string[];
  /** Its state at a revision of git. Throws a `ProblemError` where there is no git, no repository or no such revision. */
  revision(name: string): Revision;
}
