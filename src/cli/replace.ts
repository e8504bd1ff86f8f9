import { chmodSync, closeSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { besideOf, placeOf } from './place.ts';

/** A text, or chunks of bytes. */
export type Content = string | Iterable<Uint8Array>;

/** A file that is written beside the one that it is to replace. */
export interface Prepared {
  /** Puts it in place; a device or a pipe is written to. */
  readonly commit: () => void;
  /** Takes away what was written beside. */
  readonly discard: () => void;
}

function writeContent(path: string, content: Content, flag: 'w' | 'wx'): void {
  if (typeof content === 'string') {
    writeFileSync(path, content, { flag });
    return;
  }
  const file = openSync(path, flag);
  try {
    for (const chunk of content) for (let at = 0; at < chunk.length; ) at += writeSync(file, chunk, at);
  } finally {
    closeSync(file);
  }
}

/**
 * Writes beside the file, so that renaming puts it in place and nobody ever sees half of it. Our own: write-file-atomic takes no
 * chunks, knows no several files, and would replace a device or a pipe.
 */
export function prepare(path: string, content: Content): Prepared {
  const place = placeOf(path);
  if (place.kind === 'stream') return { commit: () => writeContent(place.path, content, 'w'), discard: () => undefined };
  const { path: target, mode } = place;
  const beside = besideOf(target);
  const discard = (): void => rmSync(beside, { force: true });
  try {
    writeContent(beside, content, 'wx');
    if (mode !== undefined) chmodSync(beside, mode);
  } catch (error) {
    discard();
    throw error;
  }
  return { commit: () => renameSync(beside, target), discard };
}

/** Replaces a file, or none of it. */
export function replaceFile(path: string, content: Content): void {
  const { commit, discard } = prepare(path, content);
  try {
    commit();
  } finally {
    discard();
  }
}
