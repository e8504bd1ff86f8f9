import type { Analysis } from '../../analysis/cost.ts';
import { stageOf } from '../../analysis/group.ts';
import { rowsTable } from '../../report/cost/html.ts';
import { costMap, fraction, tonesOf } from '../../report/cost/map.ts';
import { shownRows } from '../../report/cost/rows.ts';
import type { CostOptions } from '../../report/cost/table.ts';
import { type Html, html } from '../../report/html/html.ts';
import { type Bar, htmlTable } from '../../report/html/html-table.ts';
import type { Table } from '../../report/kit/table.ts';
import type { PageState } from '../address.ts';
import { orderOf } from './order.ts';

/** What the table of costs shows. */
export const costOptions = ({ by, columns }: PageState): CostOptions => ({
  by,
  exact: true,
  formula: columns.includes('formula'),
  memory: columns.includes('memory'),
  receptiveField: columns.includes('field'),
  padding: columns.includes('padding'),
  masked: columns.includes('masked'),
});

interface Drawn {
  readonly table: Table;
  readonly bars: readonly Bar[];
}

/** The rows of the model, each with a bar of its share. */
function drawn(analysis: Analysis, options: CostOptions): Drawn {
  const tones = tonesOf(analysis);
  const rows = shownRows(analysis, options);
  const most = rows.reduce((max, { macs }) => (macs > max ? macs : max), 0n);
  const bars = rows.map(({ macs, rows: [first] }) => ({ part: fraction(macs, most), tone: tones.get(stageOf(first?.path ?? '')) ?? 0 }));
  return { table: rowsTable(analysis, options), bars };
}

/** The table of costs, sorted, of at most so many rows; and how many are left out. */
export function costView(analysis: Analysis, state: PageState, most: number): { html: Html; hidden: number } {
  const { table, bars } = drawn(analysis, costOptions(state));
  const order = orderOf(table, state.sort);
  const shown = order.slice(0, most);
  const pick = <T>(all: readonly T[]): T[] => shown.map((index) => all[index] as T);
  return {
    html: htmlTable({ ...table, rows: pick(table.rows) }, { caption: `What ${analysis.name} costs`, bars: pick(bars) }),
    hidden: order.length - shown.length,
  };
}

export const mapView = (analysis: Analysis): Html =>
  html`<div class="maps">${costMap(analysis, 'macs')}${costMap(analysis, 'parameters')}</div>`;
