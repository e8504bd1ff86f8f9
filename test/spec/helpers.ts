import { type Analysis, analyse } from '../../src/analysis/cost.ts';
import { FlopwiseError, type Problem, sentence } from '../../src/problems/problem.ts';
import type { Settings } from '../../src/spec/expand.ts';
import { expandSpec, type ParseOptions, parseSpec } from '../../src/spec/model.ts';

/** A spec, read, expanded and counted. */
export const count = (text: string, settings: Settings = {}, options: ParseOptions = {}): Analysis =>
  analyse(expandSpec(parseSpec(text, options), settings));

/** A problem in few words: where it is, what it is, and the text that is marked. */
export interface Told {
  readonly at: string;
  readonly code: string;
  readonly marked: string;
  readonly says: string;
}

const told = (problem: Problem): Told => {
  const { position, code } = problem;
  return {
    at: position === undefined ? '' : `${position.line}:${position.column}`,
    code,
    marked: position?.text?.slice(position.column - 1, position.column - 1 + position.length) ?? '',
    says: sentence(problem),
  };
};

/** All that is wrong with what is done; anything but a `FlopwiseError` is a bug. */
export function problemsIn(run: () => unknown): readonly Problem[] {
  try {
    run();
  } catch (error) {
    if (error instanceof FlopwiseError) return error.problems;
    throw error;
  }
  return [];
}

/** The problems of a spec, in few words. */
export const problemsOf = (text: string, settings: Settings = {}, options: ParseOptions = {}): Told[] =>
  problemsIn(() => count(text, settings, options)).map(told);

/** A spec of layers on an image of 3×8×8. */
export const onImage = (layers: string): string => `input: [3, 8, 8]\nlayers:\n${layers}`;
