import { inOrder } from '../../../analysis/check/baseline.ts';
import { changeSince } from '../../../analysis/check/changes.ts';
import { checkLimit, growthLimits } from '../../../analysis/check/limits.ts';
import type { CheckedLimit, CheckedModel, CheckResult, ModelRecord } from '../../../analysis/check/result.ts';
import { counterOf } from '../../../analysis/conventions/convention.ts';
import type { Analysis, Counter } from '../../../analysis/cost.ts';
import type { Growth } from '../../../language/budget.ts';
import { glob } from '../../../language/glob.ts';
import { type Limit, parseBound } from '../../../language/limit.ts';
import { type CheckConfig, CONFIG_FILES, readConfig } from '../../../library/config.ts';
import type { Library } from '../../../library/reference.ts';
import type { Workspace } from '../../../library/workspace.ts';
import { withAllowance } from '../../../problems/allowance.ts';
import { fail, type Position, type Problem, ProblemError, ProblemList } from '../../../problems/problem.ts';
import { attempt } from '../../../service/attempt.ts';
import { isSpecPath } from '../../../spec/folder.ts';
import { openConvention } from '../../convention.ts';
import { CLI_HINTS } from '../../hints.ts';
import type { Io } from '../../io.ts';
import { problemsOf, settingsOf } from '../../models.ts';
import { type Baseline, baselineFile, gitBaseline, readBaselineFile, recordOfModel, revisionOf, writeBaseline } from './baseline.ts';
import {
  byTarget,
  type CheckedReference,
  checkLibrary,
  filesOf,
  isOnnx,
  type ModelPattern,
  named,
  type OpenedModel,
  openChecked,
  resolveAsked,
} from './models.ts';
import { type CheckOptions, limitsOfOptions } from './options.ts';

/** Runs a check: reads what is to be checked and against what, and puts what it finds together. */

/** A baseline that is to be written. */
interface Update {
  readonly path: string;
  /** Its text, with what other checks put there meanwhile. Read and write it while no other process does. */
  readonly text: () => string;
}

/** What a check found, and what is to be written because of it. */
export interface CheckOutcome {
  readonly result: CheckResult;
  readonly update: Update | undefined;
}

/** How many times as much as one model the models of one file may take, and those of a whole check. */
const TIMES_OF_A_FILE = 2;
const TIMES_OF_A_CHECK = 20;

/** Runs what may throw problems of several files; they are collected. */
function collect<T>(problems: Problem[], run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    problems.push(...problemsOf(error));
    return undefined;
  }
}

/** Most bytes of a configuration: a package.json may have more than one for flopwise. */
const MOST_BYTES = 2 ** 20;

/** The configuration of the folder, or of the file that is named. */
function findConfig(path: string | undefined, workspace: Workspace, problems: ProblemList): CheckConfig | undefined {
  for (const file of path === undefined ? CONFIG_FILES : [path]) {
    const text = workspace.read(file, MOST_BYTES);
    if (text === undefined && path !== undefined) throw fail('FILE_NOT_FOUND', { path });
    const config = text === undefined ? undefined : readConfig(file, text, problems);
    if (config !== undefined) return config;
  }
  return undefined;
}

type SomeBudget = CheckConfig['budgets'][number] & { readonly fits: (source: string) => boolean };

const noMatch = (pattern: string, of: string, locate: (() => Position) | undefined): Problem<'NO_MATCH'> => ({
  code: 'NO_MATCH',
  data: { pattern, of },
  position: locate?.(),
});

/** What the configuration limits, and which of its keys fit a model. */
class Budgets {
  readonly #config: CheckConfig | undefined;
  readonly #own: readonly Limit[];
  readonly #some: readonly SomeBudget[];
  readonly #isMet = new Set<SomeBudget>();

  /** `own` are the limits of the command line. */
  constructor(config: CheckConfig | undefined, own: readonly Limit[]) {
    this.#config = config;
    this.#own = own;
    this.#some = (config?.budgets ?? []).map((budget) => ({ ...budget, fits: glob(budget.pattern) }));
  }

  /** Limits of a model: of its spec, of the configuration for all and for it, and of the command line. */
  of({ name, source, isWhole, spec }: OpenedModel): Limit[] {
    const some = this.#some.filter(({ pattern, fits }) => pattern === name || fits(source));
    for (const budget of some) this.#isMet.add(budget);
    const ofSpec = isWhole ? (spec?.budget ?? []) : [];
    return [...ofSpec, ...(this.#config?.budget ?? []), ...some.flatMap(({ limits }) => limits), ...this.#own];
  }

  /** All that stand in the configuration. */
  get ofConfig(): ReadonlySet<Limit> {
    return new Set([...(this.#config?.budget ?? []), ...this.#some.flatMap(({ limits }) => limits)]);
  }

  /** Keys that fit no model. */
  unmet(): Problem[] {
    return this.#some.filter((budget) => !this.#isMet.has(budget)).map(({ pattern, locate }) => noMatch(pattern, 'model', locate));
  }
}

/** What counts by the conventions that limits name, each once; units that a convention does not count in are told. */
class Counters {
  readonly #io: Io;
  readonly #problems: ProblemList;
  readonly known = new Map<string, Counter>();
  readonly #isFit = new Map<Limit, boolean>();

  constructor(io: Io, problems: ProblemList) {
    this.#io = io;
    this.#problems = problems;
  }

  /** The limits that can be checked; problems of the others are reported once. */
  fit(limits: readonly Limit[]): Limit[] {
    return limits.filter((limit) => {
      if (limit.convention === undefined) return true;
      const isFit = this.#isFit.get(limit) ?? this.#try(limit, limit.convention);
      this.#isFit.set(limit, isFit);
      return isFit;
    });
  }

  #try({ locate, metric, written }: Limit, convention: string): boolean {
    const isFit = this.#problems.attempt(() => {
      // A person may name any file at the command line; the contents of a file may not.
      if (isSpecPath(convention)) this.#io.workspace.refuseOutside(convention, locate === undefined);
      const counter = this.known.get(convention) ?? counterFor(convention, this.#io);
      this.known.set(convention, counter);
      if (metric === 'count') parseBound(written, metric, convention, [counter.symbol, `${counter.symbol}s`]);
      return true;
    }, locate);
    return isFit ?? false;
  }
}

function counterFor(name: string, io: Io): Counter {
  const convention = openConvention(name, io);
  if (convention.network === 'paper')
    throw fail('WRONG_VALUE', {
      key: 'convention',
      value: name,
      expected: 'one that counts the network as it is, such as fvcore or torch',
    });
  return counterOf(convention);
}

const keyOf = ({ source, name }: { readonly source: string; readonly name: string }): string => `${source}\n${name}`;

/** What a check holds models against. */
interface Rules {
  readonly budgets: Budgets;
  readonly counters: Counters;
  /** What is compared with, where it can be read. */
  readonly baseline: Baseline | undefined;
  /** Whether a baseline was asked for, or is about to be written. */
  readonly hasBaseline: boolean;
  readonly growth: Growth;
  /** Where the baseline is written anew, growth is accepted. */
  readonly isUpdate: boolean;
}

/** Holds models against their limits and what they were before, one after the other; nothing of a model is kept here. */
class Checker {
  readonly #rules: Rules;
  readonly #before: ReadonlyMap<string, ModelRecord>;
  /** Limits of parts, and whether any model had such a part: a budget for all may name a stage that some lack. */
  readonly #isMet = new Map<Limit, boolean>();
  readonly problems: Problem[] = [];

  constructor(rules: Rules) {
    this.#rules = rules;
    this.#before = new Map((rules.baseline?.records ?? []).map((record) => [keyOf(record), record]));
  }

  /**
   * `count` counts the model again; `record` is what a baseline keeps of it, where there is one; `renamed` is a model that it was
   * under another name, where it has no record under its own.
   */
  check(model: OpenedModel, count: () => Analysis, record: ModelRecord | undefined, renamed?: ModelRecord): CheckedModel {
    const { budgets, counters, baseline, hasBaseline, growth, isUpdate } = this.#rules;
    const { name, source, analysis, spec } = model;
    const isCovered = baseline?.covers(model) ?? false;
    const before = isCovered ? (this.#before.get(keyOf(model)) ?? renamed) : undefined;
    const limits = counters.fit(budgets.of(model));
    const all = [...limits, ...growthLimits(baseline === undefined ? 'allow' : growth, limits)];
    const context = { analysis, counters: counters.known, before: isUpdate ? undefined : before, hasBaseline };
    const checked = all.flatMap((limit): CheckedLimit[] => this.#checkLimit(limit, () => checkLimit(limit, context)));
    const positionOf = (path: string) => analysis.rows.find((row) => row.path === path)?.node.locate?.();
    return {
      name,
      source,
      totals: analysis.totals,
      count,
      before: before && baseline?.recount(before),
      position: spec?.locate(),
      limits: checked,
      warnings: analysis.graph.warnings ?? [],
      change: isCovered && record !== undefined ? changeSince(before, record, positionOf) : undefined,
    };
  }

  #checkLimit(limit: Limit, check: () => CheckedLimit | undefined): CheckedLimit[] {
    try {
      const checked = check();
      if (limit.scope !== undefined) this.#isMet.set(limit, true);
      return checked === undefined ? [] : [checked];
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      if (error.problem.code === 'NO_MATCH') this.#isMet.set(limit, this.#isMet.get(limit) ?? false);
      else this.problems.push({ ...error.problem, position: limit.locate?.() });
      return [];
    }
  }

  /** Limits of parts that no model has. */
  unmet(): Limit[] {
    return [...this.#isMet].flatMap(([limit, isMet]) => (isMet ? [] : [limit]));
  }
}

/** The same problem at the same place is reported once; what a budget for all gets wrong is wrong for each. */
function distinct(problems: readonly Problem[]): Problem[] {
  const text = ({ code, data, position }: Problem): string =>
    JSON.stringify([code, data, position?.file, position?.line, position?.column], (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    );
  return [...new Map(problems.map((problem) => [text(problem), problem])).values()];
}

/** What is compared with, where anything is; an `--update` compares only with what is there and can be read. */
function baselineOf(
  options: CheckOptions,
  path: string | undefined,
  references: readonly CheckedReference[],
  asked: readonly ModelPattern[],
  workspace: Workspace,
  library: Library,
  problems: ProblemList,
): Baseline | undefined {
  if (options.against !== undefined) {
    const revision = workspace.revision(revisionOf(options.against));
    return gitBaseline(revision, references, asked, library, settingsOf(options), problems);
  }
  if (path === undefined) return undefined;
  try {
    return baselineFile(path, readBaselineFile(path, workspace));
  } catch (error) {
    if (options.update === true && error instanceof ProblemError) return undefined;
    throw error;
  }
}

function checkCall({ against, baseline, update }: CheckOptions, path: string | undefined): void {
  const command = 'flopwise check';
  if (against !== undefined && baseline !== undefined)
    throw fail('WRONG_CALL', { message: '--against and --baseline are two things to compare with. Give one of them', command });
  if (update === true && path === undefined)
    throw fail('WRONG_CALL', { message: '--update writes a baseline, and needs its path. Give it with --baseline main.json', command });
}

/** Records of the models that are checked, with those of the baseline as it is now that this check is not about. */
function updated(records: readonly ModelRecord[], path: string, workspace: Workspace, isAll: boolean): string {
  const sources = new Set(records.map(({ source }) => source));
  // What cannot be read is replaced.
  const there = isAll ? [] : (attempt(() => readBaselineFile(path, workspace)) ?? []);
  const others = there.filter(({ source }) => !sources.has(source));
  return writeBaseline([...records, ...others]);
}

/** In order, those of the second list that each of the first may have been; each once. */
function paired<A, B>(news: readonly A[], olds: readonly B[], fits: (now: A, then: B) => boolean): Map<A, B> {
  const left = new Set(olds);
  const pairs = new Map<A, B>();
  for (const now of news) {
    const then = [...left].find((one) => fits(now, one));
    if (then === undefined) continue;
    left.delete(then);
    pairs.set(now, then);
  }
  return pairs;
}

/** Models of a file that the baseline has no record of, each with one that it has and the file no more: it has another name now. */
function renamedIn(models: readonly OpenedModel[], baseline: Baseline | undefined): ReadonlyMap<OpenedModel, ModelRecord> {
  const names = new Set(models.map(keyOf));
  const sources = new Set(models.map(({ source }) => source));
  const olds = (baseline?.records ?? []).filter((record) => sources.has(record.source));
  const known = new Set(olds.map(keyOf));
  return paired(
    models.filter((model) => !known.has(keyOf(model))),
    olds.filter((record) => !names.has(keyOf(record))),
    (model, record) => model.source === record.source,
  );
}

/**
 * Models that are new in their files, each with one that is there no more: of the same name, so the file was moved. Where growth is
 * not simply allowed, any that is gone: whoever renames both must not grow unseen.
 */
function movedTo(models: readonly CheckedModel[], gone: readonly ModelRecord[], growth: Growth): ReadonlyMap<CheckedModel, ModelRecord> {
  const news = inOrder(models.filter(({ change }) => change?.kind === 'added'));
  const byName = paired(news, inOrder(gone), (model, record) => model.name === record.name);
  if (growth === 'allow') return byName;
  const [taken, known] = [new Set(byName.values()), new Set(byName.keys())];
  const others = paired(
    news.filter((model) => !known.has(model)),
    inOrder(gone.filter((record) => !taken.has(record))),
    () => true,
  );
  return new Map([...byName, ...others]);
}

/** What it takes to open a model again. */
type Place = Pick<OpenedModel, 'reference' | 'place' | 'name'>;

/** The first so many problems. */
const MOST_PROBLEMS = 200;

const bounded = (problems: readonly Problem[]): readonly Problem[] =>
  problems.length <= MOST_PROBLEMS
    ? problems
    : [...problems.slice(0, MOST_PROBLEMS), { code: 'TOO_MANY_PROBLEMS', data: { limit: MOST_PROBLEMS } }];

/** What a command line and a configuration ask for. */
export interface CheckPlan {
  readonly options: CheckOptions;
  readonly workspace: Workspace;
  readonly config: CheckConfig | undefined;
  readonly asked: readonly ModelPattern[];
  readonly references: readonly CheckedReference[];
  /** Whether all that is configured is checked, rather than files that are named. */
  readonly isAll: boolean;
  /** The file of the baseline. */
  readonly baseline: string | undefined;
  readonly problems: readonly Problem[];
}

/** Finds out what is to be checked. */
export const planCheck = (files: readonly string[], options: CheckOptions, io: Io): CheckPlan =>
  withAllowance(() => plan(files, options, io), TIMES_OF_A_CHECK);

function plan(files: readonly string[], options: CheckOptions, io: Io): CheckPlan {
  const { workspace } = io;
  const list = new ProblemList();
  const problems: Problem[] = [];
  const config = collect(problems, () => findConfig(options.config, workspace, list));
  const isAll = files.length === 0;
  const asked: readonly ModelPattern[] = isAll ? (config?.models ?? []) : files.map((pattern) => ({ pattern }));
  const references = resolveAsked(asked, workspace, list, !isAll);
  const baseline = options.against === undefined ? (options.baseline ?? config?.baseline) : undefined;
  if (baseline !== undefined) collect(problems, () => workspace.refuseOutside(baseline, options.baseline !== undefined));
  return { options, workspace, config, asked, references, isAll, baseline, problems: [...list.found, ...problems] };
}

/** Whether something is to be checked that only a reader of ONNX files can open. */
export const needsOnnx = ({ references }: CheckPlan): boolean => filesOf(references).some(isOnnx);

/** Checks what was planned. Of each model only what reports need is kept: its graph and rows are dropped before the next. */
export const check = (plan: CheckPlan, io: Io): CheckOutcome => withAllowance(() => checked(plan, io), TIMES_OF_A_CHECK);

function checked({ options, workspace, config, asked, references, isAll, baseline: path, ...plan }: CheckPlan, io: Io): CheckOutcome {
  const list = new ProblemList();
  const problems: Problem[] = [];
  const library = checkLibrary(io.library);
  const settings = collect(problems, () => settingsOf(options)) ?? {};
  collect(problems, () => checkCall(options, path));
  const isUpdate = options.update === true;
  const budgets = new Budgets(config, limitsOfOptions(options, list));
  const counters = new Counters(io, list);
  const baseline = collect(problems, () => baselineOf(options, path, references, asked, workspace, library, list));
  const hasBaseline = options.against !== undefined || path !== undefined || isUpdate;
  const growth = options.growth ?? config?.growth ?? 'allow';
  const checker = new Checker({ budgets, counters, baseline, hasBaseline, growth, isUpdate });

  const records: ModelRecord[] = [];
  const open = (reference: CheckedReference): OpenedModel[] => openChecked(reference, library, settings);
  const again = ({ reference, place, name }: Place): OpenedModel => ({ ...(open(reference)[place] as OpenedModel), name });
  const places = new Map<CheckedModel, Place>();
  const before = new Set<ModelRecord>();
  const hold = (model: OpenedModel, then: ModelRecord | undefined): CheckedModel => {
    const { reference, place, name } = model;
    io.opened?.(model.analysis.graph);
    if (then !== undefined) before.add(then);
    const record = isUpdate || baseline !== undefined ? recordOfModel(model) : undefined;
    const one = checker.check(model, () => again({ reference, place, name }).analysis, record, then);
    places.set(one, { reference, place, name });
    if (isUpdate && record !== undefined) records.push(record);
    return one;
  };
  const held = byTarget(references).flatMap(
    (group) =>
      collect(problems, () =>
        withAllowance(() => {
          const opened = named(group.flatMap((reference) => collect(problems, () => open(reference)) ?? []));
          const renamed = renamedIn(opened, baseline);
          return opened.map((model) => hold(model, renamed.get(model)));
        }, TIMES_OF_A_FILE),
      ) ?? [],
  );

  const sources = new Set(held.map(({ source }) => source));
  // Of a file that cannot be read now, nobody knows what is in it.
  const unread = new Set(filesOf(references).filter((file) => !sources.has(file)));
  const names = new Set(held.map(keyOf));
  const gone = (baseline?.records ?? []).filter(
    (record) => !names.has(keyOf(record)) && !unread.has(record.source) && (isAll || sources.has(record.source)) && !before.has(record),
  );
  const moved = isUpdate ? new Map<CheckedModel, ModelRecord>() : movedTo(held, gone, growth);
  const compared = held.map((one) => {
    const then = moved.get(one);
    return then === undefined ? one : (collect(problems, () => withAllowance(() => hold(again(places.get(one) as Place), then))) ?? one);
  });
  const models = inOrder(compared);
  const problemsSoFar = [...plan.problems, ...list.found, ...problems];
  const isWhole = isAll && problemsSoFar.length === 0;
  const { ofConfig } = budgets;
  const parts = checker.unmet().filter((limit) => isAll || !ofConfig.has(limit));
  const found = [
    ...problemsSoFar,
    ...checker.problems,
    ...parts.map(({ scope = '', locate }) => noMatch(scope, 'layer', locate)),
    ...(isWhole ? budgets.unmet() : []),
  ];
  const isIdle = models.every(({ limits }) => limits.length === 0) && !hasBaseline;
  if (isIdle && found.length === 0) found.push({ code: 'NOTHING_TO_CHECK', data: { models: models.map(({ name }) => name) } });
  const removed = inOrder(gone.filter((record) => !before.has(record)));
  const result = { models, removed, problems: bounded(distinct(found)), baseline: baseline?.label, hints: CLI_HINTS };
  const isWritten = isUpdate && path !== undefined && result.problems.length === 0;
  return { result, update: isWritten ? { path, text: () => updated(records, path, workspace, isAll) } : undefined };
}
