import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fail } from '../problems/problem.ts';
import { readGguf } from '../weights/gguf.ts';
import { readSafetensors } from '../weights/safetensors.ts';
import { damaged, type WeightFile } from '../weights/weight-file.ts';
import { besideModel, openBytes } from './byte-file.ts';

const isIndex = (path: string): boolean => /\.safetensors\.index\.json$/i.test(path);

function readOne(path: string, shown: string): WeightFile {
  const source = openBytes(path);
  try {
    return (/\.gguf$/i.test(path) ? readGguf : readSafetensors)(source, shown);
  } finally {
    source.close();
  }
}

const MAX_INDEX = 100_000_000;

/** The map of tensors to files beside the index. */
function readIndex(path: string): Map<string, string> {
  const source = openBytes(path);
  try {
    if (source.size > MAX_INDEX) throw fail('FILE_TOO_LARGE', { path, bytes: source.size, limit: MAX_INDEX });
    const bytes = new Uint8Array(source.size);
    source.read(0, bytes);
    const { weight_map: map } = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) ?? {};
    const entries = Object.entries(typeof map === 'object' && map !== null ? map : {});
    if (entries.length === 0 || !entries.every((entry): entry is [string, string] => typeof entry[1] === 'string'))
      throw damaged(path, 0, 'there is no "weight_map" with tensors and the files that they are in');
    return new Map(entries as [string, string][]);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) throw damaged(path, 0, 'it is not JSON');
    throw error;
  } finally {
    source.close();
  }
}

function readShards(path: string): WeightFile {
  const map = readIndex(path);
  const tensors = [...new Set(map.values())].flatMap((shard) => {
    const target = besideModel(dirname(path), shard);
    if (target === undefined) throw fail('FILE_NOT_FOUND', { path: shard });
    const { tensors } = readOne(target, shard);
    const unknown = tensors.find(({ name }) => map.get(name) !== shard);
    if (unknown !== undefined) throw damaged(shard, 0, `it has the tensor "${unknown.name}", which the index ${path} does not have there`);
    return tensors;
  });
  const there = new Set(tensors.map(({ name }) => name));
  const missing = [...map].find(([name]) => !there.has(name));
  if (missing !== undefined) throw damaged(missing[1], 0, `it has no tensor "${missing[0]}", which the index ${path} says`);
  return { file: path, tensors };
}

/**
 * What the header of a file of weights says: .safetensors, the index of several such files, or .gguf.
 * @throws ProblemError where a file is missing, cut off or damaged.
 */
export const readWeights = (path: string): WeightFile => (isIndex(path) ? readShards(path) : readOne(path, path));

/** Files that hold all the weights of a model, the likeliest first; of several of a kind, such as quantisations, none is the model's. */
const KINDS = [
  /^model\.safetensors\.index\.json$/i,
  /^model\.safetensors$/i,
  /\.safetensors\.index\.json$/i,
  /\.safetensors$/i,
  /\.gguf$/i,
];

/**
 * What the weights beside a configuration are, where there are any.
 * @throws ProblemError where they are cut off or damaged.
 */
export function weightsBeside(config: string): WeightFile | undefined {
  const folder = dirname(config);
  const names = filesIn(folder);
  for (const kind of KINDS) {
    const [name, ...others] = names.filter((one) => kind.test(one));
    if (name !== undefined) return others.length > 0 ? undefined : readWeights(join(folder, name));
  }
  return undefined;
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    // The configuration comes from no folder.
    return [];
  }
}
