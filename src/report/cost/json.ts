import type { Analysis, Cost, CostRow, Counter } from '../../analysis/cost.ts';
import { cacheOf } from '../../analysis/memory.ts';
import { macsOnPadding } from '../../analysis/padding.ts';
import { LIBRARY_HINTS } from '../../problems/hints.ts';
import { sentenceIn } from '../../problems/problem.ts';
import { macFormula } from '../kit/formula.ts';
import { toJson } from '../kit/json-text.ts';
import { type ExtraOptions, extraFields, memoryField } from './extra-columns.ts';
import { type RowOptions, type ShownRow, shownRows } from './rows.ts';

const costFields = ({ parameters, activeParameters, embeddingParameters, macs, masked, flops, activations, operations }: Cost) => ({
  parameters,
  activeParameters,
  embeddingParameters,
  macs,
  masked,
  flops,
  activations,
  operations,
});

/** What the convention counts, and how much only padding needs, if these were asked for. */
const askedFields = (rows: readonly CostRow[], counter: Counter | undefined, { padding = false }: RowOptions) => ({
  ...(counter === undefined ? {} : { count: counter.count(rows) }),
  ...(padding ? { padding: macsOnPadding(rows) } : {}),
});

const layerFields = (counter: Counter | undefined, options: RowOptions) => (row: CostRow) => ({
  path: row.path,
  operator: row.operator,
  input: row.input,
  output: row.output,
  ...costFields(row),
  ...askedFields([row], counter, options),
  formula: macFormula(row.work),
  weights: Object.fromEntries(Object.entries(row.weights).map(([role, { shape }]) => [role, shape])),
});

const groupFields = (counter: Counter | undefined, options: RowOptions) => (row: ShownRow) => ({
  name: row.name,
  layers: row.layers,
  input: row.input,
  output: row.output,
  ...costFields(row),
  ...askedFields(row.rows, counter, options),
});

/** Elements that are kept for the next step, where any are. Bytes of a type are in `memory`. */
function cacheField({ graph }: Analysis): unknown {
  const { bytes, bytesPerToken } = cacheOf(graph, { dtype: 'int8' });
  return bytes === 0n ? undefined : { elements: bytes, elementsPerToken: bytesPerToken };
}

/** What a config.json gave, where one did. */
function configField({ graph: { config } }: Analysis): unknown {
  if (config === undefined) return undefined;
  const { parameters, defaults } = config;
  return { ...config, parameters: Object.fromEntries(parameters), defaults: Object.fromEntries(defaults) };
}

/** The file of weights beside it, where there is one. */
function storedField({ graph: { stored } }: Analysis): unknown {
  return stored && { ...stored, bytesByType: Object.fromEntries(stored.bytesByType) };
}

/**
 * A model as JSON: the fields of the contract, `layers` in execution order; and `groups` where rows are
 * grouped, sorted or cut.
 */
export function modelJson(analysis: Analysis, options: RowOptions & ExtraOptions): unknown {
  const extra = extraFields(analysis, options);
  const { by = 'layer', depth, tree, sort, top } = options;
  const isPlain = by === 'layer' && (depth ?? tree ?? sort ?? top) === undefined;
  const { counter } = analysis;
  return {
    model: { name: analysis.name, source: analysis.source },
    convention: counter?.convention ?? 'macs',
    unit: counter?.unit,
    input: analysis.input,
    output: analysis.output,
    totals: { ...costFields(analysis.totals), ...askedFields(analysis.rows, counter, options) },
    memory: memoryField(analysis, options),
    cache: cacheField(analysis),
    config: configField(analysis),
    weights: storedField(analysis),
    unknown: analysis.graph.unknown,
    warnings: analysis.graph.warnings?.map((problem) => ({
      code: problem.code,
      path: problem.path,
      message: sentenceIn(options.hints ?? LIBRARY_HINTS, problem),
    })),
    groups: isPlain
      ? undefined
      : shownRows(analysis, options).map((row) => ({ ...groupFields(counter, options)(row), ...extra(row.rows) })),
    layers: analysis.rows.map((row) => ({ ...layerFields(counter, options)(row), ...extra([row]) })),
  };
}

/** One model as an object, several as a list. */
export function costJson(analyses: readonly Analysis[], options: RowOptions & ExtraOptions): string {
  const models = analyses.map((analysis) => modelJson(analysis, options));
  return toJson(models.length === 1 ? models[0] : models);
}
