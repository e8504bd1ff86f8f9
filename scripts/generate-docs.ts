import { writeFileSync } from 'node:fs';
import { pages } from './docs/pages.ts';

/** Writes the pages that follow from the sources. Bundled and run by "npm run generate", two folders below the package. */
for (const [path, page] of Object.entries(pages)) writeFileSync(new URL(`../../${path}`, import.meta.url), page());
