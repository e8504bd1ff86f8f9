import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { isBroken } from '../../../analysis/check/result.ts';
import { BUDGET_METRICS, GROWTHS, LIMITED_METRICS } from '../../../language/budget.ts';
import { FlopwiseError, fail, type Problem } from '../../../problems/problem.ts';
import type { Reporter } from '../../../report/check/reporter.ts';
import { reporters } from '../../../report/check/reporters.ts';
import { PLAIN, type Screen } from '../../../report/kit/terminal.ts';
import { addConventionOption } from '../../convention.ts';
import { DONE, type ExitCode, FOUND, type Io, LimitBroken } from '../../io.ts';
import { addModelOptions, collect, problemsOf } from '../../models.ts';
import { withOnnx } from '../../onnx.ts';
import { addFormatOptions, choiceOption, reportWritten } from '../../options.ts';
import { screenOf } from '../../screen.ts';
import { version } from '../../version.ts';
import { filesOf } from './models.ts';
import { type CheckOptions, maxFlag } from './options.ts';
import { type CheckPlan, check, needsOnnx, planCheck } from './run.ts';

/** Checks budgets. */

const known = Object.keys(reporters);

const reporterOf = (option: string, name: string): Reporter => {
  const reporter = Object.hasOwn(reporters, name) ? reporters[name] : undefined;
  if (reporter === undefined) throw fail('UNKNOWN_CHOICE', { option, value: name, known });
  return reporter;
};

/** `junit=out.xml` */
function parseReport(text: string): { readonly name: string; readonly path: string } {
  const equals = text.indexOf('=');
  if (equals < 1 || equals === text.length - 1)
    throw fail('WRONG_VALUE', {
      key: '--report',
      value: text,
      expected: `a format and a file, as in json=check.json; formats: ${known.join(', ')}`,
    });
  return { name: text.slice(0, equals), path: text.slice(equals + 1) };
}

/** Runs what may throw problems; they are added to those that there are. */
function collecting(problems: Problem[], run: () => void): void {
  try {
    run();
  } catch (error) {
    problems.push(...problemsOf(error));
  }
}

interface Target {
  /** The option that names it: `--report json=y.json`. */
  readonly option: string;
  readonly path: string;
}

/** Files that two options name: one would overwrite the other. */
function namedTwice(targets: readonly Target[]): Problem[] {
  const byFile = new Map<string, Target[]>();
  for (const target of targets) byFile.set(resolve(target.path), [...(byFile.get(resolve(target.path)) ?? []), target]);
  return [...byFile.values()].flatMap((same): Problem<'PATH_NAMED_TWICE'>[] =>
    same.length < 2 ? [] : [{ code: 'PATH_NAMED_TWICE', data: { options: same.map(({ option }) => option) } }],
  );
}

function targetsOf({ report = [], output }: CheckOptions, baseline: string | undefined): Target[] {
  const reports = report.map((text): Target => ({ option: `--report ${text}`, path: parseReport(text).path }));
  const outputs = output === undefined ? [] : [{ option: `--output ${output}`, path: output }];
  return [...reports, ...outputs, ...(baseline === undefined ? [] : [{ option: `the baseline ${baseline}`, path: baseline }])];
}

/** Files that are to be written as a whole, and that are nothing else to this check. */
function staleReports({ options, baseline, references, config }: CheckPlan): string[] {
  const others = new Set(
    [baseline, config?.file, options.config, ...filesOf(references)].flatMap((path) => path ?? []).map((path) => resolve(path)),
  );
  return targetsOf(options, undefined)
    .map(({ path }) => path)
    .filter((path) => !others.has(resolve(path)));
}

async function runCheck(files: readonly string[], options: CheckOptions, io: Io): Promise<void> {
  (options.report ?? []).map(parseReport);
  const plan = planCheck(files, options, io);
  if (io.library.openOnnx !== undefined || !needsOnnx(plan)) return execute(plan, io);
  const code = await withOnnx(io, options.strict === true, (world) => codeOf(() => execute(plan, world)));
  if (code === FOUND) throw new LimitBroken();
}

/** That something was found, as an exit code. */
function codeOf(run: () => void): ExitCode {
  try {
    run();
    return DONE;
  } catch (error) {
    if (error instanceof LimitBroken) return FOUND;
    throw error;
  }
}

function execute(plan: CheckPlan, io: Io): void {
  const { options } = plan;
  const asked = (options.report ?? []).map(parseReport);
  const reports = asked.map(({ name, path }) => ({ path, write: reporterOf('--report', name) }));
  const targets = targetsOf(options, plan.baseline);
  const doubled = namedTwice(targets);
  // A report that is there already may be a checkout's, and must not be taken for one of this run.
  for (const path of staleReports(plan)) io.removeStale(path);
  const { result: found, update } = check(plan, io);
  const result = { ...found, problems: [...found.problems, ...doubled] };
  const made = io.made?.();
  const on = (screen: Screen) => ({ screen, version, made });
  const problems: Problem[] = [];

  const show = reporterOf('--format', options.format);
  const shown = show(result, on(options.output === undefined ? screenOf(io, 'stdout') : PLAIN));
  // Files first: whoever reads what is printed may stop at any line.
  if (doubled.length === 0) {
    const texts = new Map(reports.map(({ path, write }): [string, string] => [path, `${write(result, on(PLAIN))}\n`]));
    if (options.output !== undefined) texts.set(options.output, `${shown}\n`);
    const writeAll = (): void => {
      if (texts.size > 0) io.writeFiles(texts);
      for (const path of texts.keys()) reportWritten(path, io);
    };
    collecting(problems, () => {
      if (update === undefined) return writeAll();
      return io.exclusively(update.path, () => {
        texts.set(update.path, update.text());
        writeAll();
      });
    });
  }

  if (options.output === undefined && options.format === 'table') io.print(`${shown}\n`);
  else if (options.output === undefined) io.stdout(`${shown}\n`);
  if (io.env.GITHUB_ACTIONS === 'true') {
    // What GitHub shows at the lines of a pull request, and on the page of the run.
    if ('github' in reporters) io.stdout(`${reporterOf('--report', 'github')(result, on(PLAIN))}\n`);
    const summary = io.env.GITHUB_STEP_SUMMARY;
    if (summary && 'summary' in reporters)
      collecting(problems, () => io.appendFile(summary, `${reporterOf('--report', 'summary')(result, on(PLAIN))}\n`));
  }
  if (result.problems.length + problems.length > 0) throw new FlopwiseError([...result.problems, ...problems]);
  if (isBroken(result)) throw new LimitBroken();
}

export const addCheck = (program: Command, io: Io): Command => {
  const command = program
    .command('check [model...]')
    .description('check models against budgets and a baseline')
    .option('--config <file>', 'the configuration, in place of flopwise.config.yaml or the "flopwise" key of package.json')
    .option('--baseline <file>', 'compare with what an earlier check wrote')
    .option('--against <revision>', 'compare with the specs as git has them, as in git:origin/main')
    .option('--update', 'write the baseline if every model could be read')
    .addOption(choiceOption('--growth <what>', 'what to do about growth that no budget covers', GROWTHS).default(undefined, 'allow'))
    .addOption(new Option('--report <format=file>', 'write a report too, as in json=check.json; may be repeated').argParser(collect));
  for (const metric of LIMITED_METRICS) command.option(`${maxFlag(metric)} <amount>`, `maximum ${BUDGET_METRICS[metric].label}`);
  addFormatOptions(command, known);
  return addConventionOption(addModelOptions(command)).action((files: string[], options: CheckOptions) => runCheck(files, options, io));
};
