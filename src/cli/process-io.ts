import { linkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fail } from '../core/problem.ts';
import { diskLibrary } from '../node/disk.ts';
import type { Io } from './io.ts';

/** Colour is for terminals, unless the environment says otherwise: https://no-color.org, https://force-color.org. */
function showsColour(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0';
  return stream.isTTY === true && TERM !== 'dumb';
}

/** Writes beside the file and renames, so that nobody ever sees half of it. */
function writeFile(path: string, text: string, overwrite: boolean): void {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(beside, text);
    if (overwrite) renameSync(beside, path);
    // A link fails where the file exists; a rename would replace it.
    else linkSync(beside, path);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw code === 'EEXIST' ? fail('FILE_EXISTS', { path }) : fail('FILE_UNWRITABLE', { path, reason: code });
  } finally {
    rmSync(beside, { force: true });
  }
}

/** The world as it is. A reader that stops reading, such as `head`, ends the program in silence. */
export function processIo(): Io {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit();
      throw error;
    });
  }
  return {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    columns: process.stdout.isTTY ? process.stdout.columns : undefined,
    colour: { stdout: showsColour(process.stdout), stderr: showsColour(process.stderr) },
    library: diskLibrary,
    writeFile,
  };
}
