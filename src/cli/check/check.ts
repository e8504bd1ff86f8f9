import { inOrder } from '../../analysis/check/baseline.ts';
import { changeSince } from '../../analysis/check/changes.ts';
import { checkLimit, growthLimits } from '../../analysis/check/limits.ts';
import type { CheckedLimit, CheckedModel, CheckResult, ModelRecord } from '../../analysis/check/result.ts';
import { counterOf } from '../../analysis/conventions/convention.ts';
import type { Counter } from '../../analysis/cost.ts';
import type { Growth } from '../../core/budget.ts';
import { glob } from '../../core/glob.ts';
import { type Limit, parseBound } from '../../core/limit.ts';
import { fail, type Problem, ProblemError, ProblemList } from '../../core/problem.ts';
import { type CheckConfig, CONFIG_FILES, readConfig } from '../../spec/config.ts';
import type { Workspace } from '../../spec/workspace.ts';
import { openConvention } from '../convention.ts';
import type { Io } from '../io.ts';
import { problemsOf, settingsOf } from '../models.ts';
import { type Baseline, baselineFile, gitBaseline, readBaselineFile, recordOfModel, revisionOf, writeBaseline } from './baseline.ts';
import { type Asked, filesOf, named, type OpenedModel, openReference, type Reference, resolveAsked } from './models.ts';
import { type CheckOptions, limitsOfOptions } from './options.ts';

/** Runs a check: reads what is to be checked and against what, and puts what it finds together. */

/** What a check found, and what is to be written because of it. */
export interface CheckOutcome {
  readonly result: CheckResult;
  /** The baseline, where it was asked for: its path and text. */
  readonly files: ReadonlyMap<string, string>;
}

/** Runs what may throw problems of several files; they are collected. */
function collect<T>(problems: Problem[], run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    problems.push(...problemsOf(error));
    return undefined;
  }
}

/** The configuration of the folder, or of the file that is named. */
function findConfig(path: string | undefined, workspace: Workspace, problems: ProblemList): CheckConfig | undefined {
  for (const file of path === undefined ? CONFIG_FILES : [path]) {
    const text = workspace.read(file);
    if (text === undefined && path !== undefined) throw fail('FILE_NOT_FOUND', { path });
    const config = text === undefined ? undefined : readConfig(file, text, problems);
    if (config !== undefined) return config;
  }
  return undefined;
}

/** Limits of a model: of its spec, of the configuration for all and for it, and of the command line. */
function limitsOf(model: OpenedModel, config: CheckConfig | undefined, own: readonly Limit[]): Limit[] {
  const fits = (pattern: string): boolean => pattern === model.name || glob(pattern)(model.source);
  const some = (config?.budgets ?? []).filter(({ pattern }) => fits(pattern)).flatMap(({ limits }) => limits);
  return [...(model.isWhole ? (model.spec?.budget ?? []) : []), ...(config?.budget ?? []), ...some, ...own];
}

/** What counts by the conventions that limits name, each once; units that a convention does not count in are told. */
function countersOf(limits: ReadonlySet<Limit>, io: Io, problems: ProblemList): Map<string, Counter> {
  const counters = new Map<string, Counter>();
  for (const { convention, locate, metric, written } of limits) {
    if (convention === undefined) continue;
    problems.attempt(() => {
      const counter = counters.get(convention) ?? counterFor(convention, io);
      counters.set(convention, counter);
      if (metric === 'count') parseBound(written, metric, convention, [counter.symbol, `${counter.symbol}s`]);
    }, locate);
  }
  return counters;
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

/** Opens all that is asked for. A file that cannot be read or counted is told, and the others go on. */
function openAll(references: readonly Reference[], options: CheckOptions, io: Io, problems: Problem[]): OpenedModel[] {
  const settings = settingsOf(options);
  return named(references.flatMap((reference) => collect(problems, () => openReference(reference, io.library, settings)) ?? []));
}

interface Task {
  readonly model: OpenedModel;
  readonly limits: readonly Limit[];
}

const keyOf = ({ source, name }: { readonly source: string; readonly name: string }): string => `${source}\n${name}`;

/** Holds every model against its limits and what it was before. */
class Checker {
  readonly #counters: ReadonlyMap<string, Counter>;
  readonly #baseline: Baseline | undefined;
  readonly #before: ReadonlyMap<string, ModelRecord>;
  /** Limits of parts, and whether any model had such a part: a budget for all may name a stage that some lack. */
  readonly #isMet = new Map<Limit, boolean>();
  readonly problems: Problem[] = [];
  readonly #growth: Growth;
  /** Where the baseline is written anew, growth is accepted. */
  readonly #isUpdate: boolean;

  constructor(counters: ReadonlyMap<string, Counter>, baseline: Baseline | undefined, growth: Growth, isUpdate: boolean) {
    this.#counters = counters;
    this.#baseline = baseline;
    this.#before = new Map((baseline?.records ?? []).map((record) => [keyOf(record), record]));
    this.#growth = growth;
    this.#isUpdate = isUpdate;
  }

  check({ model, limits }: Task): CheckedModel {
    const { name, source, analysis, spec } = model;
    const isCovered = this.#baseline?.covers(model) ?? false;
    const before = isCovered ? this.#before.get(keyOf(model)) : undefined;
    const all = [...limits, ...growthLimits(this.#baseline === undefined ? 'allow' : this.#growth, limits)];
    const context = {
      analysis,
      counters: this.#counters,
      before: this.#isUpdate ? undefined : before,
      hasBaseline: this.#baseline !== undefined || this.#isUpdate,
    };
    const checked = all.flatMap((limit): CheckedLimit[] => this.#checkLimit(limit, () => checkLimit(limit, context)));
    const positions = new Map(analysis.rows.map(({ path, node }) => [path, node.locate]));
    return {
      name,
      source,
      analysis,
      position: spec?.locate(),
      limits: checked,
      change: isCovered ? changeSince(before, recordOfModel(model), (path) => positions.get(path)?.()) : undefined,
    };
  }

  #checkLimit(limit: Limit, check: () => CheckedLimit | undefined): CheckedLimit[] {
    if (limit.convention !== undefined && !this.#counters.has(limit.convention)) return [];
    try {
      const checked = check();
      this.#isMet.set(limit, true);
      return checked === undefined ? [] : [checked];
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      if (error.problem.code === 'NO_MATCH') this.#isMet.set(limit, this.#isMet.get(limit) ?? false);
      else this.problems.push({ ...error.problem, position: limit.locate?.() });
      return [];
    }
  }

  /** Patterns that fit no layer of any model. */
  unmet(): Problem[] {
    return [...this.#isMet].flatMap(([{ scope = '', locate }, isMet]) =>
      isMet ? [] : [{ code: 'NO_MATCH', data: { pattern: scope, of: 'layer' }, position: locate?.() } satisfies Problem<'NO_MATCH'>],
    );
  }
}

/** The same problem at the same place is told once; what a budget for all gets wrong is wrong for each. */
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
  references: readonly Reference[],
  asked: readonly Asked[],
  workspace: Workspace,
  io: Io,
  problems: ProblemList,
): Baseline | undefined {
  if (options.against !== undefined) {
    const revision = workspace.revision(revisionOf(options.against));
    return gitBaseline(revision, references, asked, io.library, settingsOf(options), problems);
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

/** Records of the models that are checked, with those of the old baseline that this check is not about. */
function updated(models: readonly OpenedModel[], baseline: Baseline | undefined, isAll: boolean): string {
  const records = models.map(recordOfModel);
  const sources = new Set(records.map(({ source }) => source));
  const others = isAll ? [] : (baseline?.records ?? []).filter(({ source }) => !sources.has(source));
  return writeBaseline([...records, ...others]);
}

/** Checks what a command line asks for. */
export async function check(files: readonly string[], options: CheckOptions, io: Io): Promise<CheckOutcome> {
  const workspace = await io.workspace();
  const list = new ProblemList();
  const problems: Problem[] = [];
  const config = collect(problems, () => findConfig(options.config, workspace, list));
  const asked: readonly Asked[] = files.length > 0 ? files.map((pattern) => ({ pattern })) : (config?.models ?? []);
  const references = resolveAsked(asked, workspace, list);
  const path = options.against === undefined ? (options.baseline ?? config?.baseline) : undefined;
  const own = collect(problems, () => limitsOfOptions(options)) ?? [];
  collect(problems, () => checkCall(options, path));

  const models = inOrder(openAll(references, options, io, problems));
  const tasks = models.map((model): Task => ({ model, limits: limitsOf(model, config, own) }));
  const counters = countersOf(new Set(tasks.flatMap(({ limits }) => limits)), io, list);
  const baseline = collect(problems, () => baselineOf(options, path, references, asked, workspace, io, list));
  const growth = options.growth ?? config?.growth ?? 'allow';
  const checker = new Checker(counters, baseline, growth, options.update === true);
  const checked = tasks.map((task) => checker.check(task));

  const isIdle = tasks.every(({ limits }) => limits.length === 0) && baseline === undefined && options.update !== true;
  const found = [...list.found, ...problems, ...checker.problems, ...checker.unmet()];
  if (isIdle && found.length === 0) found.push({ code: 'NOTHING_TO_CHECK', data: { models: models.map(({ name }) => name) } });
  const names = new Set(models.map(keyOf));
  const sources = new Set(models.map(({ source }) => source));
  const isAll = files.length === 0;
  // Of a file that cannot be read now, nobody knows what is in it.
  const unread = new Set(filesOf(references).filter((path) => !sources.has(path)));
  const isGone = (record: ModelRecord): boolean =>
    !names.has(keyOf(record)) && !unread.has(record.source) && (isAll || sources.has(record.source));
  const removed = (baseline?.records ?? []).filter(isGone);
  const result = { models: checked, removed: inOrder(removed), problems: distinct(found), baseline: baseline?.label };
  const isWritten = options.update === true && path !== undefined && result.problems.length === 0;
  return { result, files: new Map(isWritten ? [[path, updated(models, baseline, isAll)]] : []) };
}

/** Whether a limit is broken that must not be. */
export const isBroken = ({ models }: CheckResult): boolean =>
  models.some(({ limits }) => limits.some(({ broken, severity }) => broken && severity === 'error'));
