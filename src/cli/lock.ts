import { closeSync, openSync, rmSync } from 'node:fs';
import { reasonOf } from '../node/errno.ts';
import { fail } from '../problems/problem.ts';

/** How long another update may take. */
const PATIENCE = 10_000;
const PAUSE = 20;

const pause = (): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);

/** Makes a file that must not be there; whether it could. */
function made(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx'));
    return true;
  } catch (error) {
    const failure = error as NodeJS.ErrnoException;
    if (failure.code === 'EEXIST') return false;
    throw fail('FILE_UNWRITABLE', { path, reason: reasonOf(failure) });
  }
}

/** Runs what reads and writes a file while no other process does so: a file beside it says that one does. */
export function exclusively<T>(path: string, run: () => T): T {
  const lock = `${path}.lock`;
  const end = performance.now() + PATIENCE;
  while (!made(lock)) {
    if (performance.now() > end) throw fail('FILE_UNWRITABLE', { path, reason: `another update is at it; if none runs, remove ${lock}` });
    pause();
  }
  try {
    return run();
  } finally {
    rmSync(lock, { force: true });
  }
}
