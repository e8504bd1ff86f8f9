import type { Shape } from '../../core/shape.ts';
import { type Counted, scaled, sum } from '../../gradients/counted.ts';
import { type FlowOptions, gradientFlowOf } from '../../gradients/flow.ts';
import { lossWork } from '../../gradients/loss.ts';
import { type StepWork, stepWork } from '../../gradients/work.ts';
import type { Graph } from '../../graph/graph.ts';
import { regionsOf } from './checkpoints.ts';
import { type TrainingMemory, type TrainingMemoryOptions, trainingMemory } from './memory.ts';
import { OPTIMIZERS, type Optimizer } from './optimizers.ts';

export interface TrainingOptions extends FlowOptions, TrainingMemoryOptions {
  /** Which parts are done again in the backward pass in place of being kept: none, block, stage, attention, or a pattern for paths. */
  readonly checkpoint?: string | undefined;
  /** How many batches of the graph's size make one step; their gradients are added up. */
  readonly accumulate?: number | undefined;
}

/** One training step of a network. */
export interface Training extends StepWork {
  readonly name: string;
  readonly source: string;
  readonly input: readonly Shape[];
  readonly output: readonly Shape[];
  /** How many times forward and backward run before the weights are updated; the rows are of one of these. */
  readonly accumulate: number;
  /** Forward work that is done again in the backward pass, in each of them. */
  readonly recomputed: Counted;
  /** Names of the parts that are done again. */
  readonly checkpointed: readonly string[];
  /** Cross-entropy and its gradient, in each of them. */
  readonly loss: Counted;
  /** Adding the gradients of all of them up. */
  readonly accumulation: Counted;
  readonly update: Counted;
  readonly memory: TrainingMemory;
  /** All of one step. */
  readonly step: Counted;
}

const shapeOf = ({ shape }: { readonly shape: Shape }): Shape => shape;

const NOTHING: Counted = { macs: 0n, operations: {} };

/** Counts one training step. */
export function train(graph: Graph, options: TrainingOptions): Training {
  const flows = gradientFlowOf(graph, options);
  const regions = regionsOf(graph, options.checkpoint);
  const work = stepWork(graph, flows);
  const isLearning = work.trained > 0n || options.inputGradient === true;
  const again = regions.filter(({ nodes }) => nodes.some((index) => flows[index]?.needs !== undefined));
  const recomputed = sum(again.flatMap(({ nodes }) => nodes.map((index) => work.rows[index]?.forward ?? NOTHING)));
  const loss = isLearning ? lossWork(graph) : NOTHING;
  const { accumulate = 1, optimizer = 'adamw' } = options;
  const accumulation: Counted = accumulate === 1 ? NOTHING : { macs: 0n, operations: { add: work.trained * BigInt(accumulate - 1) } };
  const { operations }: Optimizer = OPTIMIZERS[optimizer];
  const perElement = Object.fromEntries(Object.entries(operations).map(([kind, times]) => [kind, BigInt(times)]));
  const update = scaled({ macs: 0n, operations: perElement }, work.trained);
  const once = sum([work.forward, recomputed, work.inputGradient, work.weightGradient, loss]);
  return {
    name: graph.name,
    source: graph.source,
    input: graph.inputs.map(({ tensor }) => tensor.shape),
    output: graph.outputs.map(shapeOf),
    ...work,
    accumulate,
    recomputed,
    checkpointed: again.map(({ name }) => name),
    loss,
    accumulation,
    update,
    memory: trainingMemory(graph, flows, regions, options),
    step: sum([scaled(once, BigInt(accumulate)), accumulation, update]),
  };
}
