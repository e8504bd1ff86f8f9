import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Workspace } from '../library/workspace.ts';
import { fail } from '../problems/problem.ts';
import { gitRevision } from './git.ts';

const isPassedOver = (name: string): boolean => name.startsWith('.') || name === 'node_modules';

function filesBelow(root: string, folder: string): string[] {
  try {
    return readdirSync(resolve(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return isPassedOver(entry.name) ? [] : filesBelow(root, path);
      return [path];
    });
  } catch {
    // A folder that is not there, or that cannot be read, has no files to check; a pattern that finds none is told.
    return [];
  }
}

function readText(root: string, path: string): string | undefined {
  try {
    return readFileSync(resolve(root, path), 'utf8');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'EISDIR') throw fail('NOT_A_FILE', { path });
    throw fail('FILE_UNREADABLE', { path, reason: code === 'EACCES' || code === 'EPERM' ? 'permission denied' : code });
  }
}

/** A folder of a disk. */
export const diskWorkspace = (root: string): Workspace => ({
  read: (path) => readText(root, path),
  list: (folder) => filesBelow(root, folder),
  revision: (name) => gitRevision(root, name),
});
