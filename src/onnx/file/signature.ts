import type { ByteSource } from './bytes.ts';

/** What a file is that is no ONNX model, and what to do about it. */
export interface OtherKind {
  readonly what: string;
  readonly fix: string;
}

/** Bytes that say what is wrong; enough for the first line of a text. */
const FIRST = 256;

const EXPORT = 'Export it to ONNX first';

const PAGE: OtherKind = { what: 'an HTML or XML page', fix: 'Download the file itself, not the page that shows it' };
const ARCHIVE: OtherKind = {
  what: 'a ZIP archive, as PyTorch and Keras save models',
  fix: 'Unpack it, or load it there and export it to ONNX',
};

/** What files that come under the name of a model have at which byte; case does not matter. */
const KINDS: readonly (readonly [at: number, signature: string, kind: OtherKind])[] = [
  [0, 'version https://git-lfs', { what: 'a pointer of Git LFS to the model', fix: 'Fetch the file itself with "git lfs pull"' }],
  [0, '<!doctype', PAGE],
  [0, '<html', PAGE],
  [0, '<?xml', PAGE],
  [0, 'PK\x03\x04', ARCHIVE],
  [0, '\x1f\x8b', { what: 'compressed with gzip', fix: 'Unpack it first' }],
  [0, '\x89HDF', { what: 'an HDF5 file, as Keras saves models', fix: EXPORT }],
  [4, 'TFL3', { what: 'a TensorFlow Lite model', fix: EXPORT }],
  [4, 'ORTM', { what: "a model in onnxruntime's own format", fix: 'Name the .onnx file that it was made from' }],
  [0, 'GGUF', { what: 'a GGUF model', fix: EXPORT }],
];

const isTextual = (text: string): boolean => text.length > 0 && !/[^\t\n\r\x20-\x7e]/.test(text);

/** What a file that could not be read as an ONNX model seems to be; `undefined` where nothing is known to begin so. */
export function otherKind(source: ByteSource): OtherKind | undefined {
  const bytes = new Uint8Array(Math.min(FIRST, source.size));
  const text = String.fromCharCode(...bytes.subarray(0, source.read(0, bytes)));
  const known = KINDS.find(([at, signature]) => text.toLowerCase().startsWith(signature.toLowerCase(), at));
  if (known !== undefined) return known[2];
  return isTextual(text)
    ? { what: 'text', fix: 'Name a file that an exporter wrote; the spec of a model ends in .yaml, .yml or .json' }
    : undefined;
}
