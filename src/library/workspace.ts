import type { Revision } from './revision.ts';

/** The folder that a check runs in: its files, and what git has of it. */
export interface Workspace {
  /** The text of a file of any length; nothing where there is none. Throws a `ProblemError` where it cannot be read. */
  read(path: string): string | undefined;
  /** Paths of all files below a folder of it, with "/"; without hidden folders and node_modules. */
  list(folder: string): readonly string[];
  /** Its state at a revision of git. Throws a `ProblemError` where there is no git, no repository or no such revision. */
  revision(name: string): Revision;
}
