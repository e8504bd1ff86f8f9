import { type ModelRow, modelColumns } from '../cost/model-columns.ts';
import { renderCsv } from '../kit/csv.ts';
import { toJson } from '../kit/json-text.ts';
import { renderMarkdown } from '../kit/markdown.ts';
import { type NumberOptions, numberFormat } from '../kit/number.ts';
import { type ColumnOf, makeTable, type Table } from '../kit/table.ts';
import { renderTable, type Screen } from '../kit/terminal.ts';

/** A model of the zoo, counted. */
export interface ListedModel extends ModelRow {
  readonly family: string;
}

const FAMILY: ColumnOf<ListedModel> = { header: 'family', align: 'left', drop: 2, cell: ({ family }) => family };

const zooTable = (models: readonly ListedModel[], options: NumberOptions): Table =>
  makeTable(modelColumns(FAMILY, numberFormat(options)), models);

export const zooText = (models: readonly ListedModel[], options: NumberOptions, screen: Screen): string =>
  renderTable(zooTable(models, options), screen);

export const zooMarkdown = (models: readonly ListedModel[], options: NumberOptions): string => renderMarkdown(zooTable(models, options));

/** Whole integers, a row for each model. */
export function zooCsv(models: readonly ListedModel[]): string {
  const { columns, rows } = makeTable(modelColumns(FAMILY, String), models);
  return renderCsv(
    columns.map(({ header }) => header.toLowerCase()),
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
