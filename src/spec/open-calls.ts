import { type Document, isCollection, type Scalar, visit } from 'yaml';
import { cut } from '../problems/text.ts';
import type { SyntaxAdvice } from './syntax.ts';

/** A call of a function that a comma cuts in two. */
interface OpenCall extends SyntaxAdvice {
  readonly span: readonly [from: number, to: number];
}

/** The beginning of a call without its end. */
const OPEN = /^[^()]*\b[a-z]+\([^)]*$/;

/** Where the parenthesis after `from` closes, on the same line. */
function closed(text: string, from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < text.length && text[at] !== '\n'; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at + 1;
  }
  return undefined;
}

/** Functions in `{ }` and `[ ]` whose arguments YAML takes for keys or elements of their own: `{ out: min(64, $a) }`. */
export function openCalls(document: Document.Parsed, text: string): readonly OpenCall[] {
  const found: OpenCall[] = [];
  // What is not written like that costs no walk.
  if (!/[a-z]\([^)\n]*,/.test(text)) return found;
  visit(document, {
    Scalar(_, { type, value, range }: Scalar, path) {
      if (type !== 'PLAIN' || typeof value !== 'string' || range == null || !OPEN.test(value)) return;
      // A call in a call that was found is part of it.
      if (range[0] < (found.at(-1)?.span[1] ?? 0)) return;
      const around = path.findLast(isCollection);
      const end = closed(text, range[0]);
      if (!around?.flow || end === undefined) return;
      const call = cut(text.slice(range[0], end));
      const message = `Inside { } and [ ] a comma ends the value, here after "${cut(value)}"`;
      found.push({ message, fix: `Put the expression in quotes: "${call}"`, span: [range[0], end] });
    },
  });
  return found;
}
