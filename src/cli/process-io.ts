import { appendFileSync, closeSync, fstatSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { changedAt, diskFile, diskLibrary, inputFile } from '../node/disk.ts';
import { reasonOf } from '../node/errno.ts';
import { availableMemory } from '../node/memory.ts';
import { diskWorkspace } from '../node/workspace.ts';
import { fail } from '../problems/problem.ts';
import { STANDARD_INPUT } from '../spec/folder.ts';
import type { Io } from './io.ts';
import { exclusively } from './lock.ts';
import { removeStale } from './place.ts';
import { replaceFile } from './replace.ts';
import { harmless, shielded } from './shield.ts';
import { writeFiles } from './write-files.ts';

/** Writes a file that is not there yet. */
function writeNew(path: string, text: string): void {
  const file = openSync(path, 'wx');
  try {
    writeFileSync(file, text);
  } catch (error) {
    // A part of it is of no use to anybody.
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

function writeFile(path: string, text: string, overwrite: boolean): void {
  try {
    if (overwrite) replaceFile(path, text);
    else writeNew(path, text);
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

/** Whether a runner of GitHub reads what is written, and obeys it: into a file it only passes. */
function isRead(descriptor: number): boolean {
  if (process.env.GITHUB_ACTIONS !== 'true') return false;
  try {
    return !fstatSync(descriptor).isFile();
  } catch {
    return true;
  }
}

/** The world as it is. */
export function processIo(): Io {
  const { stdout, stderr } = process;
  return {
    stdout: (text) => void stdout.write(text),
    print: (text) => void stdout.write(isRead(1) ? shielded(text) : harmless(text)),
    stderr: (text) => void stderr.write(isRead(2) ? shielded(text) : harmless(text)),
    // A terminal that does not know its width says 0.
    columns: { stdout: stdout.columns || undefined, stderr: stderr.columns || undefined },
    colour: { stdout: showsColour(stdout.isTTY), stderr: showsColour(stderr.isTTY) },
    library: { ...diskLibrary, open: (path) => (path === STANDARD_INPUT ? inputFile() : diskFile(path)) },
    writeFile,
    writeFiles,
    appendFile,
    removeStale,
    exclusively,
    workspace: diskWorkspace('.'),
    env: process.env,
    changed: changedAt,
    writeBytes,
    memory: availableMemory(),
    ...(stderr.isTTY && process.env.TERM !== 'dumb' && { progress: progressOn(stderr) }),
  };
}
