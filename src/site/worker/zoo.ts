import { fail } from '../../problems/problem.ts';
import type { SpecFolder } from '../../spec/folder.ts';

const ROOT = '../../../specs/';

/** The texts of the zoo, which come with the page. */
const texts: ReadonlyMap<string, string> = new Map(
  Object.entries(import.meta.glob<string>('../../../specs/**/*.yaml', { query: '?raw', import: 'default', eager: true })).map(
    ([path, text]) => [path.slice(ROOT.length), text],
  ),
);

export const zoo: SpecFolder = {
  prefix: 'specs/',
  list: () => [...texts.keys()],
  read(path) {
    const text = texts.get(path);
    if (text === undefined) throw fail('FILE_NOT_FOUND', { path: `specs/${path}` });
    return text;
  },
};
