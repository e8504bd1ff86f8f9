import type { Analysis, CostRow } from '../../analysis/cost.ts';
import { groupBy } from '../../analysis/group.ts';
import { bytesMoved, intensityOf } from '../../analysis/intensity.ts';
import { type MemoryOptions, memoryOf } from '../../analysis/memory.ts';
import { receptiveFields } from '../../analysis/receptive-field.ts';
import { exact, readable, withUnit } from '../kit/number.ts';
import type { NamedX, Panel, Plot, PlotPoint, Series } from './plot.ts';

/** What can be plotted. */
export const PLOTS = {
  cost: 'MACs and receptive field, layer by layer',
  memory: 'bytes that are alive while each layer runs',
  roofline: 'MACs of each layer by its MACs per byte',
  cumulative: 'MACs up to each layer',
} as const;

export type PlotName = keyof typeof PLOTS;

const ORDER = 'layers in execution order';

const macsOf = ({ macs }: CostRow): bigint => macs;

/** Where the stages of a model begin. */
function stagesOf(analysis: Analysis): NamedX[] {
  const placeOf = new Map(analysis.rows.map((row, index) => [row, index]));
  return groupBy(analysis, 'stage').map(({ name, rows: [first] }) => ({ name, x: (first && placeOf.get(first)) ?? 0 }));
}

/** A value for each layer, with the layer's name and the value to the last digit. */
const byLayer = ({ rows }: Analysis, of: (row: CostRow, index: number) => bigint, unit: string): PlotPoint[] =>
  rows.map((row, index) => {
    const value = of(row, index);
    return { x: index, y: Number(value), title: `${row.path}: ${exact(value)} ${unit}` };
  });

const cost = (analyses: readonly Analysis[]): Plot => {
  const [analysis] = analyses as [Analysis];
  const fields = receptiveFields(analysis.graph);
  const sizes = fields.map((axes) => Math.max(...axes.map(({ size }) => size)));
  const known = analysis.rows.flatMap(({ path }, index): PlotPoint[] => {
    const size = sizes[index] as number;
    return Number.isFinite(size) ? [{ x: index, y: size, title: `${path}: ${size}` }] : [];
  });
  return {
    title: `What the layers of ${analysis.name} cost`,
    x: { label: ORDER, isLog: false, most: analysis.rows.length, places: stagesOf(analysis) },
    panels: [
      { label: 'MACs', isLog: false, series: [{ name: analysis.name, look: 'bars', points: byLayer(analysis, macsOf, 'MACs') }] },
      ...(known.length === 0
        ? []
        : [{ label: 'receptive field', isLog: false, series: [{ name: analysis.name, look: 'line', points: known } satisfies Series] }]),
    ],
  };
};

const memory = (analyses: readonly Analysis[], options: MemoryOptions): Plot => {
  const [analysis] = analyses as [Analysis];
  const { alive, peak, peakAt } = memoryOf(analysis.graph, options);
  const at = Math.max(
    analysis.rows.findIndex(({ path }) => path === peakAt),
    0,
  );
  const points = byLayer(analysis, (_, index) => alive[index] as bigint, 'bytes');
  const last = points.at(-1);
  return {
    title: `Memory of ${analysis.name}`,
    x: { label: ORDER, isLog: false, most: analysis.rows.length, places: stagesOf(analysis) },
    panels: [
      {
        label: `bytes alive (${options.dtype ?? 'fp32'})`,
        isLog: false,
        series: [{ name: analysis.name, look: 'steps', points: last === undefined ? [] : [...points, { ...last, x: points.length }] }],
        mark: { x: at + 0.5, y: Number(peak), text: `${withUnit(peak, 'B')}${peakAt === '' ? '' : ` at ${peakAt}`}` },
      },
    ],
  };
};

const roofline = (analyses: readonly Analysis[], options: MemoryOptions): Plot => ({
  title: `Arithmetic intensity of ${analyses.map(({ name }) => name).join(' and ')}`,
  x: { label: `MACs per byte moved (${options.dtype ?? 'fp32'})`, isLog: true, most: 0 },
  panels: [
    {
      label: 'MACs of a layer',
      isLog: true,
      series: analyses.map(({ name, rows }) => ({
        name,
        look: 'points',
        points: rows.flatMap((row): PlotPoint[] => {
          const x = intensityOf(row, options);
          if (x === undefined) return [];
          return [{ x, y: Number(row.macs), title: `${row.path}: ${exact(row.macs)} MACs, ${exact(bytesMoved(row, options))} bytes` }];
        }),
      })),
    },
  ],
});

const cumulative = (analyses: readonly Analysis[]): Plot => ({
  title: `MACs up to each layer of ${analyses.map(({ name }) => name).join(' and ')}`,
  x: { label: 'per cent of the layers', isLog: false, most: 100 },
  panels: [
    {
      label: 'MACs',
      isLog: false,
      series: analyses.map(({ name, rows, totals }) => {
        let sum = 0n;
        const points = rows.map((row, index): PlotPoint => {
          sum += row.macs;
          return { x: (100 * (index + 1)) / rows.length, y: Number(sum), title: row.path };
        });
        return { name: `${name}: ${readable(totals.macs)}MAC`, look: 'line', points: [{ x: 0, y: 0, title: name }, ...points] };
      }),
    },
  ],
});

const MAKERS: { readonly [P in PlotName]: (analyses: readonly Analysis[], options: MemoryOptions) => Plot } = {
  cost,
  memory,
  roofline,
  cumulative,
};

const highest = ({ series }: Panel): number => series.flatMap(({ points }) => points.map(({ y }) => y)).reduce((a, b) => Math.max(a, b), 0);

/** Plots of the same of several models, on one scale. */
function onOneScale(plots: readonly Plot[]): Plot[] {
  const most = new Map<string, number>();
  for (const panel of plots.flatMap(({ panels }) => panels)) most.set(panel.label, Math.max(most.get(panel.label) ?? 0, highest(panel)));
  return plots.map((plot) => ({ ...plot, panels: plot.panels.map((panel) => ({ ...panel, most: most.get(panel.label) ?? 0 })) }));
}

/** Plots of some models: those of one model for each, on one scale, those that compare once for all. */
export const plotsOf = (what: PlotName, analyses: readonly Analysis[], options: MemoryOptions = {}): Plot[] =>
  what === 'cost' || what === 'memory'
    ? onOneScale(analyses.map((analysis) => MAKERS[what]([analysis], options)))
    : [MAKERS[what](analyses, options)];
