import { withoutControls } from '../../problems/text.ts';
import { byName, byType, type NameGroup, total } from '../../weights/name-tree.ts';
import type { WeightFile } from '../../weights/weight-file.ts';
import { toJson } from '../kit/json-text.ts';
import { renderMarkdown } from '../kit/markdown.ts';
import { exact } from '../kit/number.ts';
import { type ColumnOf, makeTable, type Table } from '../kit/table.ts';
import { renderTable, type Screen } from '../kit/terminal.ts';

export interface WeightOptions {
  /** So many steps of a name make a row. */
  readonly depth?: number;
}

const DEPTH = 2;

const COLUMNS: readonly ColumnOf<NameGroup>[] = [
  { header: 'name', align: 'left', drop: 0, cell: ({ name }) => withoutControls(name) },
  { header: 'type', align: 'left', drop: 1, cell: ({ tensors }) => [...new Set(tensors.map(({ type }) => type))].join(', ') },
  { header: 'tensors', align: 'right', drop: 2, cell: ({ tensors }) => exact(BigInt(tensors.length)) },
  { header: 'parameters', align: 'right', drop: 0, cell: ({ elements }) => exact(elements) },
  { header: 'bytes', align: 'right', drop: 0, cell: ({ bytes }) => exact(bytes) },
];

/** Rows by name, the types and the total below. */
export const weightsTable = ({ tensors }: WeightFile, { depth = DEPTH }: WeightOptions): Table =>
  makeTable(
    COLUMNS,
    byName(tensors, depth),
    [...byType(tensors), total(tensors)].map((group) => COLUMNS.map((column) => column.cell(group))),
  );

export const weightsText = (file: WeightFile, options: WeightOptions, screen: Screen): string =>
  `${screen.bold(withoutControls(file.file))}\n\n${renderTable(weightsTable(file, options), screen)}`;

export const weightsMarkdown = (file: WeightFile, options: WeightOptions): string => renderMarkdown(weightsTable(file, options));

const fields = ({ name, tensors, elements, bytes }: NameGroup) => ({ name, tensors: tensors.length, parameters: elements, bytes });

export function weightsJson({ file, tensors }: WeightFile, { depth = DEPTH }: WeightOptions): string {
  const { elements, bytes } = total(tensors);
  return toJson({
    file,
    totals: { tensors: tensors.length, parameters: elements, bytes },
    types: byType(tensors).map(fields),
    groups: byName(tensors, depth).map(fields),
    tensors: tensors.map((tensor) => ({
      name: tensor.name,
      type: tensor.type,
      shape: tensor.shape,
      parameters: tensor.elements,
      bytes: tensor.bytes,
    })),
  });
}
