import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Workspace } from '../library/workspace.ts';
import { fail } from '../problems/problem.ts';
import { follow, isInside, readText } from './disk.ts';
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
    // A folder that is not there, or that cannot be read, has no files to check; a pattern that finds none is reported.
    return [];
  }
}

/** Whether a path is below the folder as it is written, and whether it is where links lead. */
function whereabouts(root: string, path: string): { readonly isBelow: boolean; readonly leadsOut: boolean } {
  const asked = resolve(root, path);
  const isBelow = isInside(resolve(root), asked);
  try {
    return { isBelow, leadsOut: !isInside(realpathSync(root), realpathSync(asked)) };
  } catch {
    // What is not there leads nowhere; whoever opens it tells.
    return { isBelow, leadsOut: !isBelow };
  }
}

function refuseOutside(root: string, path: string, isAsked: boolean): void {
  const { isBelow, leadsOut } = whereabouts(root, path);
  if (leadsOut && (isBelow || !isAsked)) throw fail('OUTSIDE_CHECK', { path });
}

function readFile(root: string, path: string, most: number): string | undefined {
  const asked = resolve(root, path);
  if (!existsSync(asked)) return undefined;
  refuseOutside(root, path, true);
  return readText(follow(asked, path), path, most);
}

/** A folder of a disk. */
export const diskWorkspace = (root: string): Workspace => ({
  read: (path, most) => readFile(root, path, most),
  refuseOutside: (path, isAsked) => refuseOutside(root, path, isAsked),
  list: (folder) => filesBelow(root, folder),
  revision: (name) => gitRevision(root, name),
});
