import * as z from 'zod/mini';
import type { Shape } from '../../core/shape.ts';
import { TOTAL_METRICS } from '../../language/budget.ts';
import { fail } from '../../problems/problem.ts';
import { withoutControls } from '../../problems/text.ts';
import type { LayerRecord, ModelRecord } from './result.ts';
import { isTold, type Totals, USUAL, withUsual } from './usual-totals.ts';

/** The file of a baseline: models sorted, a line for each layer, so that a change of it can be reviewed. */

const FORMAT = 'flopwise baseline';
const BASELINE_VERSION = 1;

/** JSON has no exact integers past 2^53; those are written as texts. */
const countText = (count: bigint): string => (count <= BigInt(Number.MAX_SAFE_INTEGER) ? String(count) : `"${count}"`);

const fields = (entries: readonly (readonly [string, string])[]): string =>
  `{ ${entries.map(([key, text]) => `${JSON.stringify(key)}: ${text}`).join(', ')} }`;

const shapesText = (shapes: readonly Shape[]): string => JSON.stringify(shapes).replaceAll(',', ', ');

const layerText = ({ path, operator, input, output, parameters, macs, activations, operations }: LayerRecord): string =>
  fields([
    ['path', JSON.stringify(path)],
    ['operator', JSON.stringify(operator)],
    ['input', shapesText(input)],
    ['output', shapesText(output)],
    ['parameters', countText(parameters)],
    ['macs', countText(macs)],
    ['activations', countText(activations)],
    ['operations', countText(operations)],
  ]);

const listText = (items: readonly string[], indent: string): string =>
  items.length === 0 ? '[]' : `[\n${indent}  ${items.join(`,\n${indent}  `)}\n${indent}]`;

const modelText = ({ name, source, totals, layers }: ModelRecord): string =>
  [
    '{',
    `      "name": ${JSON.stringify(name)},`,
    `      "source": ${JSON.stringify(source)},`,
    `      "totals": ${fields(TOTAL_METRICS.filter((metric) => isTold(metric, totals)).map((metric) => [metric, countText(totals[metric])]))},`,
    `      "layers": ${listText(layers.map(layerText), '      ')}`,
    '    }',
  ].join('\n');

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** By source, then by name, whatever the language of the machine. */
export const inOrder = <M extends { readonly source: string; readonly name: string }>(models: readonly M[]): M[] =>
  models.toSorted((a, b) => compare(a.source, b.source) || compare(a.name, b.name));

const modelsText = (models: readonly ModelRecord[]): string => listText(inOrder(models).map(modelText), '  ');

/** The hash of a text: `sha256:…`. Handed in, since browsers and Node have different ones. */
export type Hash = (text: string) => string;

/** The text of the file. The same models give the same text, in whatever order they come. */
export function baselineText(models: readonly ModelRecord[], hash: Hash): string {
  const text = modelsText(models);
  return `{\n  "format": "${FORMAT}",\n  "version": ${BASELINE_VERSION},\n  "hash": "${hash(text)}",\n  "models": ${text}\n}\n`;
}

const count = z.pipe(
  z.union([z.int().check(z.minimum(0)), z.string().check(z.regex(/^\d{1,100}$/))]),
  z.transform((value) => BigInt(value)),
);
const shapes = z.array(z.array(z.int().check(z.minimum(0))));
const layer = z.strictObject({
  path: z.string(),
  operator: z.string(),
  input: shapes,
  output: shapes,
  parameters: count,
  macs: count,
  activations: count,
  operations: count,
});
const totals = z.pipe(
  z.strictObject(Object.fromEntries(TOTAL_METRICS.map((metric) => [metric, metric in USUAL ? z.optional(count) : count]))),
  z.transform((given) => withUsual(given as Partial<Totals>)),
);
const file = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(BASELINE_VERSION),
  hash: z.string(),
  models: z.array(z.strictObject({ name: z.string(), source: z.string(), totals, layers: z.array(layer) })),
});

/** The record with names that a terminal can show: anybody may have written the file. */
const cleaned = ({ name, source, layers, ...record }: ModelRecord): ModelRecord => ({
  ...record,
  name: withoutControls(name),
  source: withoutControls(source),
  layers: layers.map((layer) => ({ ...layer, path: withoutControls(layer.path), operator: withoutControls(layer.operator) })),
});

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Reads the file.
 * @throws ProblemError where it is none, of another version, or was changed since it was written.
 */
export function parseBaseline(text: string, path: string, hash: Hash): ModelRecord[] {
  const raw = parseJson(text);
  if (raw === undefined) throw fail('NOT_A_BASELINE', { path, reason: 'it is no JSON' });
  const { format, version } = (typeof raw === 'object' && raw !== null ? raw : {}) as { format?: unknown; version?: unknown };
  if (format !== FORMAT) throw fail('NOT_A_BASELINE', { path, reason: `it does not say "format": "${FORMAT}"` });
  if (version !== BASELINE_VERSION) throw fail('BASELINE_VERSION', { path, version: String(version), known: BASELINE_VERSION });
  const read = z.safeParse(file, raw);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw fail('NOT_A_BASELINE', { path, reason: `${issue?.path.join('.') || 'it'} is not what it must be` });
  }
  const { models, hash: expected } = read.data;
  const actual = hash(modelsText(models));
  if (actual !== expected) throw fail('BASELINE_CHANGED', { path, expected, actual });
  return models.map(cleaned);
}
