import { type Position, type Problem, sentence } from '../core/problem.ts';
import type { Screen } from './terminal.ts';

const LONGEST_LINE = 120;

/** Characters that steer a terminal must not reach it from a stranger's file: controls, and marks that turn the direction of writing. */
const STEERING = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const visible = (text: string): string => text.replace(/\t/g, ' ').replace(STEERING, '�');

/** The offending line with a mark under the offending part; a long line is cut around it. */
function excerpt({ line, column, length, text }: Position, screen: Screen): string[] {
  const start = Math.max(0, column - 1 - Math.floor(LONGEST_LINE / 2));
  const shown = text.slice(text.length > LONGEST_LINE ? start : 0, (text.length > LONGEST_LINE ? start : 0) + LONGEST_LINE);
  const offset = column - 1 - (text.length > LONGEST_LINE ? start : 0);
  const number = String(line).padStart(5);
  const mark = '^'.repeat(Math.max(1, Math.min(length, shown.length - offset)));
  return [`${screen.dim(`${number} |`)} ${visible(shown)}`, `${screen.dim(`${' '.repeat(5)} |`)} ${' '.repeat(offset)}${screen.red(mark)}`];
}

/** `file:line:column  stage/block/layer  CODE`, the line, and the sentence. */
export function renderProblem(problem: Problem, screen: Screen): string {
  const { code, path, position, repeats = 0 } = problem;
  const place = position === undefined ? 'flopwise' : `${position.file}:${position.line}:${position.column}`;
  const others = repeats > 0 ? `(and ${repeats} more like it)` : undefined;
  const head = [screen.bold(visible(place)), path === '' || path === undefined ? undefined : visible(path), screen.red(code), others];
  return [
    head.filter((part) => part !== undefined).join('  '),
    ...(position === undefined ? [] : excerpt(position, screen)),
    `   ${visible(sentence(problem))}`,
  ].join('\n');
}

export const renderProblems = (problems: readonly Problem[], screen: Screen): string =>
  problems.map((problem) => renderProblem(problem, screen)).join('\n\n');
