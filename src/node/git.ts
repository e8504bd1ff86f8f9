import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Revision } from '../library/revision.ts';
import { fail } from '../problems/problem.ts';

/** Files as git has them: read from its objects, with no checkout and no shell. */

const MAX_BYTES = 2 ** 30;

/** Most bytes of a file that is read as a whole. */
const MOST_BYTES = 2 ** 28;

/** How a file begins that stands for another. Source: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
const LFS = 'version https://git-lfs.github.com/spec/';

interface Answer {
  readonly status: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

function git(folder: string, args: readonly string[], input?: string): Answer {
  const { status, stdout, stderr, error } = spawnSync('git', args, {
    cwd: folder,
    input,
    maxBuffer: MAX_BYTES,
    // Messages in English, and nothing written to the repository.
    env: { ...process.env, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' },
  });
  if (error !== undefined) {
    const { code = error.message } = error as NodeJS.ErrnoException;
    throw fail('GIT_MISSING', { reason: code === 'ENOENT' ? 'there is none' : code });
  }
  return { status, stdout, stderr: String(stderr).trim() };
}

/** The answer of a command that must not fail. */
function answerOf(folder: string, args: readonly string[], input?: string): Buffer {
  const { status, stdout, stderr } = git(folder, args, input);
  if (status !== 0) throw fail('GIT_FAILED', { command: `git ${args[0]}`, reason: stderr.split('\n')[0] ?? '' });
  return stdout;
}

/** The folder's path in its repository: empty, or ending in "/". */
function prefixOf(folder: string): string {
  const { status, stdout, stderr } = git(folder, ['rev-parse', '--show-prefix']);
  if (status === 0) return String(stdout).replace(/\n$/, '');
  if (/not a git repository/i.test(stderr)) throw fail('NOT_A_REPOSITORY', { folder: 'This folder' });
  throw fail('GIT_FAILED', { command: 'git rev-parse', reason: stderr.split('\n')[0] ?? '' });
}

function commitOf(folder: string, revision: string): string {
  // A revision that begins with "-" would be an option.
  const isOption = revision === '' || revision.startsWith('-');
  const answer = isOption ? undefined : git(folder, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]);
  if (answer === undefined || answer.status !== 0) throw fail('UNKNOWN_REVISION', { revision });
  return String(answer.stdout).trim();
}

/** What `git cat-file --batch` answers: the contents of blobs, in the order in which they were asked for. */
function contents(answer: Buffer, asked: number): (Buffer | undefined)[] {
  const found: (Buffer | undefined)[] = [];
  let at = 0;
  while (found.length < asked && at < answer.length) {
    const end = answer.indexOf(0x0a, at);
    const header = answer.toString('latin1', at, end);
    at = end + 1;
    const [, type, size] = /^[0-9a-f]+ (\w+) (\d+)$/.exec(header) ?? [];
    if (size === undefined) {
      // Of a link that leads nowhere, or out of the repository, where it leads follows: "symlink 12".
      const [, length] = /^(?:symlink|dangling|loop|notdir) (\d+)$/.exec(header) ?? [];
      if (length !== undefined) at += Number(length) + 1;
      found.push(undefined);
      continue;
    }
    found.push(type === 'blob' ? answer.subarray(at, at + Number(size)) : undefined);
    at += Number(size) + 1;
  }
  return found;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Throws a `ProblemError` where the bytes are no text. */
function textOf(path: string, bytes: Buffer | undefined): string | undefined {
  try {
    return bytes === undefined ? undefined : utf8.decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw Object.assign(fail('NOT_TEXT', { path }), { cause: error });
  }
}

/** The state of a folder and of the repository around it at a revision. */
export function gitRevision(folder: string, revision: string): Revision {
  const prefix = prefixOf(folder);
  const commit = commitOf(folder, revision);
  const home = realpathSync(folder);
  const known = new Map<string, Buffer | undefined>();

  /** The path in the repository; nothing where it leads out of it. */
  function inRepository(path: string): string | undefined {
    const way = relative(home, resolve(home, path)).split(sep).join('/');
    const steps = prefix.split('/').filter(Boolean);
    const rest = way.split('/');
    while (rest[0] === '..' && steps.length > 0) {
      rest.shift();
      steps.pop();
    }
    return isAbsolute(way) || rest[0] === '..' || path.includes('\n') ? undefined : [...steps, ...rest].join('/');
  }

  function fetch(paths: readonly string[]): void {
    const wanted = paths.flatMap((path) => {
      const place = known.has(path) ? undefined : inRepository(path);
      return place === undefined ? [] : [{ path, name: `${commit}:${place}` }];
    });
    if (wanted.length === 0) return;
    const input = wanted.map(({ name }) => `${name}\n`).join('');
    const found = contents(answerOf(folder, ['cat-file', '--batch', '--follow-symlinks'], input), wanted.length);
    for (const [index, { path }] of wanted.entries()) known.set(path, found[index]);
  }

  const label = `git:${revision} (${commit.slice(0, 7)})`;

  /** Bytes of a file before it is read; nothing where there is none. */
  function sizeOf(path: string): number | undefined {
    const place = inRepository(path);
    if (place === undefined) return undefined;
    const answer = String(answerOf(folder, ['cat-file', '--batch-check', '--follow-symlinks'], `${commit}:${place}\n`));
    const [, size] = /^[0-9a-f]+ blob (\d+)$/m.exec(answer) ?? [];
    return size === undefined ? undefined : Number(size);
  }

  return {
    label,
    fetch,
    bytes(path) {
      const refused = (reason: string) => fail('NOT_IN_GIT', { path, revision: label, reason });
      const size = sizeOf(path) ?? 0;
      if (size > MOST_BYTES) throw refused(`it has ${size} bytes, and git gives a file as a whole, of at most ${MOST_BYTES} here`);
      fetch([path]);
      const found = known.get(path);
      if (found?.subarray(0, LFS.length).toString('latin1') === LFS)
        throw refused('it is a pointer of Git LFS, which keeps the file elsewhere');
      return found;
    },
    read(path) {
      fetch([path]);
      return textOf(path, known.get(path));
    },
    list: () =>
      String(answerOf(folder, ['ls-tree', '-r', '-z', '--name-only', commit]))
        .split('\0')
        .filter((path) => path !== ''),
  };
}
