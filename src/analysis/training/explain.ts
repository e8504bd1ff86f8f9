import type { TrainingRow } from '../../gradients/work.ts';
import type { OperatorName } from '../../operators/registry.ts';
import { fail } from '../../problems/problem.ts';
import { type Convention, countTotal, TRAINING } from '../conventions/convention.ts';
import { networkFacts } from '../conventions/network-facts.ts';
import type { Analysis } from '../cost.ts';
import { bySize, type Change, type Endpoint, type Explanation, type Step } from '../explain.ts';
import { rowsBy } from '../group.ts';
import { backwardOf, macsOf } from './groups.ts';
import { ruleSteps } from './rule-steps.ts';
import type { Training } from './step.ts';

/** What a step really multiplies and adds, recomputation included: the numerator of hardware FLOPs utilisation (HFU). */
const HARDWARE: Endpoint = { name: 'hardware', unit: TRAINING };
/** The same without what is done again: the numerator of model FLOPs utilisation (MFU). */
const MODEL: Endpoint = { name: 'model', unit: TRAINING };
/** Three times the forward pass. */
const THREE_TIMES: Endpoint = { name: '3x', unit: TRAINING };

/** Figures that are quoted of a step of any network, in the order of the way from one to the next. */
const QUOTED = [HARDWARE, MODEL, THREE_TIMES] as const;
export const QUOTED_NAMES: readonly string[] = QUOTED.map(({ name }) => name);

const ofMacs = (macs: bigint): bigint => BigInt(FLOPS_PER_MAC) * macs;
const FLOPS_PER_MAC = 2;

const change = (because: string, flops: bigint, layers: number, operator?: OperatorName): Change => ({
  because,
  change: flops,
  operator,
  layers,
  bugs: [],
  isUnproven: false,
});

/** From what the hardware does to what the model needs. */
function recomputation({ recomputed, checkpointed }: Training): Change[] {
  return [change(`${checkpointed.length} checkpointed parts once, not again`, -ofMacs(recomputed.macs), checkpointed.length)];
}

const lack = (row: TrainingRow): bigint => 2n * row.forward.macs - backwardOf(row);

/** From the gradients that there are to twice the forward pass of every layer. */
function asManyGradients({ rows }: Training): Change[] {
  return [...rowsBy(rows, 'operator')].flatMap(([operator, some]): Change[] => {
    const changed = some.filter((row) => lack(row) !== 0n);
    const flops = ofMacs(changed.reduce((sum, row) => sum + lack(row), 0n));
    const why = flops > 0n ? 'gradients that nothing needs' : 'no more backward than twice forward';
    return [change(`${operator}: ${why}`, flops, changed.length, changed[0]?.operator)];
  });
}

/**
 * The way from what a training step does, in FLOPs of its products, to what is quoted for it: `hardware`, `model`, `3x`, or a convention
 * of training such as `6nd` and `palm`. The changes of the steps add up, exactly. One batch is counted, and not the update.
 * Throws a `ProblemError` where the convention is not one of training.
 */
export function explainTraining(training: Training, analysis: Analysis, to: Convention | string): Explanation {
  const place = QUOTED.findIndex(({ name }) => name === to);
  const convention = typeof to === 'string' ? undefined : to;
  if (convention !== undefined && convention.unit !== TRAINING)
    throw fail('CONTRADICTION', {
      message: `"${convention.name}" counts the forward pass. For a training step, name ${QUOTED_NAMES.join(', ')} or a convention of training, such as 6nd or palm`,
    });
  const ways: readonly (() => Change[])[] = [
    () => recomputation(training),
    () => asManyGradients(training),
    () => (convention === undefined ? [] : ruleSteps(convention, analysis)),
  ];
  const changes = ways.slice(0, convention === undefined ? place : ways.length).flatMap((way) => way().toSorted(bySize));
  const start = ofMacs(macsOf(training) + training.recomputed.macs);
  let total = start;
  const steps = changes
    .filter(({ change: by }) => by !== 0n)
    .map((step): Step => {
      total += step.change;
      return { ...step, total };
    });
  const { isLanguage, tokens } = networkFacts(analysis.graph);
  return {
    model: training.name,
    from: HARDWARE,
    to: convention ?? (QUOTED[place] as Endpoint),
    start,
    steps,
    end: convention === undefined ? total : countTotal(convention, analysis),
    tokens: isLanguage ? tokens : undefined,
  };
}
