import type { Shape } from '../../core/shape.ts';
import type { Graph } from '../../graph/graph.ts';
import type { FlowOptions } from './flow.ts';
import { type StepWork, stepWork } from './training.ts';

export type TrainingOptions = FlowOptions;

/** One training step of a network. */
export interface Training extends StepWork {
  readonly name: string;
  readonly source: string;
  readonly input: readonly Shape[];
  readonly output: readonly Shape[];
}

const shapeOf = ({ shape }: { readonly shape: Shape }): Shape => shape;

/** Counts one training step. */
export const train = (graph: Graph, options: TrainingOptions): Training => ({
  name: graph.name,
  source: graph.source,
  input: graph.inputs.map(({ tensor }) => tensor.shape),
  output: graph.outputs.map(shapeOf),
  ...stepWork(graph, options),
});
