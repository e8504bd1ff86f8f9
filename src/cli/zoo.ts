import { zooModels } from '../library/reference.ts';
import { readCounts } from '../node/zoo-counts.ts';
import { listZoo } from '../service/zoo.ts';
import type { SpecFolder } from '../spec/folder.ts';

/** Beside the bundle of the command line, so that no other build's counts are taken for this one's. Sources have none. */
const COUNTS = new URL('./zoo.json', import.meta.url);

/** The models of the zoo with their counts: all, or those of a text. */
export const listedZoo = (zoo: SpecFolder, text?: string): ReturnType<typeof listZoo> => listZoo(zoo, text, readCounts(zoo, COUNTS));

/** What models of the zoo can be called: each, and each family. */
export const zooNames = (zoo: SpecFolder): string[] => [
  ...new Set((readCounts(zoo, COUNTS) ?? zooModels(zoo)).flatMap(({ name, family }) => [name, family])),
];
