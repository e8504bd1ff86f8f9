import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'node:util';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { fenced } from '../../scripts/docs/console.ts';
import { operators } from '../../src/operators/registry.ts';

// The code on the pages is written to files, with what it imports made absolute, and run; what it prints stands beside it.

const pathOf = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const read = (path: string): string => readFileSync(pathOf(path), 'utf8');

const folder = mkdtempSync(join(tmpdir(), 'flopwise-docs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const MODULES = {
  flopwise: pathOf('src/index.ts'),
  'flopwise/node': pathOf('src/node.ts'),
  'zod/mini': pathOf('node_modules/zod/mini/index.js'),
} as const;

/** A minute, since a compiler on a busy machine takes its time. */
const SLOW = 60_000;

/** Where imports lead; paths beside the file to where the page says that it belongs. */
function absolute(code: string): string {
  const home = /^\/\/ (\S+)\/[^/]+\.ts\n/.exec(code)?.[1];
  return code
    .replace(/from '(flopwise|flopwise\/node|zod\/mini)'/g, (_, name: keyof typeof MODULES) => `from '${MODULES[name]}'`)
    .replace(/'(\.\.?\/[^']+)'/g, (_, target: string) => `'${fileURLToPath(new URL(target, new URL(`../../${home}/`, import.meta.url)))}'`);
}

let written = 0;
function write(code: string): string {
  const path = join(folder, `example${written++}.ts`);
  writeFileSync(path, absolute(code));
  return path;
}

const codeOn = (page: string): string[] => fenced(read(page), 'ts');

describe('code that uses flopwise', () => {
  const pages = [
    'README.md',
    ...readdirSync(pathOf('docs'))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  ];
  const examples = pages.flatMap((page) => codeOn(page).map((code) => ({ page, code }))).filter(({ code }) => !code.startsWith('// '));

  it('stands on the README', () => expect(examples.filter(({ page }) => page === 'README.md')).toHaveLength(2));

  it.each(examples)('$page: $code', async ({ code }) => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    await import(write(code));
    const printed = log.mock.calls.map((values) => format(...values));
    log.mockRestore();
    // After a statement that prints one line, or below one that prints several.
    expect(printed).toEqual([...code.matchAll(/^(?:console\.log.*?; )?\/\/ (.*)$/gm)].map(([, line]) => line));
  });

  it('type-checks, as the code of the new operator does', { timeout: SLOW }, () => {
    const [operatorCode = ''] = codeOn('docs/adding-an-operator.md');
    const compilerOptions = {
      typeRoots: [pathOf('node_modules/@types')],
      rewriteRelativeImportExtensions: false,
      // What the bare name resolves to for the sources too; by its path, TypeScript finds other types.
      paths: { [MODULES['zod/mini']]: [pathOf('node_modules/zod/mini/index.d.cts')] },
    };
    const files = [...examples.map(({ code }) => code), operatorCode].map(write);
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: pathOf('tsconfig.json'), compilerOptions, files }));
    const { stdout } = spawnSync(process.execPath, [pathOf('node_modules/typescript/bin/tsc'), '--project', folder], { encoding: 'utf8' });
    expect(stdout).toBe('');
  });
});

// The operator that docs/adding-an-operator.md adds joins the registry here, as its line there would have it.
const [operatorCode = '', testCode = ''] = codeOn('docs/adding-an-operator.md');
const { scalenorm } = await import(write(operatorCode));
Object.assign(operators, { scalenorm });
afterAll(() => Reflect.deleteProperty(operators, 'scalenorm'));

describe('docs/adding-an-operator.md', () => {
  it('adds an operator that is not there yet', () => {
    expect(Object.keys(operators)).toContain('scalenorm');
    expect(read('src/operators/registry.ts')).not.toContain('scalenorm');
  });

  it('makes it a layer of specs', async () => {
    // The grammar of specs is made of the operators that are there when it is loaded.
    vi.resetModules();
    onTestFinished(() => {
      vi.resetModules();
    });
    Object.assign((await import('../../src/operators/registry.ts')).operators, { scalenorm });
    const { expandSpec, parseSpec } = await import('../../src/spec/model.ts');
    const { analyse } = await import('../../src/analysis/cost.ts');
    const [spec = ''] = fenced(read('docs/adding-an-operator.md'), 'yaml');
    const { rows } = analyse(expandSpec(parseSpec(spec)));
    expect(rows.map(({ operator, parameters }) => [operator, parameters])).toEqual([
      ['scalenorm', 1n],
      ['linear', 768n * 769n],
    ]);
  });
});

// Its own test runs as written.
await import(write(testCode));
