import type { Cost } from '../analysis/cost.ts';
import { formatShape, type Shape } from '../core/shape.ts';
import { type NumberOptions, numberFormat } from './cost-table.ts';
import { renderCsv } from './csv.ts';
import { toJson } from './json-text.ts';
import { renderMarkdown } from './markdown.ts';
import type { NumberFormat } from './number.ts';
import { type ColumnOf, makeTable, type Table } from './table.ts';
import { renderTable, type Screen } from './terminal.ts';

/** A model of the zoo, counted. */
export interface ListedModel extends Cost {
  readonly name: string;
  readonly family: string;
  readonly input: readonly Shape[];
}

const columns = (number: NumberFormat): ColumnOf<ListedModel>[] => [
  { header: 'model', align: 'left', drop: 0, cell: (row) => row.name },
  { header: 'family', align: 'left', drop: 2, cell: (row) => row.family },
  { header: 'input', align: 'left', drop: 3, cell: (row) => row.input.map(formatShape).join(', ') },
  { header: 'parameters', align: 'right', drop: 0, cell: (row) => number(row.parameters) },
  { header: 'MACs', align: 'right', drop: 0, cell: (row) => number(row.macs) },
  { header: 'FLOPs', align: 'right', drop: 1, cell: (row) => number(row.flops) },
  { header: 'activations', align: 'right', drop: 4, cell: (row) => number(row.activations) },
];

const zooTable = (models: readonly ListedModel[], options: NumberOptions): Table => makeTable(columns(numberFormat(options)), models);

export const zooText = (models: readonly ListedModel[], options: NumberOptions, screen: Screen): string =>
  renderTable(zooTable(models, options), screen);

export const zooMarkdown = (models: readonly ListedModel[], options: NumberOptions): string => renderMarkdown(zooTable(models, options));

/** Whole integers, a row for each model. */
export function zooCsv(models: readonly ListedModel[]): string {
  const { columns: shown, rows } = makeTable(columns(String), models);
  return renderCsv(
    shown.map(({ header }) => header.toLowerCase()),
    rows,
  );
}

export const zooJson = (models: readonly ListedModel[]): string =>
  toJson(
    models.map(({ name, family, input, parameters, macs, flops, activations }) => ({
      name,
      family,
      input,
      parameters,
      macs,
      flops,
      activations,
    })),
  );
