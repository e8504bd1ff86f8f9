import { type Problem, sentence } from '../../problems/problem.ts';
import { problemsOf } from '../../service/models.ts';
import type { ShownProblem } from './protocol.ts';

/** A problem for the page. `file` is the one in the editor. */
export function shownProblem(problem: Problem, file: string, isWarning = false): ShownProblem {
  const { code, path = '', position, repeats = 0 } = problem;
  const isHere = position?.file === file;
  const place = position === undefined ? (problem.file ?? '') : isHere ? `line ${position.line}` : `${position.file}:${position.line}`;
  return {
    code,
    message: sentence(problem),
    place: [place, path, repeats > 0 ? `and ${repeats} more like it` : ''].filter((part) => part !== '').join(' · '),
    isWarning,
    ...(isHere ? { span: { line: position.line, column: position.column, length: position.length } } : {}),
  };
}

/** What an error tells; one that is no problem of the input is a fault of flopwise, and says so. */
export function shownProblems(error: unknown, file: string): ShownProblem[] {
  try {
    return problemsOf(error).map((problem) => shownProblem(problem, file));
  } catch {
    const reason = error instanceof Error ? error.message : String(error);
    return [
      {
        code: 'FAULT',
        message: `flopwise failed on this input (${reason}). That is a fault of flopwise: please report it with the link to this page.`,
        place: '',
        isWarning: false,
      },
    ];
  }
}
