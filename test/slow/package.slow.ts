import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pkg from '../../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'flopwise-package-'));
const installed = join(folder, 'node_modules/flopwise');

const run = (command: string, ...args: string[]): string =>
  execFileSync(command, args, { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' });

const SPEC = 'name: tiny\\ninput: [3, 8, 8]\\nlayers:\\n  - conv: { kernel: 3, out: 4, bias: false }\\n';
const MACS = 3n * 3n * 3n * 6n * 6n * 4n;

/** The package as `npm pack` makes it, installed in an empty folder. */
beforeAll(() => {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
  execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: root });
  run('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel', 'error', `./${pkg.name}-${pkg.version}.tgz`);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the package', () => {
  it('holds what a user needs, and nothing of the development', () => {
    const optional = ['CHANGELOG.md', 'README.md'];
    expect(readdirSync(installed).filter((name) => !optional.includes(name))).toEqual([
      'LICENSE',
      'bin',
      'dist',
      'docs',
      'man',
      'package.json',
      'specs',
    ]);
  });

  it('brings the licenses of the packages that are bundled', () => {
    const text = readFileSync(join(installed, 'dist/THIRD-PARTY-LICENSES'), 'utf8');
    const named = [...text.matchAll(/^(\S+) \d+\.\d+\.\d+ \((.*)\)$/gm)].map(([, name]) => name);
    expect(named).toEqual(expect.arrayContaining(['chalk', 'cli-table3', 'commander', 'string-width', 'yaml', 'zod']));
    expect(text.match(/permission/gi)?.length).toBeGreaterThanOrEqual(named.length);
  });

  it('brings two dependencies and no more', () => {
    expect(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['flopwise', 'yaml', 'zod']);
  });

  it('brings the documentation, which it prints, and its manual page', () => {
    expect(pkg.man).toBe('man/flopwise.1');
    expect(readFileSync(join(installed, pkg.man), 'utf8')).toContain('.TH FLOPWISE 1');
    expect(run('npx', 'flopwise', 'docs', 'spec')).toMatch(/^# The spec language\n/);
  });

  it('runs from a folder of its own', () => {
    expect(run('npx', 'flopwise', '--version')).toBe(`${pkg.version}\n`);
    const { totals } = JSON.parse(run('npx', 'flopwise', 'resnet50', '--format', 'json'));
    expect(totals).toMatchObject({ parameters: 25_557_032, macs: 4_089_184_256 });
  });

  it('makes the texts of the commands', () => {
    const program = `
      import { analyse, openModel, parseReference } from 'flopwise';
      import { diskLibrary } from 'flopwise/node';
      import { costCsv } from 'flopwise/reports';
      console.log(costCsv([analyse(openModel(parseReference('resnet18'), diskLibrary))], { by: 'stage' }).includes('2099712'));`;
    expect(run('node', '--input-type=module', '--eval', program)).toBe('true\n');
  });

  it('is a library on Node', () => {
    const program = `
      import { analyse, expandSpec, parseSpec } from 'flopwise';
      import { zoo } from 'flopwise/node';
      console.log(String(analyse(expandSpec(parseSpec('${SPEC}'))).totals.macs), zoo.list().includes('resnet.yaml'));`;
    expect(run('node', '--input-type=module', '--eval', program)).toBe(`${MACS} true\n`);
  });

  it('is a library in a browser', async () => {
    writeFileSync(
      join(folder, 'browser.js'),
      `import { analyse, expandSpec, parseSpec } from 'flopwise'; export const macs = analyse(expandSpec(parseSpec('${SPEC}'))).totals.macs;`,
    );
    const bundle = await rolldown({ cwd: folder, input: 'browser.js', platform: 'browser' });
    const { output } = await bundle.generate({ format: 'iife', name: 'page' });
    expect(output).toHaveLength(1);
    expect(output[0].imports).toEqual([]);
    // A context of its own has the language and nothing of Node; of what browsers have beside it, texts of bytes are decoded.
    expect(runInContext(`${output[0].code}; page.macs`, createContext({ TextDecoder }))).toBe(MACS);
  });

  it.each([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])('has types for module %s, resolution %s', (module, moduleResolution) => {
    writeFileSync(
      join(folder, 'typed.ts'),
      `import { type Analysis, analyse, expandSpec, FlopwiseError, parseSpec } from 'flopwise';
       import { diskFile } from 'flopwise/node';
       const analysis: Analysis = analyse(expandSpec(parseSpec('')));
       export const macs: bigint = analysis.totals.macs;
       export const path: string = diskFile('my.yaml').path;
       export const isOurs = (error: unknown): boolean => error instanceof FlopwiseError;
       // @ts-expect-error: declarations that were not found would let it pass
       export const wrong: string = analysis.totals.macs;`,
    );
    const options = { module, moduleResolution, target: 'es2023', strict: true, noEmit: true, types: [] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['typed.ts'] }));
    expect(run(process.execPath, resolve(root, 'node_modules/typescript/bin/tsc'))).toBe('');
  });
});
