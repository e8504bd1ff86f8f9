import { Lexer } from 'yaml';

const NESTING: Readonly<Record<string, number>> = { '[': 1, '{': 1, ']': -1, '}': -1 };
/** Tokens of the lexer that stand for nothing in the text. */
const UNSEEN = new Set(['\u0002', '\u0018', '\u001f']);
const SPACE = /^[ \t]*$/;

/** Signs that may open a level, wherever they stand. */
const OPENING = /[[{?-]/g;

/** Whether a text has too few signs to nest so deep: most have, and then it takes no lexer to tell. */
const isShallow = (text: string, limit: number): boolean => (text.match(OPENING)?.length ?? 0) <= limit;

/**
 * Where a text nests deeper in brackets, or in "- - -" on one line, than it may. The parser recurses, and
 * takes long to find out. Nesting by indentation is bounded by the length of a spec.
 */
export function tooDeepAt(text: string, limit: number): number | undefined {
  if (isShallow(text, limit)) return undefined;
  let offset = 0;
  let brackets = 0;
  let dashes = 0;
  for (const token of new Lexer().lex(text)) {
    if (UNSEEN.has(token)) continue;
    brackets = Math.max(0, brackets + (NESTING[token] ?? 0));
    if (token === '-' || token === '?') dashes++;
    else if (!SPACE.test(token)) dashes = 0;
    if (brackets + dashes > limit) return offset;
    offset += token.length;
  }
  return undefined;
}
