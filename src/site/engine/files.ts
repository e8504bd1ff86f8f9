import type { Library } from '../../library/reference.ts';
import { type ByteSource, bufferSource } from '../../onnx/file/bytes.ts';
import type { readNetwork } from '../../onnx/read/read-network.ts';
import { fail } from '../../problems/problem.ts';
import type { SpecFile, SpecFolder } from '../../spec/folder.ts';
import { remembered } from '../../spec/memo.ts';
import { parseSource } from '../../spec/source.ts';
import type { PageState } from '../address.ts';
import { plainName } from './plain-name.ts';
import type { DroppedFile } from './protocol.ts';

/** Opens a dropped file to be read in windows. */
export type OpenFile = (file: DroppedFile) => ByteSource;

/** Bytes of a window: files are asked for a little at a time, and each call of a browser takes long. */
const WINDOW = 2 ** 16;

/** A source that keeps the last window that was read. */
export function windowed(source: ByteSource): ByteSource {
  let from = 0;
  let window = new Uint8Array(0);
  return {
    size: source.size,
    read(offset, into) {
      if (into.length >= WINDOW) return source.read(offset, into);
      if (offset < from || offset + into.length > from + window.length) {
        const bytes = new Uint8Array(WINDOW);
        window = bytes.subarray(0, source.read(offset, bytes));
        from = offset;
      }
      return bufferSource(window).read(offset - from, into);
    },
  };
}

const lastStep = (path: string): string => plainName(path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1));

/** What is in a file of the zoo that a text uses: it is parsed once, whatever is typed in the text. */
const zooValue = remembered(
  (path: string, text: string): unknown => parseSource(path, text).source.value,
  (path, text) => `${path}\n${text}`,
);

/** The text on the page, as if it lay in the zoo: what it uses by path, as specs there do, is found. */
const ownFolder = ({ model, text }: PageState, zoo: SpecFolder): SpecFolder => ({
  prefix: '',
  list: () => (text === undefined ? [] : [model]),
  read(path) {
    if (path === model && text !== undefined) return text;
    const found = [path, `blocks/${path}`].find((candidate) => zoo.list().includes(candidate));
    if (found === undefined) throw fail('FILE_NOT_FOUND', { path });
    return zoo.read(found);
  },
  ready: (path, read) => (path === model ? undefined : zooValue(path, read)),
});

/** Where the page looks models up: its own text, the zoo, and the files that were dropped on it. */
export function pageLibrary(
  state: PageState,
  files: readonly DroppedFile[],
  zoo: SpecFolder,
  openFile: OpenFile,
  read?: typeof readNetwork,
): Library {
  const own = ownFolder(state, zoo);
  // One object for each path: the text is read once, however often it is asked for.
  const open = remembered((path: string): SpecFile => ({ folder: own, path }));
  const find = (name: string): DroppedFile | undefined => files.find((file) => plainName(file.name) === name);
  return {
    zoo,
    open,
    openOnnx(path, asked) {
      if (read === undefined) throw fail('NO_ONNX_READER', { path });
      const file = find(path);
      if (file === undefined) throw fail('FILE_NOT_FOUND', { path });
      const external = (location: string): ByteSource | undefined => {
        const beside = find(lastStep(location));
        return beside && openFile(beside);
      };
      return read(openFile(file), path, external, asked);
    },
  };
}
