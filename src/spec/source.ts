import { type Document, isAlias, isMap, isSeq, type Pair, parseDocument, type YAMLError, type YAMLMap } from 'yaml';
import type { Position, Problem } from '../problems/problem.ts';
import { cut, withoutControls } from '../problems/text.ts';
import type { Source } from '../schema/parse.ts';
import { tooDeepAt } from './depth.ts';
import { MAX_LENGTH } from './limits.ts';
import { openCalls } from './open-calls.ts';
import { isOurs } from './ours.ts';
import { keyOf, MAX_DEPTH, plain, type Resolve, resolveAliases, type YamlPart } from './plain.ts';
import { syntaxAdvice } from './syntax.ts';

interface Parsed {
  readonly source: Source;
  readonly problems: readonly Problem[];
}

type Span = readonly [from: number, to: number];
type Positions = (span: Span) => Position;

const START: Span = [0, 0];

/** A line before the document that tells parsers how to read it; no other line begins with "%". */
const DIRECTIVE = /^(\ufeff?(?:[ \t]*(?:#.*)?\r?\n)*)(%\S*)/;

/** A source that was read and checked before; the text is parsed only if a position is asked for. */
export function readySource(file: string, text: string, value: unknown): Source {
  let parsed: Source | undefined;
  return {
    file,
    value,
    isChecked: true,
    locate(location, target) {
      parsed ??= parseSource(file, text).source;
      return parsed.locate(location, target);
    },
  };
}

/** Reads YAML, and JSON as the part of YAML that it is. All that is wrong with the text is in `problems`. */
export function parseSource(file: string, text: string): Parsed {
  const broken = (problem: Problem): Parsed => ({
    source: { file, value: undefined, locate: () => ({ file, line: 1, column: 1, length: 1, text: '' }) },
    problems: [problem],
  });
  if (text.trim() === '') return broken({ code: 'FILE_EMPTY', data: { path: file } });
  if (text.length > MAX_LENGTH) return broken({ code: 'FILE_TOO_LARGE', data: { path: file, bytes: text.length, limit: MAX_LENGTH } });
  const position = positions(file, text);
  const [, before, directive] = DIRECTIVE.exec(text) ?? [];
  if (before !== undefined && directive !== undefined) {
    const message = `"${cut(directive)}" is an instruction to parsers of YAML, and a spec has none`;
    const span: Span = [before.length, before.length + directive.length];
    return broken({ code: 'SYNTAX', data: { message, fix: 'Leave the line out' }, position: position(span) });
  }
  const deep = tooDeepAt(text, MAX_DEPTH);
  if (deep !== undefined) return broken(tooDeep(position([deep, deep + 1])));
  try {
    // The parser compares each key with all others to find those that occur twice; `plain` takes less time.
    const document = parseDocument(text, {
      version: '1.2',
      prettyErrors: false,
      stringKeys: true,
      uniqueKeys: false,
      logLevel: 'error',
    });
    return readDocument(file, text, document, position);
  } catch (error) {
    // The parser recurses, and the stack may be nearly full already; nothing else throws.
    if (error instanceof RangeError) return broken(tooDeep(position(START)));
    throw error;
  }
}

function readDocument(file: string, text: string, document: Document.Parsed, position: Positions): Parsed {
  const resolve = resolveAliases(document);
  const source: Source = {
    file,
    value: undefined,
    locate: spans(document, resolve, position),
  };
  if (document.errors.length > 0) return { source, problems: syntaxProblems(document.errors, position) };
  if (document.contents === null) return { source, problems: [{ code: 'FILE_EMPTY', data: { path: file }, position: position(START) }] };
  // What is said of a call quotes it, and of a file that is not meant for flopwise nothing may be shown.
  const open = isOurs(file, text) ? openCalls(document, text) : [];
  if (open.length > 0) return { source, problems: open.map(({ span, ...data }) => ({ code: 'SYNTAX', data, position: position(span) })) };
  const { value, problems } = plain(document, resolve, (part) => position(spanOf(part) ?? START));
  return { source: { ...source, value }, problems };
}

const tooDeep = (position: Position): Problem => ({ code: 'NESTED_TOO_DEEPLY', data: { limit: MAX_DEPTH }, position });

/** One problem for each line that the parser complains about: the first, since others follow from it. */
function syntaxProblems(errors: readonly YAMLError[], position: Positions): Problem[] {
  const exhausted = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  if (exhausted !== undefined) return [tooDeep(position(exhausted.pos))];
  const byLine = new Map<number, Problem>();
  for (const error of errors) {
    const place = position(error.pos);
    if (!byLine.has(place.line)) byLine.set(place.line, { code: 'SYNTAX', data: syntaxAdvice(error, place.text ?? ''), position: place });
  }
  return [...byLine.values()];
}

/** Offsets at which lines begin. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return starts;
}

/** Index of the last element that is at most `value`, in a rising list that begins with 0. */
function lastAtMost(rising: readonly number[], value: number): number {
  let [low, high] = [0, rising.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((rising[middle] as number) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Turns offsets into positions; one that spans lines ends with its first, one past the end is at the last line. */
function positions(file: string, text: string): Positions {
  const starts = lineStarts(text);
  const last = Math.max(text.trimEnd().length - 1, 0);
  // A line may have many problems, and be the whole file.
  const lines = new Map<number, string>();
  const isShown = isOurs(file, text);
  const lineAt = (line: number): string => {
    const known = lines.get(line) ?? withoutControls(text.slice(starts[line], starts[line + 1] ?? text.length).replace(/\r?\n$/, ''));
    lines.set(line, known);
    return known;
  };
  return ([from, to]) => {
    const at = Math.min(from, last);
    const line = lastAtMost(starts, at);
    const start = starts[line] as number;
    const whole = lineAt(line);
    return {
      file: withoutControls(file),
      line: line + 1,
      column: at - start + 1,
      length: Math.max(1, Math.min(to, start + whole.length) - at),
      text: isShown ? whole : undefined,
    };
  };
}

const spanOf = (part: YamlPart): Span | undefined => (part?.range == null ? undefined : [part.range[0], part.range[1]]);

/** A part of a document, and where it and its key stand; an empty value, as in "relu:", has no place of its own. */
interface PartSpans {
  readonly part: YamlPart;
  readonly key: Span | undefined;
  readonly value: Span | undefined;
}

/** Finds the part of the document at a location, or the innermost part around it that exists. */
function spans(document: Document.Parsed, resolve: Resolve, position: Positions): Source['locate'] {
  const indexes = new Map<YAMLMap, ReadonlyMap<string, Pair>>();
  const pairOf = (map: YAMLMap, key: string): Pair | undefined => {
    const index = indexes.get(map) ?? new Map((map.items as Pair[]).toReversed().map((pair) => [keyOf(pair), pair]));
    indexes.set(map, index);
    return index.get(key);
  };
  const inside = (whole: YamlPart, step: string | number): PartSpans | undefined => {
    if (isSeq(whole)) {
      const part = whole.items[step as number] as YamlPart;
      return { part, key: spanOf(part), value: spanOf(part) };
    }
    const pair = isMap(whole) ? pairOf(whole, String(step)) : undefined;
    if (pair === undefined) return undefined;
    const value = spanOf(pair.value as YamlPart);
    return { part: pair.value as YamlPart, key: spanOf(pair.key as YamlPart), value: value && value[1] > value[0] ? value : undefined };
  };
  return (location, target) => {
    let part: YamlPart = document.contents;
    let place = START;
    for (const [depth, step] of location.entries()) {
      const found = inside(isAlias(part) ? resolve(part) : part, step);
      if (found === undefined) break;
      part = found.part;
      place = (target === 'value' && depth === location.length - 1 ? found.value : undefined) ?? found.key ?? place;
    }
    return position(place);
  };
}
