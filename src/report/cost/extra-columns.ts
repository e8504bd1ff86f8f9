import type { Analysis, CostRow } from '../../analysis/cost.ts';
import { type Cache, cacheOf, describeTypes, type MemoryOptions, memoryOf, memoryRule, weightBytes } from '../../analysis/memory.ts';
import { type Field, receptiveFields } from '../../analysis/receptive-field.ts';
import { sum } from '../../core/exact.ts';
import type { Hints } from '../../problems/hints.ts';
import { byteFormat, type NumberFormat, type NumberOptions } from '../kit/number.ts';
import type { ColumnOf } from '../kit/table.ts';
import type { ShownRow } from './rows.ts';

/** What a table can tell of each layer beside its cost. */
export interface ExtraOptions extends MemoryOptions, NumberOptions {
  readonly memory?: boolean | undefined;
  readonly receptiveField?: boolean | undefined;
  /** In whose words warnings advise; the library's if left out. */
  readonly hints?: Hints | undefined;
}

/** One thing more about rows. */
interface Extra {
  readonly key: string;
  readonly header: string;
  readonly drop: number;
  readonly of: (rows: readonly CostRow[]) => bigint | readonly number[] | undefined;
}

type ByRow<T> = ReadonlyMap<CostRow, T>;

const byRow = <T>({ rows }: Analysis, values: readonly T[]): ByRow<T> => new Map(rows.map((row, index) => [row, values[index] as T]));

function memoryExtras(analysis: Analysis, options: ExtraOptions): Extra[] {
  const alive = byRow(analysis, memoryOf(analysis.graph, options).alive);
  const most = (rows: readonly CostRow[]) => rows.map((row) => alive.get(row) ?? 0n).reduce((a, b) => (a > b ? a : b), 0n);
  const cache = cacheOf(analysis.graph, options);
  const kept = byRow(analysis, cache.byNode);
  const cached = (rows: readonly CostRow[]) => sum(rows.map((row) => kept.get(row)?.bytes ?? 0n));
  return [
    { key: 'weightBytes', header: 'weight bytes', drop: 1, of: (rows) => weightBytes(rows, options) },
    { key: 'aliveBytes', header: 'alive bytes', drop: 0, of: most },
    ...(cache.bytes > 0n ? [{ key: 'cacheBytes', header: 'cache bytes', drop: 0, of: cached }] : []),
  ];
}

function fieldExtras(analysis: Analysis): Extra[] {
  const fields = byRow(analysis, receptiveFields(analysis.graph));
  const last = (pick: (field: Field) => number) => (rows: readonly CostRow[]) => {
    const row = rows.at(-1);
    return row && fields.get(row)?.map(pick);
  };
  return [
    { key: 'receptiveField', header: 'receptive field', drop: 0, of: last(({ size }) => size) },
    { key: 'receptiveStride', header: 'stride', drop: 1, of: last(({ stride }) => stride) },
  ];
}

const extrasOf = (analysis: Analysis, options: ExtraOptions): Extra[] => [
  ...(options.memory === true ? memoryExtras(analysis, options) : []),
  ...(options.receptiveField === true ? fieldExtras(analysis) : []),
];

const size = (value: number): string => (Number.isFinite(value) ? String(Math.round(value * 1000) / 1000) : '–');

/** One number where all axes agree: `11`; else one for each: `11×7`. */
const perAxis = (values: readonly number[]): string => (new Set(values).size <= 1 ? values.slice(0, 1) : values).map(size).join('×');

const text = (value: ReturnType<Extra['of']>, bytes: NumberFormat): string =>
  value === undefined ? '' : typeof value === 'bigint' ? (value === 0n ? '–' : bytes(value)) : perAxis(value);

/** Columns for the options that were given. */
export const extraColumns = (analysis: Analysis, options: ExtraOptions): ColumnOf<ShownRow>[] =>
  extrasOf(analysis, options).map(({ header, drop, of }) => ({
    header,
    align: 'right',
    drop,
    cell: ({ rows }) => text(of(rows), byteFormat(options)),
  }));

/** `NaN` is no JSON. */
const plain = (value: ReturnType<Extra['of']>): unknown =>
  Array.isArray(value) ? value.map((one: number) => (Number.isFinite(one) ? one : null)) : value;

/** The same as fields of JSON. */
export function extraFields(analysis: Analysis, options: ExtraOptions): (rows: readonly CostRow[]) => Record<string, unknown> {
  const extras = extrasOf(analysis, options);
  return (rows) => Object.fromEntries(extras.map(({ key, of }) => [key, plain(of(rows))]));
}

/** The same as fields of CSV, a header first. */
export const extraHeaders = (analyses: readonly Analysis[], options: ExtraOptions): string[] => [
  ...(options.memory === true ? ['weight_bytes', 'alive_bytes'] : []),
  ...(options.memory === true && analyses.some(({ graph }) => cacheOf(graph).bytes > 0n) ? ['cache_bytes'] : []),
  ...(options.receptiveField === true ? ['receptive_field', 'receptive_stride'] : []),
];

export function extraCells(analysis: Analysis, options: ExtraOptions): (rows: readonly CostRow[]) => (bigint | string)[] {
  const extras = extrasOf(analysis, options);
  return (rows) =>
    extras.map(({ of }) => {
      const value = of(rows);
      return typeof value === 'bigint' ? value : text(value, String);
    });
}

function describeCache({ bytes, bytesPerToken }: Cache, options: ExtraOptions): string {
  const format = byteFormat(options);
  return `${format(bytes)} kept for the next step, ${format(bytesPerToken)} for each token more (${options.dtype ?? 'fp32'})`;
}

/** The totals of memory in words, and the rule behind them. */
export function describeMemory({ graph }: Analysis, options: ExtraOptions): [string, string][] {
  if (options.memory !== true) return [];
  const { weights, peak, peakAt } = memoryOf(graph, options);
  const cache = cacheOf(graph, options);
  const at = peakAt === '' ? 'at the start' : `at ${peakAt}`;
  const format = byteFormat(options);
  return [
    ['memory', `${format(weights)} of weights, peak ${format(peak)} ${at} (${describeTypes(graph, options)})`],
    ...(cache.bytes > 0n ? [['cache', describeCache(cache, options)] satisfies [string, string]] : []),
    ['memory rule', `Weights are all tensors that layers hold. ${memoryRule(options)}`],
  ];
}

/** The same as a field of JSON. */
export function memoryField({ graph }: Analysis, options: ExtraOptions): unknown {
  if (options.memory !== true) return undefined;
  const { weights, peak, peakAt } = memoryOf(graph, options);
  const cache = cacheOf(graph, options);
  return {
    dtype: options.dtype ?? 'fp32',
    types: describeTypes(graph, options),
    inplace: options.inplace ?? false,
    weightBytes: weights,
    peakBytes: peak,
    peakAt,
    cacheBytes: cache.bytes,
    cacheBytesPerToken: cache.bytesPerToken,
    rule: memoryRule(options),
  };
}
