import { cut } from '../text.ts';
import { list, quote, type Sentences } from '../words.ts';

/** Expressions and formulas. */
export interface LanguageProblems {
  BAD_EXPRESSION: { text: string; at: string; expected: string };
  DIVISION_BY_ZERO: { text: string };
  NO_VALUE: { text: string; reason: string };
  REQUIREMENT_NOT_MET: { text: string; values: readonly string[] };
}

export const languageSentences: Sentences<LanguageProblems> = {
  BAD_EXPRESSION: ({ text, at, expected }) =>
    `${quote(text)} is no expression: ${at === '' ? 'at its end' : `at ${quote(at)}`}, ${expected}. Put it right there.`,
  DIVISION_BY_ZERO: ({ text }) => `${quote(text)} divides by zero. Divide by something that is at least 1.`,
  NO_VALUE: ({ text, reason }) => `${quote(text)} has no value: ${reason}. Use one of these parts.`,
  REQUIREMENT_NOT_MET: ({ text, values }) =>
    `This model requires ${cut(text, 120)}, but ${list(values)}. Give an input or parameters that fit each other.`,
};
