/** A part of a text, by offsets, and what takes its place; where both offsets are the same, it is put in between. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export const insertion = (at: number, text: string): Edit => ({ from: at, to: at, text });

/** The text with all edits done; all else stays as it is, to the last blank. They must not overlap. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    result += text.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  return result + text.slice(at);
}

/** Offset at which the line of an offset begins. */
export const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;

/** Offset of the end of the line of an offset, before the line break. */
export function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  const last = end < 0 ? text.length : end;
  return text[last - 1] === '\r' ? last - 1 : last;
}

/** Number of the line of an offset, from 1. */
export const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length;
