import { groupsOf, macsOf, type TrainingGroup, wholeOf } from '../../analysis/training/groups.ts';
import type { Training } from '../../analysis/training/step.ts';
import { byteFormat, numberFormat, percent } from '../kit/number.ts';
import { type ColumnOf, makeTable, type Table } from '../kit/table.ts';
import type { TrainingReportOptions } from './options.ts';

/** What a step costs, row by row. */
export function trainingTable(training: Training, options: TrainingReportOptions): Table {
  const format = numberFormat(options);
  const number = (count: bigint) => (count === 0n ? '–' : format(count));
  const all = macsOf(training);
  const columns: ColumnOf<TrainingGroup>[] = [
    { header: options.by ?? 'layer', align: 'left', drop: 0, cell: ({ name }) => name },
    { header: 'forward', align: 'right', drop: 0, cell: ({ forward }) => number(forward.macs) },
    { header: 'input gradient', align: 'right', drop: 0, cell: ({ inputGradient }) => number(inputGradient.macs) },
    { header: 'weight gradient', align: 'right', drop: 0, cell: ({ weightGradient }) => number(weightGradient.macs) },
    { header: 'saved bytes', align: 'right', drop: 2, cell: ({ saved }) => (saved === 0n ? '–' : byteFormat(options)(saved)) },
    { header: 'step', align: 'right', drop: 0, cell: (row) => number(macsOf(row)) },
    { header: 'share of step', align: 'right', drop: 1, cell: (row) => (macsOf(row) === 0n ? '–' : percent(macsOf(row), all)) },
  ];
  const total = wholeOf(training);
  return makeTable(columns, groupsOf(training, options.by), [columns.map(({ cell }) => cell(total))]);
}
