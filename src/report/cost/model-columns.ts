import type { Cost } from '../../analysis/cost.ts';
import type { Shape } from '../../core/shape.ts';
import type { NumberFormat } from '../kit/number.ts';
import { formatShapes } from '../kit/shapes.ts';
import type { ColumnOf } from '../kit/table.ts';

/** A whole model in a row of a table. */
export interface ModelRow extends Pick<Cost, 'parameters' | 'macs' | 'flops' | 'activations'> {
  readonly name: string;
  readonly input: readonly Shape[];
}

/** The columns of a table of models, with more that its rows have. */
export const modelColumns = <R extends ModelRow>(others: readonly ColumnOf<R>[], number: NumberFormat): ColumnOf<R>[] => [
  { header: 'model', align: 'left', drop: 0, cell: (row) => row.name },
  ...others,
  { header: 'input', align: 'left', drop: 3, cell: (row) => formatShapes(row.input) },
  { header: 'parameters', align: 'right', drop: 0, cell: (row) => number(row.parameters) },
  { header: 'MACs', align: 'right', drop: 0, cell: (row) => number(row.macs) },
  { header: 'FLOPs', align: 'right', drop: 1, cell: (row) => number(row.flops) },
  { header: 'activations', align: 'right', drop: 4, cell: (row) => number(row.activations) },
];
