import { chmodSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { FlopwiseError, type Problem } from '../problems/problem.ts';
import { reasonOf } from './failure.ts';
import { besideOf, placeOf } from './place.ts';

/** A file that is written beside the one that it is to replace. */
interface Prepared {
  /** Puts it in place; a device or a pipe is written to. */
  readonly commit: () => void;
  /** Takes away what was written beside. */
  readonly discard: () => void;
}

function prepare(path: string, text: string): Prepared {
  const place = placeOf(path);
  if (place.kind === 'stream') return { commit: () => writeFileSync(place.path, text), discard: () => undefined };
  const { path: target, mode } = place;
  const beside = besideOf(target);
  const discard = (): void => rmSync(beside, { force: true });
  try {
    writeFileSync(beside, text, { flag: 'wx' });
    if (mode !== undefined) chmodSync(beside, mode);
  } catch (error) {
    discard();
    throw error;
  }
  return { commit: () => renameSync(beside, target), discard };
}

/** Writes several whole files, or none of them: all beside first, then renamed. write-file-atomic knows no several. */
export function writeFiles(texts: ReadonlyMap<string, string>): void {
  const problems: Problem[] = [];
  const attempt = <T>(path: string, run: () => T): T[] => {
    try {
      return [run()];
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      problems.push({ code: 'FILE_UNWRITABLE', data: { path, reason: reasonOf(error as NodeJS.ErrnoException) } });
      return [];
    }
  };
  const prepared = [...texts].flatMap(([path, text]) => attempt(path, () => ({ path, ...prepare(path, text) })));
  try {
    if (problems.length === 0) for (const { path, commit } of prepared) attempt(path, commit);
  } finally {
    for (const { discard } of prepared) discard();
  }
  if (problems.length > 0) throw new FlopwiseError(problems);
}
