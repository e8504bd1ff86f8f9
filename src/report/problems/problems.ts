import { type Hints, LIBRARY_HINTS } from '../../problems/hints.ts';
import { type Position, type Problem, sentenceIn } from '../../problems/problem.ts';
import { withoutControls } from '../../problems/text.ts';
import type { Screen } from '../kit/terminal.ts';
import { displayWidth, wrap } from '../kit/text.ts';

const LONGEST_LINE = 120;
const SHORTEST_LINE = 20;
const INDENT = '   ';

/** The part of a long line around a place, dots where it is cut. */
function window(text: string, at: number, room: number): { readonly shown: string; readonly start: number } {
  if (text.length <= room) return { shown: text, start: 0 };
  const start = Math.max(0, Math.min(at - Math.floor(room / 2), text.length - room));
  const end = start + room;
  return { start, shown: `${start > 0 ? '…' : text[0]}${text.slice(start + 1, end - 1)}${end < text.length ? '…' : text.at(-1)}` };
}

/** The offending line with a mark under the offending part. */
function excerpt({ line, column, length }: Position, text: string, screen: Screen): string[] {
  const gutter = `${String(line).padStart(5)} | `;
  const room = Math.min(LONGEST_LINE, (screen.columns ?? LONGEST_LINE) - gutter.length);
  const { shown: raw, start } = window(text, column - 1, Math.max(SHORTEST_LINE, room));
  const shown = withoutControls(raw);
  const from = column - 1 - start;
  const mark = '^'.repeat(Math.max(1, displayWidth(shown.slice(from, from + length))));
  return [
    `${screen.dim(gutter)}${shown}`,
    `${screen.dim(gutter.replace(/\d/g, ' '))}${' '.repeat(displayWidth(shown.slice(0, from)))}${screen.red(mark)}`,
  ];
}

/** `file:line:column  stage/block/layer  CODE`, the line, and the sentence. */
function renderProblem(problem: Problem, screen: Screen, hints: Hints): string {
  const { code, path = '', position, file = 'flopwise', repeats = 0 } = problem;
  const place = position === undefined ? file : `${position.file}:${position.line}:${position.column}`;
  const others = repeats > 0 ? `(and ${repeats} more like it)` : '';
  return [
    [screen.bold(withoutControls(place)), withoutControls(path), screen.red(code), others].filter((part) => part !== '').join('  '),
    ...(position?.text === undefined ? [] : excerpt(position, position.text, screen)),
    wrap(`${INDENT}${sentenceIn(hints, problem)}`, screen.columns, INDENT),
  ].join('\n');
}

/** All problems; those that several models have in common appear once. What to do is in the words of the library, or of `hints`. */
export const renderProblems = (problems: readonly Problem[], screen: Screen, hints: Hints = LIBRARY_HINTS): string =>
  [...new Set(problems.map((problem) => renderProblem(problem, screen, hints)))].join('\n\n');
