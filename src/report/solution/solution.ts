import { type MemoryOptions, memoryRule } from '../../analysis/memory.ts';
import { type CostTarget, nearestOf, type Range, type Solution, type SolvedValue } from '../../analysis/solve.ts';
import { exact } from '../kit/number.ts';
import { type ColumnOf, makeTable } from '../kit/table.ts';
import { renderTable, type Screen } from '../kit/terminal.ts';
import { wrap } from '../kit/text.ts';

/** The search for the last parameter, with values of those before it. */
export interface Solved {
  readonly outer: Readonly<Record<string, number>>;
  readonly range: Range;
  readonly solution: Solution;
}

/** A search and what it found. */
export interface SolutionReport {
  readonly model: string;
  readonly parameters: readonly string[];
  /** `MACs` */
  readonly label: string;
  readonly target: CostTarget;
  /** One for each value of the parameters before the last. */
  readonly solved: readonly Solved[];
  /** How memory was counted, where the target is one. */
  readonly memory?: MemoryOptions;
}

export const describeTarget = ({ label, target }: Pick<SolutionReport, 'label' | 'target'>): string =>
  `${label} ${target.relation} ${exact(target.value)}`;

/** `256 values from 1 to 256 in steps of 1, 3 of which the model refuses` */
export function describeSearch(solved: readonly Solved[]): string {
  const sum = (of: (solution: Solution) => number): bigint => solved.reduce((total, { solution }) => total + BigInt(of(solution)), 0n);
  const [refused, counted, tried] = [sum((one) => one.refused), sum((one) => one.counted), sum((one) => one.tried)];
  const [only] = solved;
  const from =
    solved.length === 1 && only !== undefined ? ` from ${only.range.min} to ${only.range.max} in steps of ${only.range.step}` : '';
  const refusing = refused === 0n ? '' : `, ${exact(refused)} of which the model refuses`;
  const following = counted === tried ? '' : `; ${exact(counted)} were counted, between which the cost is a polynomial`;
  return `${exact(tried)} values${from}${refusing}${following}`;
}

/** `batch = 4, tokens = 8192` */
export const describeValues = (
  { parameters }: Pick<SolutionReport, 'parameters'>,
  outer: Solved['outer'],
  value: number | undefined,
): string => parameters.map((name, index) => `${name} = ${index === parameters.length - 1 ? value : outer[name]}`).join(', ');

/** The values that come nearest to the target of those that meet it. */
function bestOf({ solved, target }: SolutionReport): { readonly outer: Solved['outer']; readonly met: SolvedValue } | undefined {
  const met = solved.flatMap(({ outer, solution }) => (solution.met === undefined ? [] : [{ ...solution.met, outer }]));
  const best = nearestOf(met, target) as (typeof met)[number] | undefined;
  return best && { outer: best.outer, met: best };
}

/** What memory is made of, in a sentence. */
const describeMemory = ({ dtype = 'fp32', weightsDtype = dtype, inplace = false }: MemoryOptions): string =>
  `Memory is all weights (${weightsDtype}), what is kept for the next step, and the most that tensors between layers take at once (${dtype}), without what a layer needs within itself, such as the scores of attention. ${memoryRule({ inplace })}`;

function tableOf({ parameters, solved, label }: SolutionReport, screen: Screen): string {
  const last = parameters.length - 1;
  const columns: ColumnOf<Solved>[] = [
    ...parameters.map(
      (name, index): ColumnOf<Solved> => ({
        header: name,
        align: 'right',
        drop: 0,
        cell: ({ outer, solution: { met } }) => {
          const value = index === last ? met?.value : outer[name];
          return value === undefined ? '–' : String(value);
        },
      }),
    ),
    { header: label, align: 'right', drop: 0, cell: ({ solution: { met } }) => (met === undefined ? '–' : exact(met.cost)) },
  ];
  return renderTable(makeTable(columns, solved), screen);
}

export function solutionText(report: SolutionReport, screen: Screen): string {
  const { model, label, solved, memory } = report;
  const best = bestOf(report);
  const meeting = solved.reduce((sum, { solution }) => sum + BigInt(solution.meeting), 0n);
  const lines = [
    describeValues(report, best?.outer ?? {}, best?.met.value),
    `${model} then has ${exact(best?.met.cost ?? 0n)} ${label}; asked for: ${describeTarget(report)}.`,
    `Searched all ${describeSearch(solved)}. ${exact(meeting)} of them ${meeting === 1n ? 'meets' : 'meet'} the target, and this one is nearest to it.`,
    ...(solved.length > 1
      ? []
      : [solved[0]?.solution.isMonotone === true ? 'The cost is monotonic over this range.' : 'The cost rises and falls between them.']),
    ...(memory === undefined ? [] : [describeMemory(memory)]),
  ].map((line) => wrap(line, screen.columns, '  '));
  return [...lines, ...(solved.length > 1 ? ['', tableOf(report, screen)] : [])].join('\n');
}

const solvedFields = ({ range, solution }: Solved) => ({
  value: solution.met?.value,
  cost: solution.met?.cost,
  searched: range,
  tried: solution.tried,
  refused: solution.refused,
  counted: solution.counted,
  meeting: solution.meeting,
  monotone: solution.isMonotone,
});

/** Of one parameter, what was found; of several, that for each value of those before the last, and the best. */
export function solutionJson(report: SolutionReport): unknown {
  const { model, parameters, label, target, solved, memory } = report;
  const common = {
    model,
    metric: label,
    target,
    ...(memory && { dtype: memory.dtype ?? 'fp32', weightsDtype: memory.weightsDtype ?? memory.dtype ?? 'fp32' }),
  };
  if (parameters.length === 1) return { ...common, parameter: parameters[0], ...solvedFields(solved[0] as Solved) };
  const best = bestOf(report);
  return {
    ...common,
    parameters,
    best: best && { values: { ...best.outer, [parameters.at(-1) as string]: best.met.value }, cost: best.met.cost },
    solutions: solved.map((one) => ({ values: one.outer, parameter: parameters.at(-1), ...solvedFields(one) })),
  };
}
