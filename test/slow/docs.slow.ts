import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { zooPage } from '../../scripts/docs/zoo.ts';
import { codeOn, examples, folder, MODULES, pathOf, write } from '../docs/code.ts';

describe('code on the pages', () => {
  it('type-checks, that of the new operator too', () => {
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

describe('"npm run generate" makes pages fresh:', () => {
  it('docs/zoo.md', () => expect(zooPage()).toBe(readFileSync(pathOf('docs/zoo.md'), 'utf8')));
});
