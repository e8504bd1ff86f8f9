import { TASKS, type Task } from '../../spec/task.ts';
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
  /** What it is for. */
  readonly task: Task;
}

const FAMILY: ColumnOf<ListedModel> = { header: 'family', align: 'left', drop: 2, cell: ({ family }) => family };
const TASK: ColumnOf<ListedModel> = { header: 'task', align: 'left', drop: 2, cell: ({ task }) => task };

const zooTable = (models: readonly ListedModel[], options: NumberOptions): Table =>
  makeTable(modelColumns([FAMILY], numberFormat(options)), models);

/** A table for each task that has models. */
const byTask = (models: readonly ListedModel[], options: NumberOptions): [task: string, Table][] =>
  TASKS.map((task): [Task, ListedModel[]] => [task, models.filter((model) => model.task === task)])
    .filter(([, group]) => group.length > 0)
    .map(([task, group]) => [task, zooTable(group, options)]);

export const zooText = (models: readonly ListedModel[], options: NumberOptions, screen: Screen): string =>
  byTask(models, options)
    .map(([task, table]) => `${screen.bold(task)}\n\n${renderTable(table, screen)}`)
    .join('\n\n');

export const zooMarkdown = (models: readonly ListedModel[], options: NumberOptions): string =>
  byTask(models, options)
    .map(([task, table]) => `### ${task}\n\n${renderMarkdown(table)}`)
    .join('\n\n');

/** Whole integers, a row for each model. */
export function zooCsv(models: readonly ListedModel[]): string {
  const { columns, rows } = makeTable(modelColumns([FAMILY, TASK], String), models);
  return renderCsv(
    columns.map(({ header }) => header.toLowerCase()),
    rows,
  );
}

export const zooJson = (models: readonly ListedModel[]): string =>
  toJson(
    models.map(({ name, family, task, input, parameters, macs, flops, activations }) => ({
      name,
      family,
      task,
      input,
      parameters,
      macs,
      flops,
      activations,
    })),
  );
