import { existsSync, readFileSync } from 'node:fs';
import type { Analysis, CostRow } from '../../src/analysis/cost.ts';
import { formatShape } from '../../src/core/shape.ts';
import type { OperatorName } from '../../src/operators/registry.ts';

/** Per-layer figures measured with torch 1.13.1 and torchvision 0.14.1, where they are at hand. */
const measured = (model: string): URL => new URL(`../../../shared/truth/layers/${model}.json`, import.meta.url);

/** One module of the published implementation, in the order in which it ran. */
interface MeasuredLayer {
  readonly name: string;
  readonly type: string;
  readonly in: readonly number[];
  readonly out: readonly number[];
  readonly params: number;
  readonly macs?: number;
}

/** The operator of each type of module that was measured. */
const OPERATORS: Readonly<Record<string, OperatorName>> = {
  Conv2d: 'conv',
  Linear: 'linear',
  BatchNorm2d: 'batchnorm',
  LayerNorm: 'layernorm',
  LayerNorm2d: 'layernorm',
};

const lineOf = (
  operator: string,
  input: readonly number[],
  output: readonly number[],
  parameters: number | bigint,
  macs: number | bigint,
) => `${operator} ${formatShape(input)} → ${formatShape(output)}, ${parameters} parameters, ${macs} MACs`;

const counted = ({ operator, input, output, parameters, macs }: CostRow): string =>
  lineOf(operator, input[0] ?? [], output[0] ?? [], parameters, macs);

/** Whether there are per-layer figures for the model. */
export const isMeasured = (model: string): boolean => existsSync(measured(model));

/**
 * Convolutions, linear layers and norms of a model, in order: a line for each, as measured and as counted. Only modules
 * were measured: `isModule` tells them from what the published implementation computes with a plain function.
 */
export function layersOf(
  model: string,
  analysis: Analysis,
  isModule: (row: CostRow) => boolean = () => true,
): { measured: string[]; counted: string[] } {
  const layers: readonly MeasuredLayer[] = JSON.parse(readFileSync(measured(model), 'utf8'));
  const operators = new Set<string>(Object.values(OPERATORS));
  return {
    measured: layers.map((layer) => lineOf(OPERATORS[layer.type] ?? layer.type, layer.in, layer.out, layer.params, layer.macs ?? 0)),
    counted: analysis.rows.filter((row) => operators.has(row.operator) && isModule(row)).map(counted),
  };
}
