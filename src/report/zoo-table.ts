import type { Cost } from '../analysis/cost.ts';
import { formatShape, type Shape } from '../core/shape.ts';
import { renderCsv } from './csv.ts';
import { exact, readable } from './number.ts';
import { type ColumnOf, makeTable, type Table } from './table.ts';

/** A model of the zoo, counted. */
export interface ListedModel extends Cost {
  readonly name: string;
  readonly family: string;
  readonly input: readonly Shape[];
}

const columns = (number: (count: bigint) => string): ColumnOf<ListedModel>[] => [
  { header: 'model', align: 'left', drop: 0, cell: (row) => row.name },
  { header: 'family', align: 'left', drop: 2, cell: (row) => row.family },
  { header: 'input', align: 'left', drop: 3, cell: (row) => row.input.map(formatShape).join(', ') },
  { header: 'parameters', align: 'right', drop: 0, cell: (row) => number(row.parameters) },
  { header: 'MACs', align: 'right', drop: 0, cell: (row) => number(row.macs) },
  { header: 'FLOPs', align: 'right', drop: 1, cell: (row) => number(row.flops) },
  { header: 'activations', align: 'right', drop: 4, cell: (row) => number(row.activations) },
];

export const zooTable = (models: readonly ListedModel[], options: { readonly exact: boolean }): Table =>
  makeTable(columns(options.exact ? exact : readable), models);

/** Whole integers, a row for each model. */
export const zooCsv = (models: readonly ListedModel[]): string => {
  const table = makeTable(columns(String), models);
  return renderCsv(
    table.columns.map(({ header }) => header.toLowerCase()),
    table.rows,
  );
};

export const zooJson = (models: readonly ListedModel[]): unknown =>
  models.map(({ name, family, input, parameters, macs, flops, activations }) => ({
    name,
    family,
    input,
    parameters,
    macs,
    flops,
    activations,
  }));
