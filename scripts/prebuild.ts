import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import type { Script } from 'node:vm';
import { codeCachePath, loadCompiled } from '../src/cli/code-cache.ts';
import { SHORT } from '../src/cli/launch.ts';
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

/** A small spec of one's own, with what most have. */
const OWN_SPEC = `
input: [3, 32, 32]
with: { width: 8 }
stages:
  stem: [{ conv: { kernel: 3, out: $width, padding: 1 } }, batchnorm, relu]
  body:
    - residual: [{ conv: { kernel: 3, out: $width, padding: 1 } }, batchnorm]
    - globalavgpool
    - flatten
    - linear: { out: $width }
`;

/** The commands of which all that they call is compiled: counts of a model of the zoo, of one's own spec, and of a file of ONNX. */
const commandsIn = (folder: string): string[][] => {
  const [spec, onnx] = [join(folder, 'own.yaml'), join(folder, 'own.onnx')];
  writeFileSync(spec, OWN_SPEC);
  return [['resnet50'], [spec], ['export', spec, '--output', onnx], [onnx]];
};

/** Compiles the command line by running it. */
async function compileCommandLine(): Promise<void> {
  const own = fileURLToPath(new URL('../cli/', import.meta.url));
  for (const name of readdirSync(own).filter((name) => name.endsWith('.cache'))) rmSync(join(own, name));
  const scripts = new Map<string, Script>();
  const first = join(own, 'start.cjs');
  const { start } = loadCompiled<typeof import('../src/cli/start.ts')>(first, (file, script) => scripts.set(file, script));
  const atStart = [...scripts.keys()];
  const folder = mkdtempSync(join(tmpdir(), 'flopwise-'));
  try {
    for (const argv of commandsIn(folder)) {
      await start(argv, { stdout: () => undefined });
      if (process.exitCode !== 0) throw new Error(`flopwise ${argv.join(' ')} ended with ${process.exitCode}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const write = (files: Iterable<string>) => {
    for (const file of files) writeFileSync(codeCachePath(file), (scripts.get(file) as Script).createCachedData());
  };
  write(atStart);
  // V8 takes code only if its flags are those with which that was made: see `launch`.
  setFlagsFromString(SHORT);
  for (const file of atStart) scripts.delete(file);
  write(scripts.keys());
}

readZoo();
await compileCommandLine();
