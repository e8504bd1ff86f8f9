import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ReadyFile, readyPath, zoo } from '../src/node/disk.ts';
import { parseSource } from '../src/spec/source.ts';

/** Parses the zoo when flopwise is built, so that it need not be parsed at each run. */
for (const path of zoo.list()) {
  const text = zoo.read(path);
  const file: ReadyFile = { text, value: parseSource(path, text).source.value };
  mkdirSync(dirname(readyPath(path)), { recursive: true });
  writeFileSync(readyPath(path), JSON.stringify(file));
}
