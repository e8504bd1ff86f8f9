import { readFileSync, writeFileSync } from 'node:fs';
import { refreshed } from './docs/console.ts';
import { PICTURES, pages, pagesWithOutput } from './docs/pages.ts';
import { commandsOf, pictureOf } from './docs/pictures.ts';

/**
 * Writes the pages that follow from the sources, and what commands print on the others. Bundled and run by
 * "npm run generate", two folders below the package.
 */
const fileOf = (path: string): URL => new URL(`../../${path}`, import.meta.url);

for (const [path, page] of Object.entries(pages)) writeFileSync(fileOf(path), await page());
for (const path of pagesWithOutput) writeFileSync(fileOf(path), await refreshed(readFileSync(fileOf(path), 'utf8')));
for (const [file, argv] of commandsOf(readFileSync(fileOf(PICTURES), 'utf8'))) writeFileSync(fileOf(`docs/${file}`), await pictureOf(argv));
