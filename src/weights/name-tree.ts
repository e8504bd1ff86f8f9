import type { StoredTensor } from './weight-file.ts';

/** Tensors under one name: `model.layers` has all those of `model.layers.0.mlp.weight` and its like. */
export interface NameGroup {
  readonly name: string;
  readonly tensors: readonly StoredTensor[];
  readonly elements: bigint;
  readonly bytes: bigint;
}

const sumOf = (name: string, tensors: readonly StoredTensor[]): NameGroup => ({
  name,
  tensors,
  elements: tensors.reduce((sum, { elements }) => sum + elements, 0n),
  bytes: tensors.reduce((sum, { bytes }) => sum + bytes, 0n),
});

function grouped(tensors: readonly StoredTensor[], keyOf: (tensor: StoredTensor) => string): NameGroup[] {
  const groups = new Map<string, StoredTensor[]>();
  for (const tensor of tensors) {
    const key = keyOf(tensor);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [tensor]);
    else group.push(tensor);
  }
  return [...groups].map(([name, group]) => sumOf(name, group));
}

/** Tensors by the first steps of their names, in the order of the file. */
export const byName = (tensors: readonly StoredTensor[], depth: number): NameGroup[] =>
  grouped(tensors, ({ name }) => name.split('.').slice(0, depth).join('.'));

/** Tensors by type, the one with most bytes first. */
export const byType = (tensors: readonly StoredTensor[]): NameGroup[] =>
  grouped(tensors, ({ type }) => type).toSorted((a, b) => Number(b.bytes - a.bytes));

export const total = (tensors: readonly StoredTensor[]): NameGroup => sumOf('total', tensors);
