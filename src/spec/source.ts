import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Node as YamlNode } from 'yaml';
import type { Position, Problem } from '../core/problem.ts';
import { MAX_DEPTH, plain } from './plain.ts';

/** Where in a document: keys and indices from its root. */
export type Location = readonly (string | number)[];

/** What to point at: a key, or the value behind it. */
export type Target = 'key' | 'value';

/** Most characters of a spec. */
export const MAX_LENGTH = 2 ** 20;

/** The text of a spec, parsed: a plain value, and the position of each of its parts. */
export interface Source {
  readonly file: string;
  readonly value: unknown;
  locate(location: Location, target: Target): Position;
}

/** Reads YAML, and JSON as the part of YAML that it is. All that is wrong with the text is in `problems`. */
export function parseSource(file: string, text: string): { source: Source; problems: Problem[] } {
  const lines = new LineCounter();
  const position = positions(file, text, lines);
  const broken = (problem: Problem) => ({ source: { file, value: undefined, locate: () => position(0, 0) }, problems: [problem] });

  if (text.trim() === '') return broken({ code: 'FILE_EMPTY', data: { path: file } });
  if (text.length > MAX_LENGTH) return broken({ code: 'FILE_TOO_LARGE', data: { path: file, bytes: text.length, limit: MAX_LENGTH } });
  let document: Document.Parsed;
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true, logLevel: 'silent' });
  } catch (error) {
    // The parser recurses; a text that nests without end exhausts the stack, and nothing else throws.
    if (error instanceof RangeError) return broken({ code: 'NESTED_TOO_DEEPLY', data: { limit: MAX_DEPTH } });
    throw error;
  }
  const problems: Problem[] = document.errors.map((error) => ({
    code: 'SYNTAX',
    data: { message: error.message.replace(/\.$/, '') },
    position: position(error.pos[0], error.pos[1]),
  }));
  const source: Source = {
    file,
    value: undefined,
    locate(location, target) {
      const [from, to] = range(document, location, target);
      return position(from, to);
    },
  };
  if (problems.length > 0) return { source, problems };
  const result = plain(document, (node) => position(node.range?.[0] ?? 0, node.range?.[1] ?? 0));
  return { source: { ...source, value: result.value }, problems: result.problems };
}

/** Turns offsets into positions; a position that spans lines ends with its first. */
function positions(file: string, text: string, lines: LineCounter): (from: number, to: number) => Position {
  return (from, to) => {
    const { line, col } = from >= text.length && text.length > 0 ? lines.linePos(text.trimEnd().length - 1) : lines.linePos(from);
    const start = lines.lineStarts[line - 1] ?? 0;
    const end = text.indexOf('\n', start);
    const whole = text.slice(start, end < 0 ? text.length : end).replace(/\r$/, '');
    return {
      file,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      length: Math.max(1, Math.min(to, start + whole.length) - from),
      text: whole,
    };
  };
}

/** Offsets of the part of the document at a location, or of the innermost part around it that exists. */
function range(document: Document.Parsed, location: Location, target: Target): [number, number] {
  let node: YamlNode | null | undefined = document.contents;
  let found: [number, number] = [0, 0];
  for (const [depth, step] of location.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (pair === undefined) break;
      const key = (pair.key as YamlNode).range;
      node = pair.value as YamlNode | null;
      const isLast = depth === location.length - 1;
      // An empty value, as in "relu:", has no place of its own.
      const value = node?.range != null && node.range[1] > node.range[0] ? node.range : key;
      const chosen = isLast && target === 'value' ? value : key;
      if (chosen != null) found = [chosen[0], chosen[1]];
    } else if (isSeq(node)) {
      node = node.items[step as number] as YamlNode | undefined;
      if (node === undefined) break;
      if (node?.range != null) found = [node.range[0], node.range[1]];
    } else break;
  }
  return found;
}
