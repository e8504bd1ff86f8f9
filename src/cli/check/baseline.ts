import { createHash } from 'node:crypto';
import { baselineText, type Hash, parseBaseline } from '../../analysis/check/baseline.ts';
import { recordOf } from '../../analysis/check/record.ts';
import type { ModelRecord } from '../../analysis/check/result.ts';
import { fail, type ProblemList } from '../../core/problem.ts';
import type { Settings } from '../../spec/expand.ts';
import type { Library } from '../../spec/reference.ts';
import { type Revision, revisionLibrary } from '../../spec/revision.ts';
import type { Workspace } from '../../spec/workspace.ts';
import { attempt } from '../attempt.ts';
import { type Asked, filesOf, isAskedFor, isOnnx, named, type OpenedModel, openReference, type Reference } from './models.ts';

/** What a check compares with: a file that an earlier check wrote, or the files as git has them. */

export interface Baseline {
  readonly label: string;
  /** The models as they were, among those that the check is about. */
  readonly records: readonly ModelRecord[];
  /** Whether it can tell of a model at all: git knows nothing of the zoo. */
  covers(model: OpenedModel): boolean;
}

const sha256: Hash = (text) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** The models of a file that an earlier check wrote. */
export function readBaselineFile(path: string, workspace: Workspace): ModelRecord[] {
  const text = workspace.read(path);
  if (text === undefined) throw fail('NOT_A_BASELINE', { path, reason: 'there is no such file' });
  return parseBaseline(text, path, sha256);
}

export const baselineFile = (path: string, records: readonly ModelRecord[]): Baseline => ({ label: path, records, covers: () => true });

export const writeBaseline = (records: readonly ModelRecord[]): string => baselineText(records, sha256);

export const recordOfModel = ({ analysis, name, source }: OpenedModel): ModelRecord => recordOf(analysis, name, source);

const PREFIX = 'git:';

/** `git:origin/main` → `origin/main` */
export function revisionOf(against: string): string {
  if (!against.startsWith(PREFIX) || against === PREFIX)
    throw fail('WRONG_VALUE', { key: '--against', value: against, expected: 'git: and a revision, as in git:origin/main' });
  return against.slice(PREFIX.length);
}

/** What was in those files then, and in others that fit the same patterns. What could not be counted then is new now. */
function recordsAt(revision: Revision, references: readonly Reference[], library: Library, settings: Settings): ModelRecord[] {
  const old = revisionLibrary(revision, library.zoo);
  revision.fetch(filesOf(references));
  const opened = references.flatMap((reference) => attempt(() => openReference(reference, old, settings)) ?? []);
  return named(opened).map(recordOfModel);
}

/** The state of git's objects. ONNX files are refused: only a file on a disk is read in windows. */
export function gitBaseline(
  revision: Revision,
  references: readonly Reference[],
  asked: readonly Asked[],
  library: Library,
  settings: Settings,
  problems: ProblemList,
): Baseline {
  const there = new Set(filesOf(references));
  const isAsked = isAskedFor(asked);
  const gone = asked.length === 0 ? [] : revision.list().filter((path) => !there.has(path) && isAsked(path));
  const once = [...references, ...gone.map((text): Reference => ({ text, isFound: true }))];
  const onnx = filesOf(references).filter(isOnnx);
  for (const path of onnx) problems.add({ code: 'ONNX_IN_GIT', data: { path, revision: revision.label } });
  const specs = once.filter(({ text }) => filesOf([{ text, isFound: true }]).some((path) => !isOnnx(path)));
  return {
    label: revision.label,
    records: recordsAt(revision, specs, library, settings),
    covers: ({ reference }) => filesOf([reference]).some((path) => !isOnnx(path)),
  };
}
