import { dirname } from 'node:path';
import type { Graph } from '../graph/graph.ts';
import type { Library } from '../library/reference.ts';
import type { ByteSource } from '../onnx/file/bytes.ts';
import type { AskedInputs } from '../onnx/read/bind-inputs.ts';
import { readNetwork } from '../onnx/read/read-network.ts';
import { type ByteFile, besideModel, openBytes } from './byte-file.ts';
import { diskLibrary as specLibrary } from './disk.ts';
import { weightsBeside } from './weights.ts';

/**
 * The network of an ONNX file on a disk. Files beside it are opened only where a shape depends on what they hold.
 * Throws a `FlopwiseError` or a `ProblemError` where the file cannot be read, or does not say all that a count needs.
 */
export function openOnnx(path: string, asked: AskedInputs = {}): Graph {
  const files = new Map<string, ByteFile | undefined>();
  const external = (location: string): ByteSource | undefined => {
    if (!files.has(location)) {
      const target = besideModel(dirname(path), location);
      files.set(location, target === undefined ? undefined : openBytes(target));
    }
    return files.get(location);
  };
  const source = openBytes(path);
  try {
    return readNetwork(source, path, external, asked);
  } finally {
    for (const file of [source, ...files.values()]) file?.close();
  }
}

/** Models from paths of this disk, specs and ONNX files, and from the zoo. */
export const diskLibrary: Library = { ...specLibrary, openOnnx, weightsBeside };
