import { OPERATIONS } from '../core/work.ts';
import type { Analysis } from './cost.ts';
import { depthOf } from './layer-depth.ts';
import { cacheOf, type MemoryOptions, memoryOf } from './memory.ts';
import { type Field, receptiveFields } from './receptive-field.ts';

/** What models are compared by. */
export const METRICS = {
  macs: 'MACs',
  flops: 'FLOPs',
  parameters: 'parameters',
  activeParameters: 'active parameters',
  operations: 'operations',
  activations: 'activations',
  layers: 'layers',
  depth: 'depth',
  receptiveField: 'receptive field',
  weightBytes: 'weight bytes',
  peakBytes: 'peak bytes',
  cacheBytes: 'cache bytes',
} as const;

export type Metric = keyof typeof METRICS;

/** A value for each metric; `undefined` where there is none: the grid of the input is lost, or it has none. */
export type Measures = Readonly<Record<Metric, bigint | undefined>>;

/** The widest field of any output, along the axis on which it is widest. */
function widest(all: readonly (readonly Field[])[]): bigint | undefined {
  const sizes = all.flat().map(({ size }) => size);
  const size = Math.max(...sizes);
  return Number.isSafeInteger(size) ? BigInt(size) : undefined;
}

/** The field of what the network puts out: that of the nodes that make its outputs. */
function outputField({ graph }: Analysis): bigint | undefined {
  const fields = receptiveFields(graph);
  const outputs = new Set(graph.outputs);
  return widest(fields.filter((_, index) => graph.nodes[index]?.outputs.some((tensor) => outputs.has(tensor))));
}

/** Measures one model. */
export function measure(analysis: Analysis, options: MemoryOptions): Measures {
  const { parameters, activeParameters, macs, flops, activations, operations } = analysis.totals;
  const memory = memoryOf(analysis.graph, options);
  return {
    parameters,
    activeParameters,
    macs,
    flops,
    operations: OPERATIONS.reduce((total, kind) => total + (operations[kind] ?? 0n), 0n),
    activations,
    layers: BigInt(analysis.rows.length),
    depth: BigInt(depthOf(analysis.graph)),
    receptiveField: outputField(analysis),
    weightBytes: memory.weights,
    peakBytes: memory.peak,
    cacheBytes: cacheOf(analysis.graph, options).bytes,
  };
}
