import { fail } from '../../problems/problem.ts';
import { readGguf } from '../../weights/gguf.ts';
import { readSafetensors } from '../../weights/safetensors.ts';
import type { WeightFile } from '../../weights/weight-file.ts';
import type { Ground } from './ground.ts';
import { plainName } from './plain-name.ts';
import type { AskedState } from './protocol.ts';

/** Files of weights, of which only the header is read. */

export const isWeights = (model: string): boolean => /\.(safetensors|gguf)$/i.test(model);

export function weightsOf({ state: { model }, files }: AskedState, { openFile }: Ground): WeightFile {
  const file = files.find(({ name }) => plainName(name) === model);
  if (file === undefined) throw fail('FILE_NOT_FOUND', { path: model });
  return (/\.gguf$/i.test(model) ? readGguf : readSafetensors)(openFile(file), model);
}
