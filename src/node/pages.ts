import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fail } from '../problems/problem.ts';

/** The pages of the documentation, which come with the package. Sources and builds both lie two folders below it. */

const folder = new URL('../../docs/', import.meta.url);
const ENDING = '.md';
/** Only says which pages there are. */
const CONTENTS = 'README';

export interface Page {
  readonly name: string;
  readonly title: string;
  readonly path: string;
}

const fileOf = (name: string): URL => new URL(`${name}${ENDING}`, folder);

export const pageNames = (): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ENDING))
    .map((name) => name.slice(0, -ENDING.length))
    .filter((name) => name !== CONTENTS)
    .sort();

const titleOf = (text: string): string => /^# (.+)$/m.exec(text)?.[1] ?? '';

export const listPages = (): Page[] =>
  pageNames().map((name) => ({ name, title: titleOf(readFileSync(fileOf(name), 'utf8')), path: fileURLToPath(fileOf(name)) }));

/** The text of a page. Throws a `ProblemError` if there is no such page. */
export function readPage(name: string): string {
  const known = pageNames();
  if (!known.includes(name)) throw fail('UNKNOWN_PAGE', { name, known });
  return readFileSync(fileOf(name), 'utf8');
}
