import {
  accessSync,
  appendFileSync,
  chmodSync,
  closeSync,
  constants,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { freemem } from 'node:os';
import { diskLibrary } from '../node/disk.ts';
import { diskWorkspace } from '../node/workspace.ts';
import { fail } from '../problems/problem.ts';
import { reasonOf } from './failure.ts';
import type { Io } from './io.ts';
import { writeFiles } from './write-files.ts';

/** A text, or chunks of bytes. */
type Content = string | Iterable<Uint8Array>;

function writeContent(path: string, content: Content): void {
  if (typeof content === 'string') {
    writeFileSync(path, content);
    return;
  }
  const file = openSync(path, 'w');
  try {
    for (const chunk of content) for (let at = 0; at < chunk.length; ) at += writeSync(file, chunk, at);
  } finally {
    closeSync(file);
  }
}

/**
 * Writes beside the file and renames, so that nobody ever sees half of it. Our own: write-file-atomic takes no chunks, and would
 * replace a device or a pipe.
 */
function writeWhole(path: string, content: Content, mode?: number): void {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    writeContent(beside, content);
    if (mode !== undefined) chmodSync(beside, mode);
    renameSync(beside, path);
  } finally {
    rmSync(beside, { force: true });
  }
}

/** Replaces a file where it really is, if links lead there. A device or a pipe is written to, not replaced. */
function replaceFile(path: string, content: Content): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat !== undefined) accessSync(path, constants.W_OK);
  if (stat === undefined) writeWhole(path, content);
  else if (stat.isFile()) writeWhole(realpathSync(path), content, stat.mode);
  else writeContent(path, content);
}

function writeFile(path: string, text: string, overwrite: boolean): void {
  try {
    if (overwrite) replaceFile(path, text);
    else writeFileSync(path, text, { flag: 'wx' });
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** What the file system refuses is a problem; anything else that goes wrong while chunks are made is what it is. */
function unwritable(path: string, error: unknown): unknown {
  const failure = error as NodeJS.ErrnoException;
  if (failure.syscall === undefined) return error;
  return failure.code === 'EEXIST' ? fail('FILE_EXISTS', { path }) : fail('FILE_UNWRITABLE', { path, reason: reasonOf(failure) });
}

function writeBytes(path: string, chunks: Iterable<Uint8Array>): void {
  try {
    replaceFile(path, chunks);
  } catch (error) {
    throw unwritable(path, error);
  }
}

function appendFile(path: string, text: string): void {
  try {
    appendFileSync(path, text);
  } catch (error) {
    throw fail('FILE_UNWRITABLE', { path, reason: reasonOf(error as NodeJS.ErrnoException) });
  }
}

/**
 * Colour is for terminals, unless the environment says otherwise: https://no-color.org, https://force-color.org. Our own: what chalk
 * brings does not know NO_COLOR, and what Node has asks only terminals.
 */
function showsColour(isTerminal: boolean): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0';
  return isTerminal && TERM !== 'dumb';
}

/** Goes back to the start of the line and clears it. */
const CLEAR_LINE = '\r\u001b[K';

/** Shows lines of progress, one in place of the other. A line that is wider than the terminal is cut. */
const progressOn = (stream: NodeJS.WriteStream) => (line: string) => void stream.write(CLEAR_LINE + line.slice(0, stream.columns - 1));

/** The world as it is. */
export function processIo(): Io {
  const { stdout, stderr } = process;
  return {
    stdout: (text) => void stdout.write(text),
    stderr: (text) => void stderr.write(text),
    // A terminal that does not know its width says 0.
    columns: { stdout: stdout.columns || undefined, stderr: stderr.columns || undefined },
    colour: { stdout: showsColour(stdout.isTTY), stderr: showsColour(stderr.isTTY) },
    library: diskLibrary,
    writeFile,
    writeFiles,
    appendFile,
    workspace: diskWorkspace(process.cwd()),
    env: process.env,
    writeBytes,
    memory: freemem(),
    ...(stderr.isTTY && process.env.TERM !== 'dumb' && { progress: progressOn(stderr) }),
  };
}
