import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeCachePath, loadCompiled } from '../src/cli/code-cache.ts';
import { type ReadyFile, readyPath, zoo } from '../src/node/disk.ts';
import type { SpecFolder } from '../src/spec/folder.ts';
import { readSpec } from '../src/spec/model.ts';
import { parseSource } from '../src/spec/source.ts';

/** Does what can be done once, when flopwise is built, so that it need not be done at each run. */

/** Parses and checks the zoo, as it is on disk. */
function readZoo(): void {
  const folder: SpecFolder = { ...zoo, ready: () => undefined };
  for (const path of zoo.list()) {
    readSpec({ folder, path }, folder);
    const text = zoo.read(path);
    const file: ReadyFile = { text, value: parseSource(path, text).source.value };
    mkdirSync(dirname(readyPath(path)), { recursive: true });
    writeFileSync(readyPath(path), JSON.stringify(file));
  }
}

/** Compiles the command line: all functions that the most common command calls, so it is run once. */
async function compileCommandLine(): Promise<void> {
  const file = fileURLToPath(new URL('../cli/start.cjs', import.meta.url));
  const { exports, script } = loadCompiled<typeof import('../src/cli/start.ts')>(file, undefined);
  await exports.start(['resnet50'], { stdout: () => undefined });
  writeFileSync(codeCachePath(file), script.createCachedData());
}

readZoo();
await compileCommandLine();
