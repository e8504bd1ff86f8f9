import type { Table } from '../kit/table.ts';
import { type Html, html } from './html.ts';

/** Rows that are seen at a glance. */
const FEW_ROWS = 20;

/** A bar in a cell of a row. */
export interface Bar {
  /** From 0 to 1. */
  readonly part: number;
  /** Number of its colour. */
  readonly tone: number;
}

/** Bars of a column, one for each row. */
export interface BarColumn {
  readonly column: number;
  readonly of: readonly (Bar | undefined)[];
}

/** Rows that a row above them sums up, and can hide. */
export interface Fold {
  readonly cells: readonly string[];
  /** Number of the first of its rows. */
  readonly first: number;
}

export interface TableLook {
  /** What the table is, for those who do not see it. */
  readonly caption: string;
  /** Bars beside figures. */
  readonly bars?: readonly BarColumn[];
  /** What the first cell of a row leads to. */
  readonly links?: readonly string[];
  /** It may have many rows: they can be filtered by name, and linked to: what their ids begin with, unlike any other in the page. */
  readonly ids?: string;
  /** Which rows can be folded. */
  readonly folds?: readonly Fold[];
  /** Class of the table. */
  readonly look?: string;
  /** Classes of rows. */
  readonly marks?: readonly string[];
}

/** Drawn with attributes: the page allows no styles inside tags. */
const drawBar = ({ part, tone }: Bar): Html =>
  html`<svg class="bar tone${tone}" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="1"/><rect class="fill" width="${Math.round(part * 1e4) / 100}" height="1"/></svg>`;

/** A place in a long path where a line may break. */
const breakable = (text: string): Html => html`${text.split('/').map((step, index) => (index === 0 ? step : html`<wbr>/${step}`))}`;

const isMonospaced = (header: string): boolean => ['formula', 'input', 'output'].includes(header);

/** A table that sorts by a click on a header, and scrolls in itself where it is too wide. */
export function htmlTable({ columns, rows, footer }: Table, { caption, look, bars = [], links, marks, ids, folds = [] }: TableLook): Html {
  const classOf = (column: number): string =>
    [columns[column]?.align === 'right' ? 'number' : '', isMonospaced(columns[column]?.header ?? '') ? 'code' : ''].join(' ').trim();
  const barsIn = new Map(bars.map(({ column, of }) => [column, of]));
  const first = (text: string, row: number): Html => {
    const link = links?.[row];
    return html`<th scope="row">${link === undefined ? breakable(text) : html`<a href="${link}">${text}</a>`}</th>`;
  };
  const cell = (text: string, column: number, row: number): Html => {
    if (column === 0) return first(text, row);
    const bar = barsIn.get(column)?.[row];
    return html`<td class="${classOf(column)}">${bar === undefined || bar.part === 0 ? text : html`${drawBar(bar)}${text}`}</td>`;
  };
  const sums = new Map(folds.map(({ first: at, cells }) => [at, cells]));
  const foldAt = (row: number): Html | '' => {
    const cells = sums.get(row);
    if (cells === undefined) return '';
    return html`<tr class="fold">${cells.map((text, column) =>
      column === 0
        ? html`<th scope="row"><button type="button" aria-expanded="true">${text}</button></th>`
        : html`<td class="${classOf(column)}">${text}</td>`,
    )}</tr>\n`;
  };
  const filter = html`<label class="filter">Filter <input type="search" autocomplete="off" spellcheck="false"> <output></output></label>\n`;
  return html`${ids === undefined || rows.length <= FEW_ROWS ? '' : filter}<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
<table class="${look === undefined ? 'sortable' : `sortable ${look}`}">
<caption>${caption}</caption>
<thead><tr>${columns.map(
    ({ header }, column) =>
      html`<th scope="col" class="${classOf(column)}"><button type="button">${header}<span aria-hidden="true"></span></button></th>`,
  )}</tr></thead>
<tbody>
${rows.map((row, index) => html`${foldAt(index)}<tr class="${marks?.[index] ?? ''}"${ids === undefined ? '' : html` id="${`${ids}:${(row[0] ?? '').replace(/\s/g, '_')}`}"`}>${row.map((text, column) => cell(text, column, index))}</tr>\n`)}</tbody>
${
  footer.length === 0
    ? ''
    : html`<tfoot>${footer.map((row) => html`<tr>${row.map((text, column) => (column === 0 ? html`<th scope="row">${text}</th>` : html`<td class="${classOf(column)}">${text}</td>`))}</tr>`)}</tfoot>`
}
</table>
</div>`;
}
