import { randomUUID } from 'node:crypto';
import { accessSync, closeSync, constants, lstatSync, openSync, realpathSync, rmSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isInside } from '../node/disk.ts';

/** Where a text that goes to a path is written. */
export type WritePlace =
  /** A file that is replaced as a whole, or a new one. */
  | { readonly kind: 'file'; readonly path: string; readonly mode: number | undefined }
  /** A device, or a pipe that somebody reads. */
  | { readonly kind: 'stream'; readonly path: string };

const failure = (code: string): NodeJS.ErrnoException => Object.assign(new Error(code), { code, syscall: 'open' });

/** Opens a pipe as a trial: without a reader it would wait for one. */
function checkReader(path: string): void {
  closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK));
}

const existing = (path: string): Stats | undefined => statSync(path, { throwIfNoEntry: false });

/** The path with links in its folder followed. Of a path below the current folder they must not lead out of it. */
function withRealFolder(path: string, isBelow: boolean): string {
  const folder = realpathSync(dirname(path));
  if (isBelow && !isInside(realpathSync('.'), folder)) throw failure('ELINKOUT');
  return join(folder, basename(path));
}

/**
 * The place that a path names. Links are followed, but those that lie below the current folder must not lead out of it: a checkout
 * may bring them. Such a link is replaced, and what it leads to stays as it is.
 */
export function placeOf(path: string): WritePlace {
  const isBelow = isInside(resolve('.'), resolve(path));
  const named = withRealFolder(path, isBelow);
  const link = lstatSync(named, { throwIfNoEntry: false });
  const stat = existing(named);
  const leadsOut = (): boolean => stat === undefined || !isInside(realpathSync('.'), realpathSync(named));
  if (isBelow && link?.isSymbolicLink() && leadsOut()) return { kind: 'file', path: named, mode: undefined };
  if (stat === undefined) return { kind: 'file', path: named, mode: undefined };
  if (stat.isDirectory()) throw failure('EISDIR');
  accessSync(named, constants.W_OK);
  if (stat.isFile()) return { kind: 'file', path: realpathSync(named), mode: stat.mode };
  if (stat.isFIFO()) checkReader(named);
  return { kind: 'stream', path: named };
}

/** A name for a file beside another, that nobody can have put a link at. */
export const besideOf = (path: string): string => `${path}.${randomUUID()}.tmp`;

/** Takes away a file, or a link, that an earlier run or a checkout left there. */
export function removeStale(path: string): void {
  try {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    if (stat?.isFile() || stat?.isSymbolicLink()) rmSync(path, { force: true });
  } catch {
    // What cannot be removed cannot be written either, and is reported then.
  }
}
