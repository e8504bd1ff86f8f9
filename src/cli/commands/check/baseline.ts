import { createHash } from 'node:crypto';
import { baselineText, type Hash, parseBaseline } from '../../../analysis/check/baseline.ts';
import { recordOf } from '../../../analysis/check/record.ts';
import type { ModelRecord } from '../../../analysis/check/result.ts';
import type { Analysis } from '../../../analysis/cost.ts';
import type { Library } from '../../../library/reference.ts';
import { type Revision, revisionLibrary } from '../../../library/revision.ts';
import type { Workspace } from '../../../library/workspace.ts';
import { fail, type Problem, type ProblemList, statement } from '../../../problems/problem.ts';
import { withoutControls } from '../../../problems/text.ts';
import { attempt } from '../../../service/attempt.ts';
import type { Settings } from '../../../spec/expand.ts';
import { isSpecPath } from '../../../spec/folder.ts';
import { problemsOf } from '../../models.ts';
import {
  byTarget,
  type CheckedReference,
  filesOf,
  isAskedFor,
  isOnnx,
  type ModelPattern,
  named,
  type OpenedModel,
  openChecked,
  targetOf,
} from './models.ts';

/** What a check compares with: a file that an earlier check wrote, or the files as git has them. */

export interface Baseline {
  readonly label: string;
  /** The models as they were, among those that the check is about. */
  readonly records: readonly ModelRecord[];
  /** Whether it can tell of a model at all: git knows nothing of the zoo, nor of what could not be counted then. */
  covers(model: OpenedModel): boolean;
  /** Counts a model of `records` again; nothing where its network is not known. */
  recount(record: ModelRecord): (() => Analysis) | undefined;
}

const sha256: Hash = (text) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** Most bytes of a baseline: a layer takes some two hundred. */
const MOST_BYTES = 2 ** 25;

/** The models of a file that an earlier check wrote. */
export function readBaselineFile(path: string, workspace: Workspace): ModelRecord[] {
  const text = workspace.read(path, MOST_BYTES);
  if (text === undefined) throw fail('NOT_A_BASELINE', { path, reason: 'there is no such file' });
  return parseBaseline(text, path, sha256);
}

export const baselineFile = (path: string, records: readonly ModelRecord[]): Baseline => ({
  label: withoutControls(path),
  records,
  covers: () => true,
  recount: () => undefined,
});

export const writeBaseline = (records: readonly ModelRecord[]): string => baselineText(records, sha256);

export const recordOfModel = ({ analysis, name, source }: OpenedModel): ModelRecord => recordOf(analysis, name, source);

const PREFIX = 'git:';

/** `git:origin/main` → `origin/main` */
export function revisionOf(against: string): string {
  if (!against.startsWith(PREFIX) || against === PREFIX)
    throw fail('WRONG_VALUE', { key: '--against', value: against, expected: 'git: and a revision, as in git:origin/main' });
  return against.slice(PREFIX.length);
}

/** A part that a file did not have then is new now, as a file is. */
const isAbsent = ({ code }: Problem): boolean => code === 'UNKNOWN_PART' || code === 'UNKNOWN_PATH';

/** What a reference was then; nothing where its file was there but cannot be counted. That is told: nobody knows what grew since. */
function openThen(
  reference: CheckedReference,
  revision: Revision,
  library: Library,
  settings: Settings,
  problems: ProblemList,
): OpenedModel[] | undefined {
  const path = targetOf(reference);
  try {
    const isThere = (isOnnx(path) ? revision.bytes(path) : revision.read(path)) !== undefined;
    return isThere ? openChecked(reference, library, settings) : [];
  } catch (error) {
    const [first] = problemsOf(error).filter((problem) => !isAbsent(problem));
    if (first === undefined) return [];
    problems.add({ code: 'BASE_UNREADABLE', data: { path, revision: revision.label, reason: statement(first) } });
    return undefined;
  }
}

/** The state of git's objects. */
export function gitBaseline(
  revision: Revision,
  references: readonly CheckedReference[],
  asked: readonly ModelPattern[],
  library: Library,
  settings: Settings,
  problems: ProblemList,
): Baseline {
  const there = new Set(filesOf(references));
  const isAsked = isAskedFor(asked);
  const files = references.filter((reference) => isSpecPath(targetOf(reference)) || isOnnx(targetOf(reference)));
  const gone = asked.length === 0 ? [] : revision.list().filter((path) => !there.has(path) && isSpecPath(path) && isAsked(path));
  // ONNX files may be too large to be got unseen.
  revision.fetch([...filesOf(files), ...gone].filter((path) => !isOnnx(path)));
  const old = revisionLibrary(revision, library);
  const known = new Set<string>();
  const counts = new Map<ModelRecord, () => Analysis>();
  const recorded = (model: OpenedModel): ModelRecord => {
    const { reference, place, name } = model;
    const record = recordOfModel(model);
    counts.set(record, () => ({ ...(openChecked(reference, old, settings)[place] as OpenedModel).analysis, name }));
    return record;
  };
  const records = byTarget(files).flatMap((group) => {
    const opened = group.flatMap((reference) => {
      const models = openThen(reference, revision, old, settings, problems);
      if (models !== undefined) known.add(reference.text);
      return models ?? [];
    });
    return named(opened).map(recorded);
  });
  const ofGone = gone.flatMap((text) => attempt(() => named(openChecked({ text, isFound: true }, old, settings)).map(recorded)) ?? []);
  return {
    label: revision.label,
    records: [...records, ...ofGone],
    covers: ({ reference }) => known.has(reference.text),
    recount: (record) => counts.get(record),
  };
}
