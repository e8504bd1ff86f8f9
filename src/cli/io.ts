import type { Graph } from '../graph/graph.ts';
import type { Library } from '../library/reference.ts';
import type { Workspace } from '../library/workspace.ts';
import type { Made } from '../report/html/made.ts';

/** The world of a command: where its text goes, and where its files are. Tests hand in their own. */
export interface Io {
  /** Text for programs. */
  stdout(text: string): void;
  /** Text for people, on stdout too. */
  print(text: string): void;
  stderr(text: string): void;
  /** Widths in characters of stdout and stderr; `undefined` where they are no terminals. */
  readonly columns: { readonly stdout: number | undefined; readonly stderr: number | undefined };
  /** Whether stdout and stderr show colours. */
  readonly colour: { readonly stdout: boolean; readonly stderr: boolean };
  readonly library: Library;
  /** Writes a whole file, or nothing. Throws a `ProblemError` where it cannot. */
  writeFile(path: string, text: string, overwrite: boolean): void;
  /** Writes several whole files, or none of them. Throws a `FlopwiseError` that tells of each that it cannot write. */
  writeFiles(texts: ReadonlyMap<string, string>): void;
  /** Takes away files, or links, that were there before this run. */
  removeStale(path: string): void;
  /** Runs what reads and writes a file while no other process does so. Throws a `ProblemError` where one does for long. */
  exclusively<T>(path: string, run: () => T): T;
  /** Adds to the end of a file. Throws a `ProblemError` where it cannot. */
  appendFile(path: string, text: string): void;
  /** The folder that the command runs in. */
  readonly workspace: Workspace;
  /** Environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** When a file was last changed; nothing where there is none. */
  changed?(path: string): Date | undefined;
  /** What a report of this command line is made of. */
  made?(): Made;
  /** Writes a whole file, or nothing, from chunks that need not all be in memory. Replaces a file that is there. */
  writeBytes(path: string, chunks: Iterable<Uint8Array>): void;
  /** Bytes of memory that a run may take; as many as there are, if not given. */
  readonly memory?: number;
  /** Told of each model that a command counts. */
  opened?(graph: Graph): void;
  /** Told of each ONNX file before a command reads it. */
  reading?(path: string): void;
  /** Shows a line on stderr in place of the one before; an empty one takes it away. Not given where stderr is no terminal. */
  progress?(line: string): void;
}

/** 0: done, all well. 1: the tool worked and found something. 2: the input or the call is wrong. */
export type ExitCode = 0 | 1 | 2;
/** Runs a command line, without the name of the program. */
export type Run = (argv: readonly string[], io: Io) => Promise<ExitCode>;

export const DONE: ExitCode = 0;
export const FOUND: ExitCode = 1;
export const WRONG_INPUT: ExitCode = 2;

/** Thrown by a command that has told its result, and that it found something. */
export class LimitBroken extends Error {
  override readonly name = 'Found';
}
