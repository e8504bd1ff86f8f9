import { readdirSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Library } from '../library/reference.ts';
import { fail } from '../problems/problem.ts';
import { isSpecPath, mayBeSpec, type SpecFile, type SpecFolder, STANDARD_INPUT } from '../spec/folder.ts';
import { MAX_LENGTH } from '../spec/limits.ts';
import { reasonOf } from './errno.ts';

/** Specs from a disk: the one adapter between flopwise and a file system. Sources and builds both lie two folders below the package. */

const utf8 = new TextDecoder('utf-8', { fatal: true });

const isNotFound = (code: string | undefined): boolean => code === 'ENOENT' || code === 'ENOTDIR';

/** Runs a call of the file system; what goes wrong becomes a problem that names the file. */
export function withProblems<T>(shown: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (isNotFound(code)) throw fail('FILE_NOT_FOUND', { path: shown });
    throw fail('FILE_UNREADABLE', { path: shown, reason: reasonOf(error as NodeJS.ErrnoException) });
  }
}

/** The text of a file that is what a spec can be: not a folder or device, not too long, UTF-8. */
export function readText(path: string, shown: string, most = MAX_LENGTH): string {
  const stat = withProblems(shown, () => statSync(path));
  if (stat.isDirectory()) throw fail('NOT_A_FILE', { path: shown });
  if (!stat.isFile()) throw fail('FILE_UNREADABLE', { path: shown, reason: 'it is a device or a pipe' });
  if (stat.size > most) throw fail('FILE_TOO_LARGE', { path: shown, bytes: stat.size, limit: most });
  return textOf(
    withProblems(shown, () => readFileSync(path)),
    shown,
  );
}

function textOf(bytes: Uint8Array, shown: string): string {
  try {
    const text = utf8.decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Not UTF-8: told below.
  }
  throw fail('NOT_TEXT', { path: shown });
}

/** When a file was last changed; nothing where there is none that can be seen. */
export function changedAt(path: string): Date | undefined {
  try {
    return statSync(path).mtime;
  } catch {
    return undefined;
  }
}

export const isInside = (folder: string, path: string): boolean => {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
};

/** Where a path leads through links; these must not make another kind of file pass for a spec. */
export function follow(path: string, shown: string): string {
  const target = withProblems(shown, () => realpathSync(path));
  if (isSpecPath(path) && !isSpecPath(target))
    throw fail('NOT_A_SPEC', { path: shown, expected: 'it is a link to a file that does not end in .yaml, .yml or .json' });
  return target;
}

/** A folder on a disk. Links that lead out of it are not followed. */
export function diskFolder(folder: string, prefix: string): SpecFolder {
  return {
    prefix,
    read(path) {
      const shown = `${prefix}${path}`;
      const target = follow(join(folder, path), shown);
      if (!isInside(realpathSync(folder), target)) throw fail('OUTSIDE_FOLDER', { reference: path, folder: prefix || './' });
      return readText(target, shown);
    },
    list: () =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map((path) => path.replaceAll(sep, '/'))
        .filter(mayBeSpec)
        .sort(),
  };
}

/** The file at a path, in its folder. */
export function diskFile(path: string): SpecFile {
  const name = basename(path);
  const prefix = path.slice(0, path.length - name.length).replaceAll(sep, '/');
  const target = follow(path, path);
  if (withProblems(path, () => statSync(target)).isDirectory()) throw fail('NOT_A_FILE', { path });
  // A link is read where it leads, under the name that it was called by.
  const folder = diskFolder(dirname(target), prefix);
  const own: SpecFolder = { ...folder, read: (asked) => (asked === name ? readText(target, path) : folder.read(asked)) };
  return { folder: own, path: name };
}

/** As much of the standard input as a spec can have, and a byte more. */
function readInput(): Uint8Array {
  const chunks: Uint8Array[] = [];
  const chunk = Buffer.alloc(1 << 16);
  for (let length = 0; length <= MAX_LENGTH; ) {
    try {
      const read = readSync(0, chunk);
      if (read === 0) break;
      chunks.push(Uint8Array.from(chunk.subarray(0, read)));
      length += read;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') break;
      if (code !== 'EAGAIN') throw error;
      // Nothing is there yet, and somebody else has made the pipe one that does not wait.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
  return Buffer.concat(chunks);
}

/** What the standard input held: it can be read only once. */
let input: string | undefined;

/** The spec on the standard input. Files that it names are relative to the current folder. */
export function inputFile(): SpecFile {
  const folder = diskFolder('.', '');
  const read = (): string => {
    const bytes = withProblems(STANDARD_INPUT, readInput);
    if (bytes.length > MAX_LENGTH) throw fail('FILE_TOO_LARGE', { path: STANDARD_INPUT, bytes: bytes.length, limit: MAX_LENGTH });
    return textOf(bytes, STANDARD_INPUT);
  };
  const readOnce = (): string => {
    input ??= read();
    return input;
  };
  return { folder: { ...folder, read: (path) => (path === STANDARD_INPUT ? readOnce() : folder.read(path)) }, path: STANDARD_INPUT };
}

/** A file of the zoo as the build left it: its text then, and what that means. */
export interface ReadyFile {
  readonly text: string;
  readonly value: unknown;
}

const besideSources = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The JSON Schema of specs, which comes with flopwise. */
export const schemaPath: string = besideSources('specs/schema/spec.schema.json');

/** Where the build leaves a file of the zoo; in a checkout that was not built there is none. */
export const readyPath = (path: string): string => besideSources(`dist/zoo/${path}.json`);

const SPECS = besideSources('specs');

/** Paths of the YAML files of a folder of the zoo: beside them lies the JSON Schema of specs, which is none. */
const yamlIn = (folder: string): string[] =>
  readdirSync(join(SPECS, folder))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => `${folder}${name}`);

/** The zoo: the specs that come with flopwise. A spec that was edited since the build is parsed anew. */
export const zoo: SpecFolder = {
  prefix: 'specs/',
  // These are flopwise's own files: none is a link that leads elsewhere.
  read: (path) => readText(join(SPECS, path), `specs/${path}`),
  list: () => [...yamlIn(''), ...yamlIn('blocks/')],
  ready(path, text) {
    try {
      const file: ReadyFile = JSON.parse(readFileSync(readyPath(path), 'utf8'));
      return file.text === text ? file.value : undefined;
    } catch {
      return undefined;
    }
  },
};

/** Models from paths of this disk and from the zoo. */
export const diskLibrary: Library = { open: diskFile, zoo };
