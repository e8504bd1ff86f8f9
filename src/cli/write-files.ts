import { reasonOf } from '../node/errno.ts';
import { FlopwiseError, type Problem } from '../problems/problem.ts';
import { prepare } from './replace.ts';

/** Writes several whole files, or none of them: all beside first, then renamed. */
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
