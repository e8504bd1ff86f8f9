import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The checker of the onnx package, which is Python: Debian has it as python3-onnx. */

const SCRIPT = fileURLToPath(new URL('checker.py', import.meta.url));

/** The first Python that has the package. Debian's own may be behind another one. */
export const python = ['python3', '/usr/bin/python3'].find((command) => spawnSync(command, ['-c', 'import onnx']).status === 0);

/** What is wrong with files, by path. */
export function wrongWith(paths: readonly string[]): Record<string, string> {
  const { status, stdout, stderr } = spawnSync(python as string, [SCRIPT], { input: paths.join('\n'), encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return Object.fromEntries(lines.map((line) => JSON.parse(line) as [string, string]));
}
