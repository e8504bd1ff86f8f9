import { type Counts, countOfKind, KINDS, type Kind } from '../../core/counts.ts';
import { type Shape, sameShape } from '../../core/shape.ts';
import { type Counted, sum } from '../../gradients/counted.ts';
import { type FlowOptions, type GradientFlow, gradientFlowOf } from '../../gradients/flow.ts';
import { lossWork } from '../../gradients/loss.ts';
import { type StoppedGradient, stepWork } from '../../gradients/work.ts';
import type { Graph } from '../../graph/graph.ts';
import type { OperatorName } from '../../operators/registry.ts';
import type { KernelKind } from '../kernels.ts';
import { type ExecutedNode, type ExecuteStepOptions, executeStep } from './step.ts';

/** The parts of a training step that are compared. */
export const PARTS = ['forward', 'input gradient', 'weight gradient', 'loss'] as const;
export type TrainingPart = (typeof PARTS)[number];

/** Predicted and executed of one part. */
export interface PartCounts {
  readonly predicted: Counted;
  readonly executed: Counted;
}

/** A count of a training step that does not hold. */
export interface TrainingMismatch {
  readonly path: string;
  readonly part: TrainingPart;
  readonly kind: Kind | 'shape';
  readonly predicted: bigint;
  readonly executed: bigint;
}

export interface VerifiedTrainingLayer {
  readonly path: string;
  readonly operator: OperatorName;
  readonly kernel: KernelKind;
  /** Nothing where no gradient flows. */
  readonly backwardKernel: KernelKind | undefined;
  readonly parts: Readonly<Record<Exclude<TrainingPart, 'loss'>, PartCounts>>;
  readonly mismatches: readonly TrainingMismatch[];
  /** What has a gradient of another shape than its own. */
  readonly misshapen: readonly string[];
  readonly holds: boolean;
}

/** A training step that was run, and whether its counts hold. */
export interface TrainingVerification {
  readonly name: string;
  readonly source: string;
  readonly input: readonly Shape[];
  readonly output: readonly Shape[];
  readonly layers: readonly VerifiedTrainingLayer[];
  readonly loss: PartCounts;
  readonly totals: Readonly<Record<TrainingPart, PartCounts>>;
  /** Layers that stop a gradient that would flow. */
  readonly stops: readonly StoppedGradient[];
  readonly holds: boolean;
}

const countedOf = ({ macs, operations }: Counts): Counted => ({ macs, operations });

const COMPARED: readonly Kind[] = KINDS.filter((kind) => kind !== 'MACs on padding' && kind !== 'masked MACs');

const ofKind = ({ macs, operations }: Counted, kind: Kind): bigint => countOfKind({ macs, operations, padding: 0n, masked: 0n }, kind);

/** The counts that differ. */
const mismatchesOf = (path: string, part: TrainingPart, { predicted, executed }: PartCounts): TrainingMismatch[] =>
  COMPARED.map((kind) => ({ path, part, kind, predicted: ofKind(predicted, kind), executed: ofKind(executed, kind) })).filter(
    (one) => one.predicted !== one.executed,
  );

const totalOf = (all: readonly PartCounts[]): PartCounts => ({
  predicted: sum(all.map(({ predicted }) => predicted)),
  executed: sum(all.map(({ executed }) => executed)),
});

/** Runs one training step, and holds what was executed against what is predicted, layer by layer. */
export function verifyTraining(graph: Graph, flow: FlowOptions, options: ExecuteStepOptions = {}): TrainingVerification {
  const flows: readonly GradientFlow[] = gradientFlowOf(graph, flow);
  const work = stepWork(graph, flows);
  const executed = executeStep(graph, flows, options);
  const layers = work.rows.map(({ node, path, operator, forward, inputGradient, weightGradient }, index): VerifiedTrainingLayer => {
    const ran = executed.nodes[index] as ExecutedNode;
    const parts = {
      forward: { predicted: forward, executed: countedOf(ran.forward) },
      'input gradient': { predicted: inputGradient, executed: countedOf(ran.inputGradient) },
      'weight gradient': { predicted: weightGradient, executed: countedOf(ran.weightGradient) },
    };
    const mismatches = PARTS.flatMap((part) => (part === 'loss' ? [] : mismatchesOf(path, part, parts[part])));
    const isShaped = node.outputs.every(({ shape }, i) => sameShape(shape, ran.output[i] ?? []));
    const misshapen = [...(isShaped ? [] : ['output']), ...ran.misshapen];
    const { kernel, backwardKernel } = ran;
    return {
      path,
      operator,
      kernel,
      backwardKernel,
      parts,
      mismatches,
      misshapen,
      holds: mismatches.length === 0 && misshapen.length === 0,
    };
  });
  const isLearning = flows.some(({ needs }) => needs !== undefined);
  const loss = { predicted: isLearning ? lossWork(graph) : sum([]), executed: countedOf(executed.loss) };
  const totals = {
    forward: totalOf(layers.map(({ parts }) => parts.forward)),
    'input gradient': totalOf(layers.map(({ parts }) => parts['input gradient'])),
    'weight gradient': totalOf(layers.map(({ parts }) => parts['weight gradient'])),
    loss,
  };
  return {
    name: graph.name,
    source: graph.source,
    input: graph.inputs.map(({ tensor }) => tensor.shape),
    output: graph.outputs.map(({ shape }) => shape),
    layers,
    loss,
    totals,
    stops: work.stops,
    holds: layers.every(({ holds }) => holds) && mismatchesOf('', 'loss', loss).length === 0,
  };
}
