import { type Hints, hintFor, LIBRARY_HINTS } from './hints.ts';
import { type ProblemCode, type ProblemData, sentences } from './sentences.ts';
import { withoutControls } from './text.ts';

/** A place in a file. Lines and columns count from 1; `length` is in characters. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** The text of the line, to show under the error; none of a file that is not meant for flopwise, and may hold secrets. */
  readonly text: string | undefined;
}

/** What is wrong, as data: a code, the values behind it, and where. */
export interface Problem<C extends ProblemCode = ProblemCode> {
  readonly code: C;
  readonly data: ProblemData[C];
  /** The attribute or key to blame, where the problem is about one. */
  readonly attribute?: string | undefined;
  /** The node it is about, `stage/block/layer`. */
  readonly path?: string | undefined;
  readonly position?: Position | undefined;
  /** The file it is about, where it has no lines to name a position in. */
  readonly file?: string | undefined;
  /** How many more places of the network have the same problem at the same position. */
  readonly repeats?: number;
}

/** What is wrong, with both values, for a place in another sentence that has the advice. */
export const statement = <C extends ProblemCode>({ code, data }: Problem<C>): string => withoutControls(sentences[code](data));

/** What is wrong, with both values, and what to do, in the words of a front. */
export function sentenceIn<C extends ProblemCode>(hints: Hints, problem: Problem<C>): string {
  const hint = withoutControls(hintFor(hints, problem.code, problem.data));
  return hint === '' ? statement(problem) : `${statement(problem)} ${hint}`;
}

/** The sentence for a person, in the words of the library. */
export const sentence = <C extends ProblemCode>(problem: Problem<C>): string => sentenceIn(LIBRARY_HINTS, problem);

/** One problem, thrown where it is found. */
export class ProblemError<C extends ProblemCode = ProblemCode> extends Error {
  override readonly name = 'ProblemError';
  readonly problem: Problem<C>;

  constructor(problem: Problem<C>) {
    super(sentence(problem));
    this.problem = problem;
  }
}

/** Thrown where it makes no sense to look for more problems. */
export class Stop extends Error {
  override readonly name = 'Stop';
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(sentence(problem), options);
    this.problem = problem;
  }
}

const MAX_PROBLEMS = 200;

/** Problems as they are found; after many, the search stops. */
export class ProblemList {
  readonly found: Problem[] = [];

  add(problem: Problem): void {
    if (this.found.length >= MAX_PROBLEMS) throw new Stop({ code: 'TOO_MANY_PROBLEMS', data: { limit: MAX_PROBLEMS } });
    this.found.push(problem);
  }

  /** Runs something that may throw a problem; it is added, at `position` if it has none of its own. */
  attempt<T>(run: () => T, position?: () => Position): T | undefined {
    try {
      return run();
    } catch (error) {
      if (error instanceof AlreadyReported) return undefined;
      if (!(error instanceof ProblemError)) throw error;
      this.add({ ...error.problem, position: error.problem.position ?? position?.() });
      return undefined;
    }
  }
}

/** Thrown where a part is used whose problem has been reported already. */
export class AlreadyReported extends Error {
  override readonly name = 'AlreadyReported';
}

/** All that is wrong with an input. What the library's functions throw for bad input. */
export class FlopwiseError extends Error {
  override readonly name = 'FlopwiseError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], options?: ErrorOptions) {
    super(problems.map((problem) => `${where(problem)}${problem.code}: ${sentence(problem)}`).join('\n'), options);
    this.problems = problems;
  }
}

const where = ({ position, file, path }: Problem): string =>
  [position === undefined ? file : `${position.file}:${position.line}:${position.column}`, path]
    .filter(Boolean)
    .map((part) => `${part}  `)
    .join('');

/** Throws a problem: `throw fail('GROUPS_DO_NOT_DIVIDE', { … }, 'groups')`. */
export const fail = <C extends ProblemCode>(code: C, data: ProblemData[C], attribute?: string): ProblemError<C> =>
  new ProblemError<C>({ code, data, attribute });
