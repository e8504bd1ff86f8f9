import { writeFileSync } from 'node:fs';
import { type ReadyFiles, readyFilesPath, zoo } from '../src/node/disk.ts';
import { parseSource } from '../src/spec/source.ts';

/** Parses the zoo when flopwise is built, so that it need not be parsed at each run. */
const files: ReadyFiles = Object.fromEntries(
  zoo.list().map((path) => {
    const text = zoo.read(path);
    return [path, { text, value: parseSource(path, text).source.value }];
  }),
);
writeFileSync(readyFilesPath(), JSON.stringify(files));
