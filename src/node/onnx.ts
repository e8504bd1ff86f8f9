import { dirname, posix } from 'node:path';
import type { Graph } from '../graph/graph.ts';
import type { Library } from '../library/reference.ts';
import { type ByteSource, bufferSource } from '../onnx/file/bytes.ts';
import type { AskedInputs } from '../onnx/read/bind-inputs.ts';
import { readNetwork } from '../onnx/read/read-network.ts';
import { fail } from '../problems/problem.ts';
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

/** A path beside a model, by the location that the model gives; nothing where it leads out of the model's folder. */
function besidePath(path: string, location: string): string | undefined {
  const beside = posix.join(posix.dirname(path), location);
  return posix.isAbsolute(location) || posix.relative(posix.dirname(path), beside).startsWith('..') ? undefined : beside;
}

/** The network of an ONNX file that is no longer on the disk. Throws as `openOnnx` does. */
export function openOnnxIn(files: (path: string) => Uint8Array | undefined, path: string, asked: AskedInputs = {}): Graph {
  const sourceOf = (file: string | undefined): ByteSource | undefined => {
    const bytes = file === undefined ? undefined : files(file);
    return bytes && bufferSource(bytes);
  };
  const source = sourceOf(path);
  if (source === undefined) throw fail('FILE_NOT_FOUND', { path });
  return readNetwork(source, path, (location) => sourceOf(besidePath(path, location)), asked);
}

const open: NonNullable<Library['openOnnx']> = (path, settings, files) =>
  files === undefined ? openOnnx(path, settings) : openOnnxIn(files, path, settings);

/** Models from paths of this disk, specs and ONNX files, and from the zoo. */
export const diskLibrary: Library = { ...specLibrary, openOnnx: open, weightsBeside };
