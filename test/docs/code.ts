import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { fenced } from '../../scripts/docs/console.ts';

// The code on the pages, written to files with what it imports made absolute, so that it can run.

export const pathOf = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
export const read = (path: string): string => readFileSync(pathOf(path), 'utf8');

export const folder = mkdtempSync(join(tmpdir(), 'flopwise-docs-'));
afterAll(() => rmSync(folder, { recursive: true }));

export const MODULES = {
  flopwise: pathOf('src/index.ts'),
  'flopwise/node': pathOf('src/node.ts'),
  'flopwise/reports': pathOf('src/reports.ts'),
  'zod/mini': pathOf('node_modules/zod/mini/index.js'),
} as const;

/** Where imports lead; paths beside the file to where the page says that it belongs. */
function absolute(code: string): string {
  const home = /^\/\/ (\S+)\/[^/]+\.ts\n/.exec(code)?.[1];
  return code
    .replace(/from '(flopwise|flopwise\/node|flopwise\/reports|zod\/mini)'/g, (_, name: keyof typeof MODULES) => `from '${MODULES[name]}'`)
    .replace(/'(\.\.?\/[^']+)'/g, (_, target: string) => `'${fileURLToPath(new URL(target, new URL(`../../${home}/`, import.meta.url)))}'`);
}

let written = 0;
export function write(code: string): string {
  const path = join(folder, `example${written++}.ts`);
  writeFileSync(path, absolute(code));
  return path;
}

export const codeOn = (page: string): string[] => fenced(read(page), 'ts');

const pages = [
  'README.md',
  ...readdirSync(pathOf('docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
/** All that uses flopwise as a package. */
export const examples = pages.flatMap((page) => codeOn(page).map((code) => ({ page, code }))).filter(({ code }) => !code.startsWith('// '));
