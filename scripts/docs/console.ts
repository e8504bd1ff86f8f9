import type { Io } from '../../src/cli/io.ts';
import { run } from '../../src/cli/program.ts';
import type { Library } from '../../src/library/reference.ts';
import type { Workspace } from '../../src/library/workspace.ts';
import { diskLibrary } from '../../src/node/disk.ts';
import type { SpecFile, SpecFolder } from '../../src/spec/folder.ts';

/**
 * The outputs of commands on a page: fenced blocks of the language `console`, in which a line `$ flopwise …` or
 * `$ npx flopwise …` is followed by what it prints. A line `…` stands for lines that are left out. A command can name a file
 * that a yaml block of the page holds, after a first line `# file: name`.
 */

/** Width of the terminal that pages show. */
const COLUMNS = 100;
const LEFT_OUT = '…';

const FENCED = /^```(\w+)\n(.*?)^```$/gms;

/** The fenced blocks of one language, in order. */
export const fenced = (page: string, language: string): string[] =>
  [...page.matchAll(FENCED)].flatMap(([, name, body]) => (name === language ? [body as string] : []));

function filesOf(page: string): Map<string, string> {
  const named = fenced(page, 'yaml').flatMap((text): [string, string][] => {
    const name = /^# file: (\S+)\n/.exec(text);
    return name === null ? [] : [[name[1] as string, text]];
  });
  return new Map(named);
}

/** The page's files, and the disk for others. */
function libraryOf(files: ReadonlyMap<string, string>): Library {
  const open = (path: string): SpecFile => {
    const text = files.get(path);
    if (text === undefined) return diskLibrary.open(path);
    const folder: SpecFolder = { prefix: '', read: () => text, list: () => [path] };
    return { folder, path };
  };
  return { open, zoo: diskLibrary.zoo };
}

const noFile = (path: string): never => {
  throw new Error(`Commands on pages write no files, not even ${path}`);
};

/** The page's files as a folder. Pages show no git. */
const workspaceOf = (files: ReadonlyMap<string, string>): Workspace => ({
  read: (path) => files.get(path),
  refuseOutside: () => undefined,
  list: () => [...files.keys()],
  revision: (name) => {
    throw new Error(`Pages show no git, not even ${name}`);
  },
});

/** The world of a page: commands print into it, see its files, and write none. */
export const pageIo = (write: (text: string) => void, files: ReadonlyMap<string, string>): Io => ({
  stdout: write,
  print: write,
  stderr: write,
  columns: { stdout: COLUMNS, stderr: COLUMNS },
  colour: { stdout: false, stderr: false },
  library: libraryOf(files),
  writeFile: noFile,
  writeFiles: (texts) => noFile([...texts.keys()].join(', ')),
  writeBytes: noFile,
  appendFile: noFile,
  removeStale: noFile,
  exclusively: (_, act) => act(),
  workspace: workspaceOf(files),
  env: {},
});

async function outputOf(command: string, files: ReadonlyMap<string, string>): Promise<string[]> {
  const argv = /^(?:npx )?flopwise(?: (.*))?$/.exec(command);
  if (argv === null) throw new Error(`Only flopwise runs on pages, not: ${command}`);
  let text = '';
  const write = (more: string) => {
    text += more;
  };
  await run(argv[1]?.split(' ') ?? [], pageIo(write, files));
  return text.trimEnd().split('\n');
}

/** As much of the output as the page shows: all, or as many first and last lines as stand around a line `…`. */
function shownOf(output: readonly string[], before: readonly string[]): readonly string[] {
  const first = before.indexOf(LEFT_OUT);
  if (first < 0) return output;
  const last = before.length - first - 1;
  return output.length <= first + last ? output : [...output.slice(0, first), LEFT_OUT, ...output.slice(output.length - last)];
}

async function refreshedBlock(body: string, files: ReadonlyMap<string, string>): Promise<string> {
  const parts = body.split(/^\$ /m).slice(1);
  const texts = parts.map(async (part) => {
    const [command = '', ...before] = part.trimEnd().split('\n');
    const shown = shownOf(await outputOf(command, files), before);
    return [`$ ${command}`, ...shown].join('\n');
  });
  return `${(await Promise.all(texts)).join('\n\n')}\n`;
}

/** The page with what its commands print now. */
export async function refreshed(page: string): Promise<string> {
  const files = filesOf(page);
  const pieces: string[] = [];
  let end = 0;
  for (const { 0: whole, 1: language, 2: body = '', index } of page.matchAll(FENCED)) {
    if (language !== 'console') continue;
    pieces.push(page.slice(end, index), `\`\`\`console\n${await refreshedBlock(body, files)}\`\`\``);
    end = index + whole.length;
  }
  return [...pieces, page.slice(end)].join('');
}
