import { conventions } from '../../analysis/conventions/registry.ts';
import { zooModels } from '../../library/reference.ts';
import { blockFile, blockNames, type SpecFolder } from '../../spec/folder.ts';
import { readSpec } from '../../spec/model.ts';
import type { Catalogue } from './protocol.ts';

/** Whether a block can be counted alone. */
function hasExample(name: string, zoo: SpecFolder): boolean {
  const file = blockFile(zoo, name);
  return file !== undefined && readSpec(file, zoo).blocks.get(name)?.example !== undefined;
}

/** What can be chosen from. */
export const catalogueOf = (zoo: SpecFolder): Catalogue => ({
  models: [
    ...zooModels(zoo).map(({ name, task }) => ({ name, group: task as string })),
    ...blockNames(zoo)
      .filter((name) => hasExample(name, zoo))
      .map((name) => ({ name, group: 'blocks' })),
  ],
  conventions: conventions.map(({ name }) => name),
});
