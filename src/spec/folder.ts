/** A folder of specs, wherever it is: on a disk, behind a URL, in memory. */
export interface SpecFolder {
  /** How its files are called in messages: put before their path. Empty, or ending in "/". */
  readonly prefix: string;
  /** The text of a file, by its path from the folder. Throws a `ProblemError` where there is none. */
  read(path: string): string;
  /** The value of a file with this text, where it was worked out before: parsing YAML takes longer than all else. */
  ready?(path: string, text: string): unknown;
  /** Paths of the specs in it, where it can tell. */
  list(): readonly string[];
}

/** A file of a folder. */
export interface SpecFile {
  readonly folder: SpecFolder;
  readonly path: string;
}

export const displayName = ({ folder, path }: SpecFile): string => `${folder.prefix}${path}`;

const ENDING = /\.(ya?ml|json)$/i;

/** Whether a file of a folder may be a spec: the JSON Schema of specs is none. */
export const mayBeSpec = (path: string): boolean => ENDING.test(path) && !path.endsWith('.schema.json');

/** Whether a reference names a file, by its ending; without one it is a name of the zoo. */
export const isSpecPath = (reference: string): boolean => ENDING.test(reference);

/** The name of the standard input where a file is named. */
export const STANDARD_INPUT = '-';

/** Whether a person names a spec that is not the zoo's: a file, or the standard input. */
export const isOwnSpec = (target: string): boolean => target === STANDARD_INPUT || isSpecPath(target);

/** Whether a reference names an ONNX file. */
export const isOnnxPath = (reference: string): boolean => /\.onnx$/i.test(reference);

/** `a/b/../c.yaml` → `a/c.yaml`; `undefined` where the path leaves the folder. */
export function normalizePath(path: string): string | undefined {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.join('/');
}

const BLOCKS = 'blocks/';

const withoutEnding = (path: string): string => path.replace(ENDING, '');

/**
 * The file of the zoo that holds a model: the one named after it, or after its family, which is the
 * longest file name that the model's name begins with, best without cutting `2b` in two. `resnet50` is in `resnet.yaml`, `gemma-2b`
 * in `gemma.yaml` and not in `gemma-2.yaml`.
 */
export function modelFile(zoo: SpecFolder, model: string): SpecFile | undefined {
  const families = zoo.list().filter((path) => !path.includes('/') && model.startsWith(withoutEnding(path)));
  const cutsNumber = (path: string): number =>
    Number(/\d$/.test(withoutEnding(path)) && /^[A-Za-z0-9]/.test(model.slice(withoutEnding(path).length)));
  const [longest] = families.sort((a, b) => cutsNumber(a) - cutsNumber(b) || b.length - a.length);
  return longest === undefined ? undefined : { folder: zoo, path: longest };
}

/** The file of the zoo that holds a block: the one named after it, in `blocks/`. */
export function blockFile(zoo: SpecFolder, block: string): SpecFile | undefined {
  const path = zoo.list().find((candidate) => candidate.startsWith(BLOCKS) && withoutEnding(candidate) === `${BLOCKS}${block}`);
  return path === undefined ? undefined : { folder: zoo, path };
}

/** Names of the blocks of the zoo. */
export const blockNames = (zoo: SpecFolder): string[] =>
  zoo
    .list()
    .filter((path) => path.startsWith(BLOCKS))
    .map((path) => withoutEnding(path.slice(BLOCKS.length)));

/** Paths of the model files of the zoo. */
export const familyFiles = (zoo: SpecFolder): SpecFile[] =>
  zoo
    .list()
    .filter((path) => !path.includes('/'))
    .map((path) => ({ folder: zoo, path }));

/** Names that a spec can use or extend without a path. */
export const fileNames = (zoo: SpecFolder): string[] => [...familyFiles(zoo).map(({ path }) => withoutEnding(path)), ...blockNames(zoo)];
