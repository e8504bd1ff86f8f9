import { type Analysis, analyse } from '../../analysis/cost.ts';
import { depthOf } from '../../analysis/layer-depth.ts';
import type { ConvertedFile } from '../../library/convert-file.ts';
import { decimal, exact } from '../kit/number.ts';
import { type ColumnOf, makeTable } from '../kit/table.ts';
import { renderTable, type Screen } from '../kit/terminal.ts';

interface Row {
  readonly name: string;
  readonly before: Analysis;
  readonly after: Analysis;
}

const ratio = (a: bigint, b: bigint): string => (a === 0n ? '–' : decimal(b, a, 3));

const COLUMNS: readonly ColumnOf<Row>[] = [
  { header: 'model', align: 'left', drop: 0, cell: ({ name }) => name },
  { header: 'depth before', align: 'right', drop: 3, cell: ({ before }) => String(depthOf(before.graph)) },
  { header: 'after', align: 'right', drop: 3, cell: ({ after }) => String(depthOf(after.graph)) },
  { header: 'MACs before', align: 'right', drop: 0, cell: ({ before }) => exact(before.totals.macs) },
  { header: 'after', align: 'right', drop: 0, cell: ({ after }) => exact(after.totals.macs) },
  { header: 'ratio', align: 'right', drop: 1, cell: ({ before, after }) => ratio(before.totals.macs, after.totals.macs) },
  { header: 'parameters before', align: 'right', drop: 2, cell: ({ before }) => exact(before.totals.parameters) },
  { header: 'after', align: 'right', drop: 2, cell: ({ after }) => exact(after.totals.parameters) },
  { header: 'ratio', align: 'right', drop: 2, cell: ({ before, after }) => ratio(before.totals.parameters, after.totals.parameters) },
];

/** What was done, what was not and why, and what it costs before and after. */
export function conversionText({ file, converted, left, models }: ConvertedFile, screen: Screen): string {
  const rows = models.map(({ name, before, after }) => ({ name, before: analyse(before), after: analyse(after) }));
  return [
    ...[...converted, ...left].sort((a, b) => a.line - b.line).map(({ line, what }) => `${file}:${line}  ${what}`),
    ...(rows.length === 0 ? [] : ['', renderTable(makeTable(COLUMNS, rows), screen)]),
  ].join('\n');
}
