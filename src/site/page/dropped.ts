import { MAX_LENGTH } from '../../spec/limits.ts';
import { plainName } from '../engine/plain-name.ts';

/** What came of files that a person opened. */
export type Dropped =
  | { readonly kind: 'text'; readonly model: string; readonly text: string }
  | { readonly kind: 'bytes'; readonly model: string }
  | { readonly kind: 'none'; readonly reason: string };

const BYTES = /\.(onnx|safetensors|gguf)$/i;
const TEXT = /\.(ya?ml|json)$/i;

/** Reads a spec, or remembers a file that is read in windows. Of several files one is the model, and others lie beside it. */
export async function openDropped(files: readonly File[]): Promise<Dropped> {
  const file = files.find(({ name }) => BYTES.test(name)) ?? files.find(({ name }) => TEXT.test(name));
  if (file === undefined) {
    const names = files.map(({ name }) => name).join(', ');
    return {
      kind: 'none',
      reason: `${names}: not a file that flopwise reads. It reads .onnx, .yaml, .yml, .json, .safetensors and .gguf.`,
    };
  }
  const model = plainName(file.name);
  if (BYTES.test(file.name)) return { kind: 'bytes', model };
  if (file.size > 4 * MAX_LENGTH)
    return {
      kind: 'none',
      reason: `${file.name} has ${file.size.toLocaleString('en')} bytes; a spec has at most ${MAX_LENGTH.toLocaleString('en')} characters.`,
    };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
    return { kind: 'text', model, text };
  } catch {
    return { kind: 'none', reason: `${file.name} is no text in UTF-8, which a spec is.` };
  }
}
