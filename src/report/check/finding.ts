import { type CheckedLimit, type CheckedModel, type CheckResult, ZOO_PREFIX } from '../../analysis/check/result.ts';
import { BUDGET_METRICS } from '../../language/budget.ts';
import { type Hints, LIBRARY_HINTS } from '../../problems/hints.ts';
import { type Position, type Problem, sentenceIn } from '../../problems/problem.ts';
import { exact } from '../kit/number.ts';
import { amountText, overText, placeText, subjectText } from './amount.ts';
import { fingerprint } from './fingerprint.ts';

/** One thing that a check found, as the services that show findings want it: a limit that is exceeded, or a problem of a file. */
export interface Finding {
  /** What kind it is of: `budget/macs`, or the code of a problem. */
  readonly rule: string;
  readonly kind: 'limit' | 'problem';
  readonly level: 'error' | 'warning';
  /** `resnet50: MACs over budget` */
  readonly title: string;
  readonly message: string;
  /** The file it is about; `undefined` where it is about the command line. */
  readonly file: string | undefined;
  readonly position: Position | undefined;
  /** Stays the same when lines move and figures change; different for every finding of a check. */
  readonly fingerprint: string;
}

/** `89,184,256 (2.23%) over 4 GMAC` */
const excessText = (limit: CheckedLimit): string => `${overText(limit)} over ${limit.written.replace(/^(<=|≤|<) */, '')}`;

/** By how much a limit is exceeded, where it is set, and the largest layers, in sentences. */
export function brokenSentence(limit: CheckedLimit): string {
  const { heaviest, actual, unit } = limit;
  const layers = heaviest.map(
    ({ path, value, position }) => `${path} ${exact(value)}${position === undefined ? '' : ` (${position.file}:${position.line})`}`,
  );
  return `${subjectText(limit)}: ${amountText(actual, unit)}, ${excessText(limit)} (${placeText(limit)}).${layers.length === 0 ? '' : ` Largest layers: ${layers.join(', ')}.`}`;
}

/** Where a finding is, where that is in the folder that is checked: nobody can be shown a line of the zoo. */
const placed = (position: Position | undefined, file = position?.file): Pick<Finding, 'file' | 'position'> =>
  file?.startsWith(ZOO_PREFIX) ? { file: undefined, position: undefined } : { file, position };

type Unnamed = Omit<Finding, 'fingerprint'> & { readonly parts: readonly string[] };

const ruleOf = ({ metric }: CheckedLimit): string => `budget/${BUDGET_METRICS[metric].key}`;

function ofLimit({ name, source, position }: CheckedModel, limit: CheckedLimit): Unnamed {
  const at = limit.position ?? position;
  const rule = ruleOf(limit);
  return {
    rule,
    kind: 'limit',
    level: limit.severity,
    title: `${name}: ${subjectText(limit)} over ${limit.origin === 'growth' ? 'what it was' : 'budget'}`,
    message: brokenSentence(limit),
    ...placed(at, at?.file ?? source),
    parts: [rule, source, name, limit.scope ?? '', limit.label, limit.origin],
  };
}

function ofProblem(problem: Problem, hints: Hints): Unnamed {
  const { code, path, position } = problem;
  return {
    rule: code,
    kind: 'problem',
    level: 'error',
    title: path === undefined ? code : `${path}: ${code}`,
    message: sentenceIn(hints, problem),
    ...placed(position),
    parts: [code, position?.file ?? '', path ?? '', sentenceIn(hints, problem)],
  };
}

/** All that a check found, problems first. */
export function findings({ models, problems, hints = LIBRARY_HINTS }: CheckResult): Finding[] {
  const limits = models.flatMap((model) => model.limits.filter(({ broken }) => broken).map((limit) => ofLimit(model, limit)));
  const seen = new Map<string, number>();
  return [...problems.map((problem) => ofProblem(problem, hints)), ...limits].map(({ parts, ...finding }) => {
    const key = parts.join('\0');
    const count = seen.get(key) ?? 0;
    seen.set(key, count + 1);
    return {
      ...finding,
      // Worked out where it is asked for: only two of the formats have it.
      get fingerprint() {
        return fingerprint([...parts, String(count)]);
      },
    };
  });
}
