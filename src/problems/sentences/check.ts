import { didYouMean } from '../suggestions.ts';
import { cut } from '../text.ts';
import { list, quote, type Sentences } from '../words.ts';

/** Budgets, baselines and git. */
export interface CheckProblems {
  WRONG_UNIT: { key: string; written: string; unit: string; known: readonly string[] };
  NO_MATCH: { pattern: string; of: string };
  NOTHING_TO_CHECK: { models: readonly string[] };
  BASELINE_NEEDED: { written: string };
  NOT_A_BASELINE: { path: string; reason: string };
  BASELINE_VERSION: { path: string; version: string; known: number };
  BASELINE_CHANGED: { path: string; expected: string; actual: string };
  GIT_MISSING: { reason: string };
  NOT_A_REPOSITORY: { folder: string };
  UNKNOWN_REVISION: { revision: string };
  GIT_FAILED: { command: string; reason: string };
  NOT_IN_GIT: { path: string; revision: string; reason: string };
  BASE_UNREADABLE: { path: string; revision: string; reason: string };
  CONFIG_EMPTY: { path: string };
}

export const checkSentences: Sentences<CheckProblems> = {
  WRONG_UNIT: ({ key, written, unit, known }) =>
    `${quote(key)} is limited to ${quote(written)}, but ${unit === '' ? 'a bare number is no amount of it' : `${quote(unit)} is no unit of it`}. ${didYouMean(unit, known, 'units')}`,
  NO_MATCH: ({ pattern, of }) => `${quote(pattern)} matches no ${of}. Correct it, or leave it out.`,
  NOTHING_TO_CHECK: ({ models }) =>
    models.length === 0 ? 'There is no model to check and no flopwise.config.yaml here.' : `Nothing limits ${list(models)}.`,
  BASELINE_NEEDED: ({ written }) => `${quote(written)} needs a baseline, and none is given.`,
  NOT_A_BASELINE: ({ path, reason }) => `${path} is no baseline: ${reason}.`,
  BASELINE_VERSION: ({ path, version, known }) =>
    `${path} is a baseline of version ${cut(version)}, but this flopwise reads version ${known}.`,
  BASELINE_CHANGED: ({ path, expected, actual }) =>
    `${path} was changed by hand or in a merge: its hash is ${cut(expected)}, that of its models ${cut(actual)}.`,
  GIT_MISSING: ({ reason }) => `git cannot be run: ${reason}.`,
  NOT_A_REPOSITORY: ({ folder }) => `${folder} is in no git repository.`,
  UNKNOWN_REVISION: ({ revision }) =>
    `There is no revision ${quote(revision)} in this repository. "git fetch origin main" brings what is missing; in CI, check out with the whole history.`,
  GIT_FAILED: ({ command, reason }) => `"${cut(command)}" failed: ${cut(reason, 200)}.`,
  NOT_IN_GIT: ({ path, revision, reason }) => `${path} cannot be read from ${revision}: ${reason}.`,
  BASE_UNREADABLE: ({ path, revision, reason }) =>
    `${path} cannot be counted as it is in ${revision}, so nobody can tell what grew: ${reason.replace(/[.?]$/, '')}.`,
  CONFIG_EMPTY: ({ path }) => `${path} is empty. List models in it, as in "models: [nets/*.yaml]", or remove it.`,
};
