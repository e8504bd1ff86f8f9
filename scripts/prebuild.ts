import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ReadyFile, readyPath, zoo } from '../src/node/disk.ts';
import { writeCounts } from '../src/node/zoo-counts.ts';
import { listZoo } from '../src/service/zoo.ts';
import type { SpecFolder } from '../src/spec/folder.ts';
import { readSpec } from '../src/spec/model.ts';
import { parseSource } from '../src/spec/source.ts';

/** Parses, checks and counts the zoo once, when flopwise is built, so that a run need not do it. */

const folder: SpecFolder = { ...zoo, ready: () => undefined };
for (const path of zoo.list()) {
  readSpec({ folder, path }, folder);
  const text = zoo.read(path);
  const file: ReadyFile = { text, value: parseSource(path, text).source.value };
  mkdirSync(dirname(readyPath(path)), { recursive: true });
  writeFileSync(readyPath(path), JSON.stringify(file));
}

writeCounts(zoo, listZoo(zoo), new URL('../cli/zoo.json', import.meta.url));
