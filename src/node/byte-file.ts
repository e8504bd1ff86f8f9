import { closeSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { ByteSource } from '../onnx/file/bytes.ts';
import { fail } from '../problems/problem.ts';
import { isInside, withProblems } from './disk.ts';

/** A file that is open to be read in windows. */
export interface ByteFile extends ByteSource {
  close(): void;
}

/** Opens a file; throws a `ProblemError` where it is none, or cannot be read. */
export function openBytes(path: string): ByteFile {
  const stat = withProblems(path, () => statSync(path));
  if (stat.isDirectory()) throw fail('NOT_A_FILE', { path });
  if (!stat.isFile()) throw fail('FILE_UNREADABLE', { path, reason: 'it is a device or a pipe' });
  const file = withProblems(path, () => openSync(path, 'r'));
  return {
    size: stat.size,
    read(offset, into) {
      let filled = 0;
      while (filled < into.length) {
        const count = withProblems(path, () => readSync(file, into, filled, into.length - filled, offset + filled));
        if (count === 0) break;
        filled += count;
      }
      return filled;
    },
    close: () => closeSync(file),
  };
}

/** Where a file beside a model lies, by the location that the model gives; `undefined` where it is absent or outside the folder. */
export function besideModel(folder: string, location: string): string | undefined {
  if (isAbsolute(location)) return undefined;
  try {
    const target = realpathSync(join(folder, location));
    return isInside(realpathSync(folder), target) && statSync(target).isFile() ? target : undefined;
  } catch {
    return undefined;
  }
}
