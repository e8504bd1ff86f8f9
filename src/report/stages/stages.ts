import type { Analysis } from '../../analysis/cost.ts';
import { tableText } from '../../analysis/drawing/look.ts';
import { type Stage, stagesOf } from '../../analysis/drawing/stages.ts';
import type { LabelRun } from '../../analysis/drawing/summary.ts';
import { wellFormed } from '../html/html.ts';
import { renderCsv } from '../kit/csv.ts';
import { toJson } from '../kit/json-text.ts';
import { latexText } from '../kit/latex.ts';
import { escaped } from '../kit/markdown.ts';
import { type NumberOptions, numberFormat } from '../kit/number.ts';
import { type Column, type Table, withColumns } from '../kit/table.ts';
import { renderTable, type Screen } from '../kit/terminal.ts';

/** Models by their stages, as in Table 1 of He et al. 2015. */

/** The layers of a part; strides only where all of its blocks have the same. */
export const textsOf = ({ labels, isUniform }: LabelRun): string[] =>
  labels.map((label) => tableText(isUniform ? label : { ...label, stride: '' }));

/** `7×7, 64, stride 2`, or `[3×3, 64; 3×3, 64] ×2` */
export function partText(part: LabelRun): string {
  const texts = textsOf(part);
  const times = part.times > 1 ? ` ×${part.times}` : '';
  return texts.length === 1 ? `${texts[0]}${times}` : `[${texts.join('; ')}]${times || ' ×1'}`;
}

/** `56×56`, or what each model has where they differ. */
export const sizeOf = ({ sizes }: Stage): string => {
  const known = [...new Set(sizes.flatMap((size) => size ?? []))];
  return known.length === 1 ? (known[0] as string) : sizes.map((size) => size ?? '–').join(', ');
};

interface TotalRow {
  readonly label: string;
  readonly values: readonly bigint[];
}

/** MACs, which are the FLOPs of the paper, what was asked to be counted beside them, and FLOPs in the last row. */
export function totalRows(analyses: readonly Analysis[]): TotalRow[] {
  const title = analyses[0]?.counter?.title;
  return [
    { label: 'MACs', values: analyses.map(({ totals }) => totals.macs) },
    ...(title === undefined ? [] : [{ label: title, values: analyses.map(({ counter, rows }) => counter?.count(rows) ?? 0n) }]),
    { label: 'FLOPs', values: analyses.map(({ totals }) => totals.flops) },
  ];
}

/** Lines of each cell, the stage and its size first. */
const rowsOf = (stages: readonly Stage[]): string[][][] =>
  stages.map((stage) => [[stage.name], [sizeOf(stage)], ...stage.parts.map((parts) => parts.map(partText))]);

const headersOf = (analyses: readonly Analysis[]): string[] => ['layer', 'output size', ...analyses.map(({ name }) => name)];

const totalCells = ({ label, values }: TotalRow, options: NumberOptions): string[] => [label, '', ...values.map(numberFormat(options))];

export function stagesText(analyses: readonly Analysis[], options: NumberOptions, screen: Screen): string {
  const stages = stagesOf(analyses);
  const columns = headersOf(analyses).map((header): Column => ({ header, align: 'left', drop: 0 }));
  const rows = rowsOf(stages).flatMap((cells) => {
    const height = Math.max(...cells.map(({ length }) => length));
    return Array.from({ length: height }, (_, line) => cells.map((cell) => cell[line] ?? ''));
  });
  const table: Table = { columns, rows, footer: totalRows(analyses).map((row) => totalCells(row, options)) };
  return renderTable(
    withColumns(
      table,
      columns.map((_, place) => place),
    ),
    screen,
  );
}

export function stagesMarkdown(analyses: readonly Analysis[], options: NumberOptions): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const headers = headersOf(analyses);
  return [
    line(headers.map(escaped)),
    line(headers.map((_, place) => (place < 2 ? ':--' : ':-:'))),
    ...rowsOf(stagesOf(analyses)).map((cells) => line(cells.map((lines) => lines.map(escaped).join('<br>')))),
    ...totalRows(analyses).map((row) => line(totalCells(row, options).map((cell) => (cell === '' ? '' : `**${escaped(cell)}**`)))),
  ].join('\n');
}

export const stagesCsv = (analyses: readonly Analysis[]): string =>
  renderCsv(headersOf(analyses), [
    ...rowsOf(stagesOf(analyses)).map((cells) => cells.map((lines) => lines.join(', '))),
    ...totalRows(analyses).map(({ label, values }) => [label, '', ...values]),
  ]);

const partFields = (part: LabelRun): unknown => ({ layers: textsOf(part), times: part.times });

export const stagesJson = (analyses: readonly Analysis[]): string =>
  toJson({
    stages: stagesOf(analyses).map(({ name, sizes, parts }) => ({
      name,
      models: analyses.map((analysis, model) => ({
        name: analysis.name,
        output: sizes[model] ?? null,
        parts: (parts[model] ?? []).map(partFields),
      })),
    })),
    totals: Object.fromEntries(
      totalRows(analyses).map(({ label, values }) => [label, Object.fromEntries(analyses.map(({ name }, model) => [name, values[model]]))]),
    ),
  });

/** Cells beside each other that say the same are one. */
export function spans(cells: readonly string[]): { readonly text: string; readonly count: number }[] {
  const found: { text: string; count: number }[] = [];
  for (const text of cells) {
    const last = found.at(-1);
    if (last !== undefined && last.text === text && text !== '') last.count++;
    else found.push({ text, count: 1 });
  }
  return found;
}

function partLatex(part: LabelRun): string {
  const texts = textsOf(part).map((text) => latexText(wellFormed(text)));
  const times = part.times > 1 ? `$\\,\\times\\,${part.times}$` : '';
  if (texts.length === 1) return `${texts[0]}${times}`;
  return `$\\left[\\begin{tabular}{@{}c@{}}${texts.join(' \\\\ ')}\\end{tabular}\\right]${part.times > 1 ? `\\times ${part.times}` : '\\times 1'}$`;
}

const stacked = (lines: readonly string[]): string =>
  lines.length < 2 ? (lines[0] ?? '') : `\\begin{tabular}[c]{@{}c@{}}${lines.join(' \\\\ ')}\\end{tabular}`;

/** A tabular of LaTeX, which needs no package. */
export function stagesLatex(analyses: readonly Analysis[], options: NumberOptions): string {
  const text = (cell: string): string => latexText(wellFormed(cell));
  const merged = (cells: readonly string[]): string =>
    spans(cells)
      .map(({ text: cell, count }) => (count === 1 ? cell : `\\multicolumn{${count}}{c|}{${cell}}`))
      .join(' & ');
  const line = (cells: readonly string[]): string => `${cells.join(' & ')} \\\\ \\hline`;
  return [
    `\\begin{tabular}{|c|c|${'c|'.repeat(analyses.length)}}`,
    '\\hline',
    line(headersOf(analyses).map(text)),
    ...stagesOf(analyses).map((stage) => {
      const cells = stage.parts.map((parts) => stacked(parts.map(partLatex)));
      return line([text(stage.name), text(sizeOf(stage)), merged(cells)]);
    }),
    ...totalRows(analyses).map(({ label, values }) =>
      line([`\\multicolumn{2}{|c|}{${text(label)}}`, ...values.map(numberFormat(options)).map(text)]),
    ),
    '\\end{tabular}',
  ].join('\n');
}
