import type { Analysis } from '../../analysis/cost.ts';
import { rowsTable, shareBars } from '../../report/cost/html.ts';
import { costMap } from '../../report/cost/map.ts';
import { shownRows } from '../../report/cost/rows.ts';
import type { CostOptions } from '../../report/cost/table.ts';
import { type Html, html } from '../../report/html/html.ts';
import { type BarColumn, htmlTable } from '../../report/html/html-table.ts';
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
  readonly bars: BarColumn;
}

/** The rows of the model, each with a bar of its share. */
function drawn(analysis: Analysis, options: CostOptions): Drawn {
  const rows = shownRows(analysis, options);
  return { table: rowsTable(analysis, rows, options), bars: shareBars(analysis, rows, options) };
}

/** The table of costs, sorted, of at most so many rows; and how many are left out. */
export function costView(analysis: Analysis, state: PageState, most: number): { html: Html; hidden: number } {
  const { table, bars } = drawn(analysis, costOptions(state));
  const order = orderOf(table, state.sort);
  const shown = order.slice(0, most);
  const pick = <T>(all: readonly T[]): T[] => shown.map((index) => all[index] as T);
  return {
    html: htmlTable(
      { ...table, rows: pick(table.rows) },
      { caption: `What ${analysis.name} costs`, bars: [{ ...bars, of: pick(bars.of) }] },
    ),
    hidden: order.length - shown.length,
  };
}

export const mapView = (analysis: Analysis): Html =>
  html`<div class="maps">${costMap(analysis, 'macs')}${costMap(analysis, 'parameters')}</div>`;
