import { unwatchFile, watchFile } from 'node:fs';
import type { Workspace } from '../library/workspace.ts';
import { type SpecFile, STANDARD_INPUT } from '../spec/folder.ts';
import type { ExitCode, Io, Run } from './io.ts';

/** Milliseconds between two looks at a file: editors replace files, and network disks tell of nothing, so they are asked. */
const INTERVAL = 200;

/** Clears the screen and what has scrolled out of it. */
const CLEAR = '\u001b[2J\u001b[3J\u001b[H';

/** The same world, which notes the path of every file that is asked for. */
export function noting(io: Io, note: (path: string) => void): Io {
  const open = (path: string): SpecFile => {
    note(path);
    const file = io.library.open(path);
    const { folder } = file;
    const read = (asked: string): string => {
      note(`${folder.prefix}${asked}`);
      return folder.read(asked);
    };
    return { ...file, folder: { ...folder, read } };
  };
  const read: Workspace['read'] = (path, most) => {
    note(path);
    return io.workspace.read(path, most);
  };
  return { ...io, library: { ...io.library, open }, workspace: { ...io.workspace, read }, reading: note };
}

/** Waits until one of some files is written, replaced, made or taken away. */
const changed = (paths: readonly string[]): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      for (const path of paths) unwatchFile(path, end);
      resolve();
    };
    for (const path of paths) watchFile(path, { interval: INTERVAL }, end);
  });

/** Runs a command line now, and again whenever a file that it read has changed, until the process is ended. */
export async function watch(argv: readonly string[], run: Run, io: Io): Promise<ExitCode> {
  for (;;) {
    const paths = new Set<string>();
    if (io.columns.stdout !== undefined) io.stdout(CLEAR);
    const code = await run(
      argv,
      noting(io, (path) => paths.add(path)),
    );
    paths.delete(STANDARD_INPUT);
    if (paths.size === 0) return code;
    io.stderr(`Watching ${[...paths].join(', ')}. Ctrl-C ends.\n`);
    await changed([...paths]);
  }
}
