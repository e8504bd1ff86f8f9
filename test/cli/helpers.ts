import type { ExitCode, Io } from '../../src/cli/io.ts';
import { run } from '../../src/cli/program.ts';
import type { Workspace } from '../../src/library/workspace.ts';
import { diskLibrary } from '../../src/node/disk.ts';
import { fail } from '../../src/problems/problem.ts';
import type { SpecFile, SpecFolder } from '../../src/spec/folder.ts';

/** What came of a command line. */
export interface Outcome {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
  /** Files that were written. */
  readonly written: Readonly<Record<string, string>>;
  /** Files of bytes that were written. */
  readonly bytes: Readonly<Record<string, Uint8Array>>;
}

interface World {
  /** Specs in the folder, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** The zoo, if not that of the disk. */
  readonly zoo?: SpecFolder;
  readonly columns?: number | undefined;
  readonly colour?: boolean;
  /** Files as git has them, by revision. */
  readonly revisions?: Readonly<Record<string, Readonly<Record<string, string | Uint8Array>>>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Bytes of memory that there are. */
  readonly memory?: number;
  /** When files were last changed. */
  readonly changed?: Readonly<Record<string, string>>;
  /** Gets the lines of progress, where stderr shows them. */
  readonly progress?: string[];
}

const filesIn = (files: Readonly<Record<string, string>>, folder: string): string[] =>
  Object.keys(files).filter((path) => folder === '' || path.startsWith(`${folder}/`));

/** A folder in memory, and what git has of it. */
const workspaceOf = (files: Readonly<Record<string, string>>, revisions: NonNullable<World['revisions']>): Workspace => ({
  read: (path) => files[path],
  refuseOutside(path, isAsked) {
    if (!isAsked && path.startsWith('..')) throw fail('OUTSIDE_CHECK', { path });
  },
  list: (folder) => filesIn(files, folder),
  revision(name) {
    const texts = revisions[name];
    if (texts === undefined) throw fail('UNKNOWN_REVISION', { revision: name });
    const read = (path: string): string | undefined => {
      const text = texts[path];
      if (text instanceof Uint8Array) throw fail('NOT_TEXT', { path });
      return text;
    };
    const bytes = (path: string): Uint8Array | undefined => {
      const text = texts[path];
      return typeof text === 'string' ? new TextEncoder().encode(text) : text;
    };
    return { label: `git:${name}`, fetch: () => undefined, read, bytes, list: () => Object.keys(texts) };
  },
});

/** A world of its own: captured streams, files in memory, the zoo from disk; and what was told to it. */
export function worldOf({
  files = {},
  zoo = diskLibrary.zoo,
  revisions = {},
  env = {},
  changed = {},
  columns,
  colour = false,
  memory,
  progress,
}: World): {
  readonly io: Io;
  told(): Omit<Outcome, 'code'>;
} {
  const written: Record<string, string> = {};
  const bytes: Record<string, Uint8Array> = {};
  let out = '';
  let err = '';
  const open = (path: string): SpecFile => ({
    folder: {
      prefix: '',
      read(name) {
        const text = files[name];
        if (text === undefined) throw fail('FILE_NOT_FOUND', { path: name });
        return text;
      },
      list: () => Object.keys(files),
    },
    path,
  });
  const io: Io = {
    stdout: (text) => {
      out += text;
    },
    print: (text) => {
      out += text;
    },
    stderr: (text) => {
      err += text;
    },
    columns: { stdout: columns, stderr: columns },
    colour: { stdout: colour, stderr: colour },
    library: { zoo, open },
    writeFile(path, text, overwrite) {
      if (!overwrite && (path in files || path in written)) throw fail('FILE_EXISTS', { path });
      written[path] = text;
    },
    writeFiles(texts) {
      Object.assign(written, Object.fromEntries(texts));
    },
    removeStale: () => undefined,
    exclusively: (_, run) => run(),
    appendFile(path, text) {
      written[path] = (written[path] ?? '') + text;
    },
    workspace: workspaceOf(files, revisions),
    env,
    changed(path) {
      const date = changed[path];
      return date === undefined ? undefined : new Date(date);
    },
    writeBytes(path, chunks) {
      bytes[path] = Uint8Array.from([...chunks].flatMap((chunk) => [...chunk]));
    },
  };
  const more = {
    ...(memory !== undefined && { memory }),
    ...(progress !== undefined && { progress: (line: string) => void progress.push(line) }),
  };
  return { io: { ...io, ...more }, told: () => ({ out, err, written, bytes }) };
}

/** Runs a command line in a world of its own. */
export async function flopwise(argv: readonly string[], world: World = {}): Promise<Outcome> {
  const { io, told } = worldOf(world);
  const code = await run(argv, io);
  return { code, ...told() };
}

/** The codes of the problems that were told, in their order. */
export const codesIn = (err: string): string[] =>
  [...err.matchAll(/^\S+(?: {2}\S+)? {2}([A-Z_]+)(?: {2}\(.*\))?$/gm)].map(([, code = '']) => code);
