import {
  accessSync,
  appendFileSync,
  chmodSync,
  constants,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { freemem } from 'node:os';
import { fail } from '../core/problem.ts';
import { diskLibrary } from '../node/disk.ts';
import { reasonOf } from './failure.ts';
import { type Io, WRONG_INPUT } from './io.ts';

/** Colour is for terminals, unless the environment says otherwise: https://no-color.org, https://force-color.org. */
function showsColour(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0';
  return stream.isTTY === true && TERM !== 'dumb';
}

/** Writes beside the file and renames, so that nobody ever sees half of it. */
function writeWhole(path: string, text: string, mode?: number): void {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(beside, text);
    if (mode !== undefined) chmodSync(beside, mode);
    renameSync(beside, path);
  } finally {
    rmSync(beside, { force: true });
  }
}

/** Replaces a file where it really is, if links lead there. A device or a pipe is written to, not replaced. */
function replaceFile(path: string, text: string): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat !== undefined) accessSync(path, constants.W_OK);
  if (stat === undefined) writeWhole(path, text);
  else if (stat.isFile()) writeWhole(realpathSync(path), text, stat.mode);
  else writeFileSync(path, text);
}

function writeFile(path: string, text: string, overwrite: boolean): void {
  try {
    if (overwrite) replaceFile(path, text);
    else writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    const failure = error as NodeJS.ErrnoException;
    throw failure.code === 'EEXIST' ? fail('FILE_EXISTS', { path }) : fail('FILE_UNWRITABLE', { path, reason: reasonOf(failure) });
  }
}

function appendFile(path: string, text: string): void {
  try {
    appendFileSync(path, text);
  } catch (error) {
    throw fail('FILE_UNWRITABLE', { path, reason: reasonOf(error as NodeJS.ErrnoException) });
  }
}

/** A reader that stops reading, such as `head`, ends the program in silence; any other failure is told, if it can be. */
function stopAt(error: NodeJS.ErrnoException, name: string): never {
  if (error.code === 'EPIPE') process.exit();
  try {
    writeSync(process.stderr.fd, `flopwise  FILE_UNWRITABLE\n   ${name} cannot be written: ${reasonOf(error)}.\n`);
  } finally {
    process.exit(WRONG_INPUT);
  }
}

const widthOf = (stream: NodeJS.WriteStream): number | undefined => (stream.isTTY && stream.columns > 0 ? stream.columns : undefined);

/** Goes back to the start of the line and clears it. */
const CLEAR_LINE = '\r\u001b[K';

/** Shows lines of progress, one in place of the other. A line that is wider than the terminal is cut. */
const progressOn = (stream: NodeJS.WriteStream) => (line: string) => void stream.write(CLEAR_LINE + line.slice(0, stream.columns - 1));

/** The world as it is. */
export function processIo(): Io {
  const { stdout, stderr } = process;
  stdout.on('error', (error) => stopAt(error, 'The output'));
  stderr.on('error', (error) => stopAt(error, 'The error output'));
  return {
    stdout: (text) => void stdout.write(text),
    stderr: (text) => void stderr.write(text),
    columns: { stdout: widthOf(stdout), stderr: widthOf(stderr) },
    colour: { stdout: showsColour(stdout), stderr: showsColour(stderr) },
    library: diskLibrary,
    writeFile,
    writeFiles: async (texts) => (await import('./write-files.ts')).writeFiles(texts),
    appendFile,
    workspace: async () => (await import('../node/workspace.ts')).diskWorkspace(process.cwd()),
    env: process.env,
    memory: freemem(),
    ...(stderr.isTTY && process.env.TERM !== 'dumb' && { progress: progressOn(stderr) }),
  };
}
